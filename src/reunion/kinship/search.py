"""Search: families who look for somebody against everybody who could be that person.

Compiles each family for each population, scans the people, and states for every lead the LR, the
least LR over the populations, the posterior, and the markers that need a mutation to be explained.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Protocol, TypeAlias

import numpy as np

from reunion.kinship.book import CodeArray, CodeBook
from reunion.kinship.compile import Compiler, Family
from reunion.kinship.distribution import LrDistribution, lr_distribution
from reunion.kinship.errors import BadSetting, KinshipError
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.index import BoolArray
from reunion.kinship.scan import Hits, lr_sums, search
from reunion.kinship.scan import Progress as ScanProgress
from reunion.kinship.stack import FamilyTables

DEFAULT_TOP = 20
"""Leads of a family where neither a number nor a threshold is asked for."""

TOGETHER = 512
"""Families that are compiled and scanned together; bounds the memory of their tables."""

FALSE_LEAD_STEP = 0.01
"""Cell of the law that expected false leads are read from: within some 3 % of a fine one."""

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with (stage, done, of how many) for people who wait."""


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Those who could be somebody's sought person.

    Args:
        names: samples, sorted: equal scores are ranked by this order.
        book: code book of the codes.
        codes: uint16 (n, n_loci).

    Raises:
        BadSetting: names and codes do not fit together.
    """

    names: Sequence[str]
    book: CodeBook
    codes: CodeArray

    def __post_init__(self) -> None:
        """Check the codes once, so that no look-up can leave the tables."""
        if len(self.names) != len(self.codes):
            raise BadSetting(setting="people", reason="not as many names as profiles")
        self.book.check(self.codes)


class Scanner(Protocol):
    """Who scans the people, numbered from 0: threads, or a cluster; all give the same bits."""

    def search(
        self,
        tables: Sequence[FamilyTables],
        *,
        threshold: float,
        top: int | None,
        progress: ScanProgress,
    ) -> list[Hits]:
        """What `scan.search` gives for these families."""

    def lr_sums(self, tables: Sequence[FamilyTables], *, progress: ScanProgress) -> FloatArray:
        """What `scan.lr_sums` gives for these families."""


@dataclass(frozen=True, slots=True, eq=False)
class ThreadScanner:
    """Scans in threads of this process.

    Args:
        codes: of the people, uint16 (n, n_loci).
        threads: None: one per processor.
    """

    codes: CodeArray
    threads: int | None = None

    def search(
        self,
        tables: Sequence[FamilyTables],
        *,
        threshold: float,
        top: int | None,
        progress: ScanProgress,
    ) -> list[Hits]:
        """The best people for each family."""
        return search(
            self.codes,
            tables,
            threshold=threshold,
            top=top,
            threads=self.threads,
            progress=progress,
        )

    def lr_sums(self, tables: Sequence[FamilyTables], *, progress: ScanProgress) -> FloatArray:
        """log10 of the sum of LR over all people, for each family."""
        return lr_sums(self.codes, tables, threads=self.threads, progress=progress)


@dataclass(frozen=True, slots=True)
class Settings:
    """What counts as a lead.

    Args:
        min_log10_lr: least log10 LR (least over the populations) of a lead; None: 0.
        top: at most so many leads per family; None: 20 without a threshold, else no limit.
        prior: prior probability that the sought person is among the people searched, shared
            equally by all of them.
        threads: None: one per processor.
    """

    min_log10_lr: float | None = None
    top: int | None = None
    prior: float = 0.5
    threads: int | None = None

    def __post_init__(self) -> None:
        """Refuse a prior that is no probability, and numbers that keep nothing."""
        if not 0 < self.prior < 1:
            raise BadSetting(setting="prior", reason=f"{self.prior} is not between 0 and 1")
        if self.top is not None and self.top < 1:
            raise BadSetting(setting="top", reason="it counts from 1")
        if self.min_log10_lr is not None and math.isnan(self.min_log10_lr):
            raise BadSetting(setting="min-log10-lr", reason="it is not a number")

    @property
    def threshold(self) -> float:
        """The least log10 LR of a lead."""
        return 0.0 if self.min_log10_lr is None else self.min_log10_lr

    @property
    def limit(self) -> int | None:
        """The most leads of one family."""
        return DEFAULT_TOP if self.top is None and self.min_log10_lr is None else self.top


@dataclass(frozen=True, slots=True)
class Lead:
    """A candidate who may be the sought person: a reason to look, never a decision.

    Attributes:
        rank: 1 is the best of the family, by `log10_lr_min_population`, then by sample.
        log10_lr: with the first frequency table.
        log10_lr_min_population: the least over all tables, of the totals.
        markers: typed in the candidate and informative in the family.
        inconsistent_markers: those that only a mutation (or an error) explains.
        posterior: of being the sought person, given the prior and everybody else's LR.
        expected_false_leads: unrelated people, of as many as are searched, who would reach
            `log10_lr` on average if typed at the same markers (first table, exact law).
    """

    family_id: str
    sought_id: str
    sample_id: str
    rank: int
    log10_lr: float
    log10_lr_min_population: float
    markers: int
    inconsistent_markers: tuple[str, ...]
    posterior: float
    expected_false_leads: float


@dataclass(frozen=True, slots=True)
class RefusedSearch:
    """A family that could not be searched for, and why."""

    family_id: str
    error: KinshipError


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Leads in the order of the families, best first; and the families that were refused."""

    leads: tuple[Lead, ...]
    refused: tuple[RefusedSearch, ...]


