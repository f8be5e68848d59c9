"""The exact law of a family's log10 LR, under "related" and under "unrelated": no simulation.

A compiled family has, for each marker, the LR of every genotype and the two laws of genotypes.
The total is a sum over independent markers, so its law is their convolution, here on a grid.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reunion.kinship._kernels import kernel
from reunion.kinship.compile import MarkerLaw
from reunion.kinship.errors import BadSetting
from reunion.kinship.frequencies import FloatArray

IntArray = NDArray[np.int64]

STEP = 0.002
"""Width of a cell, log10 LR, for figures that are shown by themselves."""


@dataclass(frozen=True, slots=True, eq=False)
class LrDistribution:
    """The law of log10 LR of a family, over the candidates who are typed at some markers.

    Attributes:
        start: log10 LR of the first cell.
        step: width of a cell.
        related: float64 (n,), probability of each cell if the candidate is the sought person.
        unrelated: float64 (n,), the same for an unrelated person.
        excluded_related: probability of LR = 0 for the sought person (mutation leaves none).
        excluded_unrelated: the same for an unrelated person.
    """

    start: float
    step: float
    related: FloatArray
    unrelated: FloatArray
    excluded_related: float
    excluded_unrelated: float

    @property
    def values(self) -> FloatArray:
        """log10 LR of each cell: float64 (n,)."""
        return self.start + self.step * np.arange(len(self.related), dtype=np.float64)

    def sensitivity(self, log10_lr: float) -> float:
        """P(log10 LR >= this | the sought person)."""
        return _tail(self.related, self._cell(log10_lr))

    def false_rate(self, log10_lr: float) -> float:
        """P(log10 LR >= this | an unrelated person)."""
        return _tail(self.unrelated, self._cell(log10_lr))

    def not_excluded(self) -> float:
        """P(LR > 0 | an unrelated person)."""
        return _tail(self.unrelated, 0.0)

    def expected_false_leads(self, log10_lr: float, n_people: int) -> float:
        """How many of so many unrelated people reach this log10 LR, on average."""
        return n_people * self.false_rate(log10_lr)

    def quantile(self, share: float) -> float:
        """The log10 LR that the sought person stays below with this probability.

        -inf where that much is excluded.
        """
        if share <= self.excluded_related:
            return -math.inf
        reached = np.cumsum(self.related) + self.excluded_related
        at = min(int(np.searchsorted(reached, share)), len(self.related) - 1)
        return float(self.start + self.step * at)

    def mean_related(self) -> float:
        """Expected log10 LR of the sought person, given that they are not excluded."""
        return float(self.related @ self.values / self.related.sum())

    def threshold(self, wanted_false_leads: float, n_people: int) -> float:
        """The least log10 LR at which so many people give so many false leads on average.

        -inf where even all that are not excluded are fewer.
        """
        if n_people * self.not_excluded() <= wanted_false_leads:
            return -math.inf
        tails = np.cumsum(self.unrelated[::-1])[::-1] * n_people
        at = int(np.argmax(tails <= wanted_false_leads)) if tails[-1] <= wanted_false_leads else -1
        return float(self.start + self.step * (at if at >= 0 else len(tails)))

    def _cell(self, log10_lr: float) -> float:
        """Where a log10 LR lies, in cells from the start."""
        if math.isnan(log10_lr):
            raise BadSetting(setting="log10 LR", reason="it is not a number")
        return (log10_lr - self.start) / self.step


def _tail(law: FloatArray, cell: float) -> float:
    """The sum of the cells from `cell` on, smallest first; a cell's mass lies at its centre."""
    first = max(0, math.ceil(cell - 0.5)) if cell < len(law) else len(law)
    return float(law[first:][::-1].sum())


