"""Mutation: the chance that a parent's allele arrives as another one in the child."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from reunion.kinship.errors import BadAllele, BadMutation
from reunion.kinship.markers import allele_size

FloatArray = NDArray[np.float64]


class MutationKind(StrEnum):
    """The mutation models; formulas stand at the functions that build their matrices."""

    NONE = "none"
    EQUAL = "equal"
    PROPORTIONAL = "proportional"
    ONESTEP = "onestep"
    STEPWISE = "stepwise"
    DAWID = "dawid"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Mutation:
    """A mutation model of one locus.

    Args:
        kind: which model.
        female: rate per meiosis in mothers.
        male: rate per meiosis in fathers.
        rate2: chance of a change of microgroup (stepwise only).
        range: factor by which each further step is rarer (stepwise and dawid).
        matrices: (female, male) as nested tuples, row = parent's allele (custom only).
    """

    kind: MutationKind = MutationKind.NONE
    female: float = 0.0
    male: float = 0.0
    rate2: float = 0.0
    range: float = 0.1
    matrices: tuple[tuple[tuple[float, ...], ...], tuple[tuple[float, ...], ...]] | None = None

    def transitions(
        self, alleles: Sequence[str], p: FloatArray, *, silent: int = -1, marker: str = ""
    ) -> tuple[FloatArray, FloatArray]:
        """Transition matrices (female, male), row = parent's allele, column = child's.

        The silent allele never mutates and is never a target.

        Args:
            alleles: names in the order of the frequency table, silent included.
            p: float64 (n,), frequencies in the same order.
            silent: position of the silent allele, or -1.
            marker: name of the locus, for messages.

        Returns:
            two float64 arrays of shape (n, n); rows sum to 1.

        Raises:
            BadMutation: rates that make a negative entry, names without size, a wrong shape.
        """
        seen = [i for i in range(len(alleles)) if i != silent]
        names = [alleles[i] for i in seen]
        female, male = (
            _placed(self._core(names, p[seen], sex, marker), seen, len(alleles))
            for sex in ("female", "male")
        )
        return female, male

    def _core(self, names: list[str], p: FloatArray, sex: str, marker: str) -> FloatArray:
        """The matrix of one sex over the alleles that can be seen."""
        rate = self.female if sex == "female" else self.male
        if not (0 <= rate <= 1 and 0 <= self.rate2 <= 1):
            raise BadMutation(marker=marker, model=self.kind, reason=f"{rate} is not a rate")
        if self.kind is MutationKind.CUSTOM:
            matrix = self._custom(len(names), sex, marker)
        elif self.kind is MutationKind.NONE or len(names) == 1:
            matrix = np.eye(len(names))
        else:
            try:
                matrix = _BUILDERS[self.kind](self, names, p, rate)
            except BadAllele as error:
                raise BadMutation(
                    marker=marker,
                    model=self.kind,
                    reason=f"allele {error.fields['allele']} has no size in repeats",
                ) from error
        if not np.all(matrix >= 0) or not np.allclose(matrix.sum(axis=1), 1, rtol=0, atol=1e-9):
            raise BadMutation(
                marker=marker,
                model=self.kind,
                reason=f"the {sex} rate {rate} makes an entry below 0, or a row that is not 1",
            )
        return matrix

    def _custom(self, n: int, sex: str, marker: str) -> FloatArray:
        """The given matrix, without the row and column of a silent allele."""
        given = self.matrices or ((), ())
        rows = given[0] if sex == "female" else given[1]
        if len(rows) != n or any(len(row) != n for row in rows):
            raise BadMutation(
                marker=marker,
                model=self.kind,
                reason=f"the {sex} matrix must have {n} rows and columns, silent left out",
            )
        return np.array(rows, dtype=np.float64)


def _placed(core: FloatArray, seen: list[int], n: int) -> FloatArray:
    """The matrix with the silent allele's identity row and column put in."""
    matrix = np.eye(n)
    matrix[np.ix_(seen, seen)] = core
    return matrix


def _filled(off_diagonal: FloatArray) -> FloatArray:
    """Off-diagonal entries given, diagonal from the row sums."""
    np.fill_diagonal(off_diagonal, 0.0)
    np.fill_diagonal(off_diagonal, 1 - off_diagonal.sum(axis=1))
    return off_diagonal


def _equal(model: Mutation, names: list[str], p: FloatArray, rate: float) -> FloatArray:
    """Every other allele alike: r/(n-1)."""
    n = len(names)
    return _filled(np.full((n, n), rate / (n - 1)))


def _proportional(model: Mutation, names: list[str], p: FloatArray, rate: float) -> FloatArray:
    """By frequency: a p_j with a = r / sum p(1-p).

    With a silent allele s = sum of the p given here is below 1: q = p/s, a = (r/s)/sum q(1-q),
    target q (as Familias does).
    """
    total = float(p.sum())
    q = p / total
    a = rate / total / float((q * (1 - q)).sum())
    return _filled(np.tile(a * q, (len(names), 1)))


def _steps(names: list[str]) -> FloatArray:
    """Absolute differences of allele sizes, gaps in the ladder included; rounded to 0.1 repeats."""
    sizes = np.array([allele_size(name) for name in names])
    steps: FloatArray = np.round(np.abs(sizes[:, None] - sizes[None, :]), 6)
    return steps


def _onestep(model: Mutation, names: list[str], p: FloatArray, rate: float) -> FloatArray:
    """To the alleles at distance exactly 1; an allele without such neighbours never mutates."""
    near = (_steps(names) == 1).astype(np.float64)
    count = near.sum(axis=1, keepdims=True)
    return _filled(np.divide(rate * near, count, out=np.zeros_like(near), where=count > 0))


def _stepwise(model: Mutation, names: list[str], p: FloatArray, rate: float) -> FloatArray:
    """The extended stepwise model: r range^d inside a microgroup, r2 spread over the others.

    Microgroup of an allele: round(10 (x - round(x))), both roundings half to even.
    """
    groups = np.array([round(10 * (allele_size(n) - round(allele_size(n)))) for n in names])
    same = groups[:, None] == groups[None, :]
    within = np.where(same, float(model.range) ** _steps(names), 0.0)
    np.fill_diagonal(within, 0.0)
    total = within.sum(axis=1, keepdims=True)
    outside = (~same).sum(axis=1, keepdims=True)
    near = np.divide(rate * within, total, out=np.zeros_like(within), where=total > 0)
    far = np.divide(model.rate2 * ~same, outside, out=np.zeros_like(within), where=outside > 0)
    return _filled(near + far)


def _dawid(model: Mutation, names: list[str], p: FloatArray, rate: float) -> FloatArray:
    """By position in the list: r (1-g) g^|i-j| / (2 g (n-a) p_i), a = (1-g^n)/(1-g).

    Source: Dawid, Mortera, Pascali 2001, Forensic Science International 124:55-61, as in pedmut.
    """
    n, g = len(names), model.range
    a = (1 - g**n) / (1 - g)
    distance = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    return _filled(rate * (1 - g) * g**distance / (2 * g * (n - a) * p[:, None]))


_BUILDERS: dict[MutationKind, Callable[[Mutation, list[str], FloatArray, float], FloatArray]] = {
    MutationKind.EQUAL: _equal,
    MutationKind.PROPORTIONAL: _proportional,
    MutationKind.ONESTEP: _onestep,
    MutationKind.STEPWISE: _stepwise,
    MutationKind.DAWID: _dawid,
}