def find_leads(
    families: Sequence[Family],
    people: People,
    compilers: Sequence[Compiler],
    settings: Settings | None = None,
    *,
    scanner: Scanner | None = None,
    progress: Progress | None = None,
) -> SearchResult:
    """All leads of all families.

    Args:
        families: who searches.
        people: who is searched.
        compilers: one for each population; the first one gives `log10_lr`.
        settings: what counts as a lead.
        scanner: who scans these people; None: threads, as many as the settings say.
        progress: told how far compiling and scanning are.

    Raises:
        BadSetting: no population.

    Source:
        Posterior: P(i) = pi_i LR_i / (pi_0 + sum over j of pi_j LR_j), where pi_0 is the prior that
        the sought person is not among the people; minimum over populations: Ge and Budowle 2012.
    """
    if not compilers:
        raise BadSetting(setting="frequencies", reason="at least one table is needed")
    settings = settings or Settings()
    scanner = scanner or ThreadScanner(people.codes, settings.threads)
    tell = progress or (lambda _stage, _done, _total: None)
    plain = compilers[0].without_mutation()
    leads: list[Lead] = []
    refused: list[RefusedSearch] = []
    for start in range(0, len(families), TOGETHER):
        chunk = families[start : start + TOGETHER]
        ready: list[tuple[Family, FloatArray]] = []
        for at, family in enumerate(chunk, start):
            tell("compile", at, len(families))
            try:
                tables = np.stack([compiler.table(family) for compiler in compilers])
            except KinshipError as error:
                refused.append(RefusedSearch(family.id, error))
            else:
                ready.append((family, tables))
        leads += _scanned(ready, people, compilers[0], plain, settings, scanner, tell)
    tell("compile", len(families), len(families))
    return SearchResult(tuple(leads), tuple(refused))


def _scanned(
    ready: Sequence[tuple[Family, FloatArray]],
    people: People,
    compiler: Compiler,
    plain: Compiler,
    settings: Settings,
    scanner: Scanner,
    tell: Progress,
) -> Iterator[Lead]:
    """The leads of some compiled families."""
    hits = scanner.search(
        [tables for _, tables in ready],
        threshold=settings.threshold,
        top=settings.limit,
        progress=lambda done, total: tell("scan", done, total),
    )
    found = [
        (family, tables, hit) for (family, tables), hit in zip(ready, hits, strict=True) if hit
    ]
    sums = scanner.lr_sums(
        [tables for _, tables, _ in found],
        progress=lambda done, total: tell("weigh", done, total),
    )
    for (family, tables, hit), log10_sum in zip(found, sums.tolist(), strict=True):
        false = _FalseLeads(compiler, family, people, settings.threshold)
        yield from _leads(family, tables, hit, log10_sum, people, plain, settings, false)


def _leads(
    family: Family,
    tables: FloatArray,
    hits: Hits,
    log10_sum: float,
    people: People,
    plain: Compiler,
    settings: Settings,
    false: _FalseLeads,
) -> Iterator[Lead]:
    """The leads of one family, with everything that a reader asks about them."""
    book = people.book
    unexplained = _inconsistent_codes(plain, family)
    informative = np.array([tables[:, place].any() for _, _, place in book.blocks()])
    share = math.log10(settings.prior) - math.log10(len(people.names))
    # log10 of pi_0 + sum of pi_j LR_j.
    evidence = np.logaddexp2(
        math.log2(1 - settings.prior), (share + log10_sum) * math.log2(10)
    ) / math.log2(10)
    for rank, (row, score) in enumerate(
        zip(hits.rows.tolist(), hits.scores.tolist(), strict=True), 1
    ):
        codes = people.codes[row]
        typed = codes != book.offsets[:-1]
        first = 0.0
        for entry in tables[0][codes].tolist():
            first += entry
        yield Lead(
            family_id=family.id,
            sought_id=family.sought,
            sample_id=people.names[row],
            rank=rank,
            log10_lr=first,
            log10_lr_min_population=score,
            markers=int(np.count_nonzero(typed & informative)),
            inconsistent_markers=tuple(
                locus for locus, code in zip(book.loci, codes, strict=True) if unexplained[code]
            ),
            posterior=float(10 ** min(0.0, share + score - evidence)),
            expected_false_leads=false.expected(typed, first),
        )


class _FalseLeads:
    """How many unrelated people would reach a score, by the markers that a candidate has."""

    def __init__(
        self, compiler: Compiler, family: Family, people: People, threshold: float
    ) -> None:
        # No lead lies below the threshold, so the law is not needed there.
        self._floor = threshold - 10 * FALSE_LEAD_STEP
        self._laws = {law.marker: law for law in compiler.laws(family)}
        self._people = people
        self._known: dict[bytes, LrDistribution] = {}

    def expected(self, typed: BoolArray, log10_lr: float) -> float:
        """The number for one candidate; `typed`: (n_loci,)."""
        key = typed.tobytes()
        if key not in self._known:
            loci = compress(self._people.book.loci, typed)
            laws = [self._laws[locus] for locus in loci if locus in self._laws]
            self._known[key] = lr_distribution(laws, step=FALSE_LEAD_STEP, floor=self._floor)
        return self._known[key].expected_false_leads(log10_lr, len(self._people.names))


def _inconsistent_codes(plain: Compiler, family: Family) -> BoolArray:
    """Per code, whether the family can show it only with a mutation; never "not typed".

    Where the relatives contradict one another already, no candidate makes the family consistent.
    """
    marks = np.ones(plain.book.size, dtype=np.bool_)
    for block, (_, _, place) in zip(plain.blocks(family), plain.book.blocks(), strict=True):
        if block is not None:
            marks[place] = np.isneginf(block)
        marks[place.start] = False
    return marks