def lr_distribution(
    laws: Iterable[MarkerLaw], *, step: float = STEP, floor: float = -math.inf
) -> LrDistribution:
    """The law of the total over some markers.

    Each value is split between the two neighbouring cells so that both laws keep their mass. The
    law for unrelated people follows from the other one, P(x | unrelated) = P(x | related) 10**-x,
    so that rates far below 1e-17 keep their relative accuracy; what is excluded is counted apart.

    Args:
        laws: of each marker that the candidate is typed at.
        step: width of a cell, log10 LR.
        floor: totals below may be left out (and their mass with them): tails above it stay exact,
            and the work shrinks.

    Source:
        Convolution by direct sums of positive terms; never by FFT, whose absolute error of 1e-16
        would drown small rates.

    >>> law = MarkerLaw("M", np.array([np.log10(2), -np.inf]), np.array([1.0, 0]), np.full(2, 0.5))
    >>> both = lr_distribution([law, law])
    >>> round(both.not_excluded(), 12), round(both.mean_related(), 4)
    (0.25, 0.6021)
    """
    markers = [_Cells.of(law, step) for law in laws]
    ceiling = [marker.top for marker in markers]
    related, start = np.ones(1), 0
    kept_related, kept_unrelated = 1.0, 1.0
    for at, marker in enumerate(markers):
        related, start = _convolved(related, start, marker)
        kept_related *= marker.related
        kept_unrelated *= marker.unrelated
        if floor > -math.inf:
            drop = math.floor(floor / step) - sum(ceiling[at + 1 :]) - start - 2
            if 0 < drop < len(related):
                related, start = related[drop:], start + drop
            elif drop >= len(related):
                related, start = np.zeros(1), start + len(related)
    values = step * (start + np.arange(len(related)))
    return LrDistribution(
        start=step * start,
        step=step,
        related=related,
        # Below -300 the factor would overflow, where the related law has long become 0.
        unrelated=related * 10.0 ** -np.maximum(values, -300.0),
        excluded_related=1 - kept_related,
        excluded_unrelated=1 - kept_unrelated,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """The law of one marker on the grid: cells and weights, and what is not excluded."""

    cells: IntArray
    weights: FloatArray
    related: float
    unrelated: float

    @property
    def top(self) -> int:
        """The highest cell."""
        return int(self.cells[-1])

    @classmethod
    def of(cls, law: MarkerLaw, step: float) -> _Cells:
        """The law under "related", each value split between two cells."""
        possible = np.isfinite(law.log10_lr) & (law.related > 0)
        if not possible.any():
            raise BadSetting(setting=f"marker {law.marker}", reason="no genotype is possible")
        place = law.log10_lr[possible] / step
        below = np.floor(place)
        share = place - below
        weight = law.related[possible]
        # Weights such that both cells together give unrelated people their exact mass, too:
        # w_low + w_high = weight, and w_low 10**d + w_high 10**(d - step) = weight.
        ratio = 10.0 ** (-step)
        at_low = (10.0 ** (-step * share) - ratio) / (1 - ratio)
        first = int(below.min())
        law_cells = np.zeros(int(below.max()) - first + 2)
        np.add.at(law_cells, (below - first).astype(np.int64), weight * at_low)
        np.add.at(law_cells, (below - first).astype(np.int64) + 1, weight * (1 - at_low))
        cells = np.flatnonzero(law_cells)
        return cls(
            cells + first,
            law_cells[cells],
            float(weight.sum()),
            float(law.unrelated[possible].sum()),
        )


def _convolved(law: FloatArray, start: int, marker: _Cells) -> tuple[FloatArray, int]:
    """The law of the sum, and where it starts."""
    first = int(marker.cells[0])
    out = np.zeros(len(law) + marker.top - first)
    _add_shifted(law, marker.cells - first, marker.weights, out)
    return out, start + first


@kernel
def _add_shifted(law: FloatArray, shifts: IntArray, weights: FloatArray, out: FloatArray) -> None:
    """out[i + shift] += weight * law[i] for each shift."""
    for j in range(shifts.size):
        weight = weights[j]
        shift = shifts[j]
        for i in range(law.size):
            out[i + shift] += weight * law[i]


def expected_false_leads(
    scores: Sequence[float], laws: Sequence[MarkerLaw], n_people: int, *, step: float = 0.01
) -> list[float]:
    """For each score, how many of so many unrelated people would reach it on average."""
    if not scores:
        return []
    law = lr_distribution(laws, step=step, floor=min(scores) - 10 * step)
    return [law.expected_false_leads(score, n_people) for score in scores]
