"""Joint identification: several persons sought in one pedigree, several candidates at once.

What is clear is settled first and helps with the rest; what is left is weighed as a whole, one
person in one place. A result is a lead for people to look at, never a decision.

>>> from reunion.kinship.frequencies import Frequencies
>>> from reunion.kinship.likelihood import MarkerModel
>>> from reunion.kinship.pedigree import trio
>>> f = Frequencies("M", ("8", "9"), (0.1, 0.9)).prepared(rule="as_given")
>>> father = {"father": {"M": ("8", "8")}}
>>> group = SoughtGroup("F1", trio(), ("child",), father)
>>> found = identify(group, [Candidate.alone("S1", {"M": ("8", "9")})], [MarkerModel(f)])
>>> [(pair.candidate, pair.sought, round(10**pair.log10_lr, 6)) for pair in found.pairs]
[('S1', 'child', 5.0)]
>>> round(found.pairs[0].posteriors[Reading.GLOBAL], 6)
0.833333
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from reunion.kinship.errors import BadSetting, TooManyAssignments
from reunion.kinship.identification.answer import (
    Assignment,
    Identification,
    IdentifySettings,
    Pair,
    Reading,
    Standing,
)
from reunion.kinship.identification.assignments import (
    FloatArray,
    IntArray,
    Place,
    components,
    count,
    listed,
)
from reunion.kinship.identification.board import Board
from reunion.kinship.identification.evidence import JointEvidence
from reunion.kinship.identification.sought import Candidate, SoughtGroup
from reunion.kinship.identification.structure import NOBODY
from reunion.kinship.identification.symmetry import Forms, Weighed, combined, without_names
from reunion.kinship.likelihood import MarkerModel

__all__ = [
    "Assignment",
    "Candidate",
    "Identification",
    "IdentifySettings",
    "Pair",
    "Reading",
    "SoughtGroup",
    "Standing",
    "identify",
]


def identify(
    group: SoughtGroup,
    candidates: Sequence[Candidate],
    models: Iterable[MarkerModel],
    settings: IdentifySettings | None = None,
) -> Identification:
    """Weigh all ways in which candidates are the sought persons of a family.

    Args:
        group: the family.
        candidates: who may be one of them, each at most one; the others are unrelated.
        models: the markers, all at one theta; loci that a person lacks count as not typed.
        settings: limits, prior and bounds.

    Raises:
        TooManyAssignments: more than the settings allow; says what would make them fewer.
        TooExpensive: the likelihoods would take too long.
        Contradiction: the relatives contradict their own pedigree.
        ImpossibleMerge: a candidate's relatives do not fit those of the family.

    Source:
        Order of work and posteriors: dna.md 3.9; P(assignment | data) is proportional to the prior
        times the joint likelihood of the pedigree with all assigned genotypes.
    """
    settings = settings or IdentifySettings()
    evidence = JointEvidence(group, candidates, models, work=settings.work)
    board = Board(evidence, _log10_odds(group, candidates, settings))
    board.settle(settings.least_log10_lr, settings.undisputed_log10_lr)
    parts = components(board.places(), evidence.blocks(board.fixed))
    rows_of = [_rows(part, board, settings) for part in parts]
    shares = np.zeros(board.other_sex.shape)
    for (candidate, column), probability in board.settled.items():
        shares[candidate, column] = probability
    column_of = {slot: at for at, slots in enumerate(board.classes) for slot in slots}
    answers, forms = [], Forms(group)
    for part, rows in zip(parts, rows_of, strict=True):
        posteriors = _posteriors(rows, part, board)
        answers.append(without_names(rows, posteriors, forms, settings.top))
        for place in part:
            for slot in place.slots:
                taken = rows[:, slot]
                here = taken != NOBODY
                np.add.at(shares, (taken[here], column_of[slot]), posteriors[here])
    best = combined(answers, settings.top) or [Weighed(board.fixed, 1.0)]
    return Identification(
        pairs=tuple(_pairs(evidence, board, shares)),
        assignments=tuple(_assignments(evidence, board, best)),
        weighed=sum(len(rows) for rows in rows_of),
        unlisted=max(0.0, 1.0 - math.fsum(one.probability for one in best)),
    )


def _log10_odds(
    group: SoughtGroup, candidates: Sequence[Candidate], settings: IdentifySettings
) -> FloatArray:
    """Prior odds of each pair, log10: float64 (n_candidates, n_sought)."""
    known = {(c.id, sought) for c in candidates for sought in group.sought}
    for pair in settings.pair_odds:
        if pair not in known:
            raise BadSetting(setting="prior odds", reason=f"{pair[0]} and {pair[1]} are no pair")
    odds = [
        [settings.odds * settings.pair_odds.get((c.id, sought), 1.0) for sought in group.sought]
        for c in candidates
    ]
    return np.log10(np.array(odds, dtype=np.float64).reshape(len(candidates), len(group.sought)))


def _rows(part: list[Place], board: Board, settings: IdentifySettings) -> IntArray:
    """The assignments of a component, or TooManyAssignments."""
    counted = count(part)
    rows = None
    if counted is None or counted[0] <= settings.most_assignments:
        rows = listed(part, len(board.fixed), settings.most_assignments)
    if rows is not None:
        return rows
    limit = board.limit_for(part, settings.most_assignments)
    advice = "type more relatives of theirs, or name fewer candidates"
    if limit is not None:
        advice = f"leave out pairs with a log10 LR below {limit:.1f}; {advice}"
    raise TooManyAssignments(
        candidates=len({c for place in part for c in place.allowed}),
        sought=sum(len(place.slots) for place in part),
        count="countless" if counted is None else f"{counted[0]:.3g}",
        limit=settings.most_assignments,
        advice=advice,
        least_log10_lr=limit,
    )


def _posteriors(rows: IntArray, part: list[Place], board: Board) -> FloatArray:
    """P(assignment, all its ways | data): float64 (n_rows,)."""
    weights = board.given_settled(rows)
    for place in part:
        filled = np.count_nonzero(rows[:, place.slots] != NOBODY, axis=1)
        ways = [math.log10(place.ways(n)) for n in range(len(place.slots) + 1)]
        weights += np.array(ways)[filled]
    chances = 10.0 ** (weights - weights.max())
    return np.asarray(chances / chances.sum(), dtype=np.float64)


def _pairs(evidence: JointEvidence, board: Board, shares: FloatArray) -> Iterator[Pair]:
    """All pairs; `shares` is P(the candidate is one of the column's persons)."""
    group = evidence.group
    weights = np.full(board.log10_odds.shape, -np.inf)
    for at, slots in enumerate(board.classes):
        for slot in slots:
            weights[:, slot] = board.first_lr[:, at] + board.log10_odds[:, slot]
    weights[np.isnan(weights)] = -np.inf
    readings = {
        Reading.ONE_TO_ONE: _share(weights, weights),
        Reading.CANDIDATE_DRIVEN: _share(weights, _log10_sum(weights, axis=1)),
        Reading.FAMILY_DRIVEN: _share(weights, _log10_sum(weights, axis=0)),
    }
    for c, candidate in enumerate(evidence.candidates):
        for slot, sought in enumerate(group.sought):
            at = next(i for i, slots in enumerate(board.classes) if slot in slots)
            if board.other_sex[c, at]:
                standing = Standing.OTHER_SEX
            elif (c, at) in board.settled:
                standing = Standing.UNDISPUTED
            elif board.excluded[c, at]:
                standing = Standing.EXCLUDED
            elif c in board.fixed or not board.free[at]:
                standing = Standing.BEATEN
            else:
                standing = Standing.OPEN
            swaps = board.classes[at]
            posteriors = {name: float(table[c, slot]) for name, table in readings.items()}
            posteriors[Reading.GLOBAL] = float(shares[c, at]) / len(swaps)
            yield Pair(
                candidate=candidate.id,
                sought=sought,
                log10_lr=float(board.first_lr[c, at]),
                standing=standing,
                swaps=tuple(group.sought[other] for other in swaps),
                posteriors=posteriors,
            )


def _share(weights: FloatArray, total: FloatArray) -> FloatArray:
    """10^w / (1 + 10^total)."""
    below = np.logaddexp2(0.0, total * math.log2(10)) / math.log2(10)
    return np.asarray(10.0 ** (weights - below), dtype=np.float64)


def _log10_sum(weights: FloatArray, *, axis: int) -> FloatArray:
    """log10 of the sum of 10^w along an axis, which is kept."""
    summed = np.logaddexp2.reduce(weights * math.log2(10), axis=axis, keepdims=True)
    return np.asarray(summed / math.log2(10), dtype=np.float64)


def _assignments(
    evidence: JointEvidence, board: Board, best: Sequence[Weighed]
) -> Iterator[Assignment]:
    """The best assignments with everybody who is settled in them."""
    rows = board.whole(np.array([one.row for one in best], dtype=np.int64))
    ratios = evidence.log10_lr(rows)
    for row, one, ratio in zip(rows, best, ratios, strict=True):
        pairs = tuple(
            (evidence.candidates[row[slot]].id, evidence.group.sought[slot])
            for slot in np.flatnonzero(row != NOBODY).tolist()
        )
        ways = [
            math.perm(len(slots), int(np.count_nonzero(row[list(slots)] != NOBODY)))
            for slots in board.classes
        ]
        yield Assignment(pairs, float(ratio), one.probability, math.prod(ways) * one.alike)
