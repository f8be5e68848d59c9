"""Candidates against sought persons: the table of LRs, and settling what is undisputed in it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from reunion.kinship.identification.assignments import FloatArray, IntArray, Place, count, swappable
from reunion.kinship.identification.evidence import JointEvidence
from reunion.kinship.identification.structure import NOBODY
from reunion.kinship.pedigree import Sex


class Board:
    """The state of one identification; columns are sought persons, those who can be swapped as one.

    Attributes:
        classes: the sought persons of each column, by position.
        other_sex: bool (n_candidates, n_columns), whether the sexes differ.
        first_lr: float64, log10 LR with nobody assigned; NaN where the sexes differ.
        log10_lr: the same, given what is settled.
        excluded: bool, whether a pair is out.
        fixed: int64 (n_sought,), who is settled, or NOBODY.
        settled: probability of each settled (candidate, column) against its rivals.
        log10_odds: prior odds (n_candidates, n_sought).
    """

    def __init__(self, evidence: JointEvidence, log10_odds: FloatArray) -> None:
        """Compute the table of pairs."""
        self._evidence = evidence
        self.log10_odds = log10_odds
        sought = [evidence.group.pedigree[name].sex for name in evidence.group.sought]
        sexes = [candidate.sex for candidate in evidence.candidates]
        differs = np.array(
            [[{a, b} == {Sex.MALE, Sex.FEMALE} for b in sought] for a in sexes], dtype=np.bool_
        ).reshape(len(sexes), len(sought))
        x_linked = any(model.x_linked for model in evidence.models)

        def alike(one: int, other: int) -> bool:
            columns = (differs, log10_odds)
            same = all((table[:, one] == table[:, other]).all() for table in columns)
            return same and not (x_linked and sought[one] is not sought[other])

        self.classes = swappable(evidence.group, alike)
        first = [slots[0] for slots in self.classes]
        self.other_sex: NDArray[np.bool_] = differs[:, first]
        self.excluded: NDArray[np.bool_] = self.other_sex.copy()
        self.fixed: IntArray = np.full(len(sought), NOBODY, dtype=np.int64)
        self.settled: dict[tuple[int, int], float] = {}
        self.log10_lr = self._weighed()
        self.first_lr = self.log10_lr

    @property
    def free(self) -> list[tuple[int, ...]]:
        """The slots of each column that nobody is settled in."""
        return [tuple(s for s in slots if self.fixed[s] == NOBODY) for slots in self.classes]

    def settle(self, least: float, undisputed: float) -> None:
        """Exclude pairs below `least`, settle the best undisputed pair, and so on (log10 LR)."""
        while True:
            with np.errstate(invalid="ignore"):
                self.excluded = self.excluded | (self.log10_lr < least)
            found = self._undisputed(undisputed)
            if found is None:
                return
            self._fix(*found)
            self.log10_lr = self._weighed()

    def places(self) -> list[Place]:
        """The columns with the candidates who are still open to them."""
        used = set(self.fixed.tolist())
        return [
            Place(
                slots,
                tuple(c for c in np.flatnonzero(~self.excluded[:, at]).tolist() if c not in used),
            )
            for at, slots in enumerate(self.free)
            if slots
        ]

    def whole(self, rows: IntArray) -> IntArray:
        """Rows of the open persons, completed with those who are settled."""
        return np.where(self.fixed == NOBODY, rows, self.fixed)

    def given_settled(self, rows: IntArray) -> FloatArray:
        """log10 LR of rows of the open persons, and their prior odds, given who is settled."""
        ratios = self._evidence.log10_lr(rows, self.fixed)
        odds = np.where(rows == NOBODY, 0.0, self.log10_odds[rows, np.arange(rows.shape[1])])
        return np.asarray(ratios + odds.sum(axis=1), dtype=np.float64)

    def limit_for(self, part: Sequence[Place], most: int) -> float | None:
        """The least log10 LR, in tenths, that leaves at most so many assignments; None: none."""
        column = {slot: at for at, slots in enumerate(self.classes) for slot in slots}
        values = {
            (c, place.slots): float(self.log10_lr[c, column[place.slots[0]]])
            for place in part
            for c in place.allowed
        }
        limits = sorted({math.ceil(10 * value) / 10 + 0.1 for value in values.values()})
        low, high = 0, len(limits)
        while low < high:
            middle = (low + high) // 2
            fewer = [
                Place(
                    place.slots,
                    tuple(c for c in place.allowed if values[c, place.slots] >= limits[middle]),
                )
                for place in part
            ]
            counted = count(fewer)
            if counted is not None and counted[0] <= most:
                high = middle
            else:
                low = middle + 1
        return limits[low] if low < len(limits) else None

    def _weighed(self) -> FloatArray:
        """The table of pairs given who is settled: NaN where a column is full or sexes differ."""
        table = np.full(self.other_sex.shape, np.nan)
        used = set(self.fixed.tolist())
        open_pairs = [
            (c, at)
            for c, at in product(*map(range, table.shape))
            if self.free[at] and c not in used and not self.excluded[c, at]
        ]
        rows = np.full((len(open_pairs), len(self.fixed)), NOBODY, dtype=np.int64)
        for row, (c, at) in zip(rows, open_pairs, strict=True):
            row[self.free[at][0]] = c
        ratios = self._evidence.log10_lr(rows, self.fixed)
        for (c, at), ratio in zip(open_pairs, ratios.tolist(), strict=True):
            table[c, at] = ratio
        return table

    def _undisputed(self, limit: float) -> tuple[int, int, float] | None:
        """The best undisputed pair (candidate, column, probability), if there is one.

        Candidates of one column are no rivals where it has room for all of them, provided that
        they stay above the limit when one of them is settled.
        """
        if limit == math.inf:
            return None
        columns = [slots[0] for slots in self.classes]
        with np.errstate(invalid="ignore"):
            weights = np.where(self.excluded, -np.inf, self.log10_lr + self.log10_odds[:, columns])
        weights[np.isnan(weights)] = -np.inf
        room = np.array([len(slots) for slots in self.free])
        least = np.minimum(weights, np.where(np.isneginf(weights), -np.inf, self.log10_lr))
        for place in np.argsort(-weights, axis=None, kind="stable").tolist():
            c, at = divmod(place, weights.shape[1])
            if weights[c, at] < limit:
                return None
            rivals = weights[c, at] - limit < weights
            elsewhere = rivals[c].sum() > 1
            companions = [other for other in np.flatnonzero(rivals[:, at]).tolist() if other != c]
            if least[c, at] < limit or elsewhere or len(companions) >= room[at]:
                continue
            if companions and not self._stay(c, at, companions, limit):
                continue
            against = 10.0 ** (weights - weights[c, at]) * room
            against[companions, at] = 0
            return (
                c,
                at,
                float(
                    against[c, at]
                    / (
                        against[c].sum()
                        + against[:, at].sum()
                        - against[c, at]
                        + 10.0 ** -weights[c, at]
                    )
                ),
            )
        return None

    def _stay(self, c: int, at: int, companions: Sequence[int], limit: float) -> bool:
        """Whether companions in a column stay above the limit once one of them is settled."""
        given = self.fixed.copy()
        given[self.free[at][0]] = c
        rows = np.full((len(companions), len(given)), NOBODY, dtype=np.int64)
        rows[:, self.free[at][1]] = companions
        odds = self.log10_odds[companions, self.classes[at][0]]
        ratios = self._evidence.log10_lr(rows, given)
        return bool((ratios + np.minimum(odds, 0) >= limit).all())

    def _fix(self, c: int, at: int, probability: float) -> None:
        self.fixed[self.free[at][0]] = c
        self.settled[c, at] = probability
