"""One person's profile twice: typed again, an identical twin, a mistaken label, contamination.

Which pairs are reported is for `sameness` to say; here they are found among millions. A person
decides what the reason is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from reunion.kinship.book import CodeArray, IntArray
from reunion.kinship.compile import Compiler
from reunion.kinship.errors import TooManyDuplicates, VersionMismatch
from reunion.kinship.quality.blocking import Blocking
from reunion.kinship.quality.sameness import Duplicate, DuplicateRule, Judge
from reunion.kinship.scan import search
from reunion.kinship.search import People

TABLE, BLOCKED = 80_000, 5_000
"""What a table costs, and what blocking costs for each profile, both in comparisons of a scan."""

MOST_UNTYPED = 1
"""Rows that lack more loci of the blocks are compared with everybody, so that they miss nobody."""

MOST_PAIRS = 1_000_000
"""More pairs than this mean a control, or a plate, that is in the file many times."""

TOGETHER = 1_024
"""Rows whose tables are scanned together."""


def find_duplicates(
    people: People,
    compiler: Compiler,
    *,
    first_new: int = 0,
    rule: DuplicateRule | None = None,
    threads: int | None = None,
) -> tuple[Duplicate, ...]:
    """Every two samples that seem to be of one person, at least one of them new.

    A few new profiles are compared with everybody by the scan. Where that would take long, only
    those are compared that agree in two blocks of loci (`Blocking`): nothing that the rule would
    report is missed where both profiles have all loci of the blocks; each such locus that one of
    them lacks makes it certain for one differing locus fewer.

    Args:
        people: everybody.
        compiler: the markers, of the same code book.
        first_new: row of the first new profile; 0: all are compared with one another.
        rule: when a pair is reported.
        threads: None: one per processor.

    Raises:
        TooManyDuplicates: more than a million pairs.
        VersionMismatch: people and compiler are of different code books.
    """
    judge = Judge.of(people, compiler, rule or DuplicateRule(), len(people.names))
    codes = people.codes
    asking = np.arange(first_new, len(codes))
    found: dict[tuple[int, int], Duplicate] = {}
    if blocking := _worthwhile(judge, codes, len(asking)):
        asking = blocking.poor
        for rows, others in blocking.plan.pairs(
            blocking.within,
            first_new=first_new,
            fewest=judge.rule.fewest_shared,
            most=judge.tolerated,
        ):
            _add(found, judge, people, (codes[rows], rows), (codes[others], others))
    for places, others in _scanned(judge, codes[asking], codes, threads):
        rows = asking[places]
        is_wanted = (rows != others) & (np.maximum(rows, others) >= first_new)
        low = np.minimum(rows, others)[is_wanted]
        high = np.maximum(rows, others)[is_wanted]
        _add(found, judge, people, (codes[low], low), (codes[high], high))
    return tuple(found[pair] for pair in sorted(found))


def find_matches(
    known: People,
    people: People,
    compiler: Compiler,
    *,
    rule: DuplicateRule | None = None,
    threads: int | None = None,
) -> tuple[Duplicate, ...]:
    """Samples that seem to be of a known person, such as one of the staff, or of a control.

    Args:
        known: the elimination set; the first sample of each result is of these.
        people: whom to look through.
        compiler: the markers, of the code book of both.
        rule: when a pair is reported; the prior is shared by all known persons.
        threads: None: one per processor.

    Raises:
        TooManyDuplicates: more than a million pairs.
        VersionMismatch: people and compiler are of different code books.
    """
    judge = Judge.of(people, compiler, rule or DuplicateRule(), len(known.names))
    if known.book.version != people.book.version:
        raise VersionMismatch(
            what="the elimination set", found=known.book.version, expected=people.book.version
        )
    found: dict[tuple[int, int], Duplicate] = {}
    for rows, others in _scanned(judge, known.codes, people.codes, threads):
        _add(found, judge, known, (known.codes[rows], rows), (people.codes[others], others), people)
    return tuple(found[pair] for pair in sorted(found))


Side: TypeAlias = tuple[CodeArray, IntArray]
"""Codes (n, n_loci) of one side of n pairs, and their rows."""


def _add(
    found: dict[tuple[int, int], Duplicate],
    judge: Judge,
    people: People,
    side_1: Side,
    side_2: Side,
    others: People | None = None,
) -> None:
    """Note the pairs that are reported, by their rows."""
    others = others or people
    for at, shared, differing, same, against in judge.duplicates(side_1[0], side_2[0]):
        row, other = int(side_1[1][at]), int(side_2[1][at])
        if (row, other) not in found and len(found) >= MOST_PAIRS:
            raise TooManyDuplicates(most=MOST_PAIRS)
        found[row, other] = Duplicate(
            (people.names[row], others.names[other]),
            shared,
            differing,
            same,
            against,
            against >= judge.rule.certain,
        )


def _scanned(
    judge: Judge, asking: CodeArray, codes: CodeArray, threads: int | None
) -> Iterator[tuple[IntArray, IntArray]]:
    """Pairs (row of `asking`, row of `codes`) that may be reported, by comparing all."""
    for start in range(0, len(asking), TOGETHER):
        tables, floors = zip(*map(judge.table, asking[start : start + TOGETHER]), strict=True)
        hits = search(codes, tables, threshold=floors, threads=threads)
        for at, hit in enumerate(hits, start):
            yield np.full(len(hit.rows), at), hit.rows


@dataclass(frozen=True, slots=True, eq=False)
class _Blocked:
    """A way of blocking, genotypes as it wants them, and the rows that lack too many loci."""

    plan: Blocking
    within: CodeArray
    poor: IntArray


def _worthwhile(judge: Judge, codes: CodeArray, asking: int) -> _Blocked | None:
    """Blocking, where it costs less than comparing everybody with so many profiles."""
    scan = asking * (len(codes) + TABLE)
    if scan <= BLOCKED * len(codes):
        return None
    within = judge.within(codes)
    plan = Blocking.of(within, judge.tolerated)
    if plan is None:
        return None
    loci = list(plan.order[: plan.bounds[-1]])
    poor = np.flatnonzero(np.count_nonzero(within[:, loci] == 0, axis=1) > MOST_UNTYPED)
    cost = BLOCKED * len(codes) + len(poor) * (len(codes) + TABLE)
    return _Blocked(plan, within, poor) if cost < scan else None
