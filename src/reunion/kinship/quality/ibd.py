"""How many alleles two persons share by common descent: estimated, and as a pedigree has it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from reunion.kinship._kernels import kernel
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.pedigree import Pedigree

STEPS = 10_000
"""Most steps of the climb to the maximum; a hundred are usual."""

ENOUGH = 1e-10
"""The climb ends where a step changes no share by more."""


@dataclass(frozen=True, slots=True)
class IbdEstimate:
    """Shares of the genome with 0, 1, 2 alleles of common descent, by maximum likelihood.

    Attributes:
        k0, k1, k2: sum to 1.
        errors: standard errors of the three, from the curvature of the log likelihood; infinite
            where the markers do not tell. At the edge (a share near 0 or 1) they are rough.
        markers: typed in both persons.
    """

    k0: float
    k1: float
    k2: float
    errors: tuple[float, float, float]
    markers: int

    @property
    def kinship(self) -> float:
        """Coefficient of kinship: k1/4 + k2/2."""
        return self.k1 / 4 + self.k2 / 2


def estimate_ibd(one: FloatArray, two: FloatArray) -> IbdEstimate:
    """The most likely shares.

    Args:
        one, two: float64 (n_markers,), of `Sharing`, for the markers that are typed in both.

    Source:
        Thompson 1975, Annals of Human Genetics 39:173-188. The log likelihood, a sum over markers
        of log(k0 + k1 one + k2 two), is concave, so that the climb (expectation-maximisation)
        ends at its one maximum.

    >>> estimate = estimate_ibd(np.full(20, 4.0), np.full(20, 0.0))
    >>> round(estimate.k0, 6), round(estimate.k1, 6), round(estimate.k2, 6)
    (0.0, 1.0, 0.0)
    """
    k = np.full(3, 1 / 3)
    _climb(np.ascontiguousarray(one), np.ascontiguousarray(two), STEPS, ENOUGH, k)
    k0, k1, k2 = k.tolist()
    return IbdEstimate(k0, k1, k2, _errors(one, two, k), len(one))


@kernel
def _climb(one: FloatArray, two: FloatArray, steps: int, enough: float, k: FloatArray) -> None:
    """Expectation-maximisation from `k` on, in place: each step is the mean share of the markers.

    Args:
        one, two: (n_markers,).
        k: (3,).
    """
    for _ in range(steps if one.size else 0):
        k0, k1, k2 = 0.0, 0.0, 0.0
        for at in range(one.size):
            total = k[0] + k[1] * one[at] + k[2] * two[at]
            k0 += k[0] / total
            k1 += k[1] * one[at] / total
            k2 += k[2] * two[at] / total
        k0, k1, k2 = k0 / one.size, k1 / one.size, k2 / one.size
        moved = max(abs(k0 - k[0]), abs(k1 - k[1]), abs(k2 - k[2]))
        k[0], k[1], k[2] = k0, k1, k2
        if moved < enough:
            break


def _errors(one: FloatArray, two: FloatArray, k: FloatArray) -> tuple[float, float, float]:
    """Standard errors from the observed information about (k1, k2); k0 is 1 - k1 - k2."""
    law = k[0] + k[1] * one + k[2] * two
    slopes = np.stack([one - 1, two - 1], axis=-1) / law[:, None]
    information = slopes.T @ slopes
    if np.linalg.matrix_rank(information) < 2:
        return math.inf, math.inf, math.inf
    covariance = np.linalg.inv(information)
    k0, k1, k2 = covariance.sum(), covariance[0, 0], covariance[1, 1]
    return math.sqrt(max(0.0, k0)), math.sqrt(max(0.0, k1)), math.sqrt(max(0.0, k2))


def expected_ibd(
    pedigree: Pedigree, person_1: str, person_2: str
) -> tuple[float, float, float] | None:
    """k0, k1, k2 of two persons by their pedigree; None where one of them is inbred.

    Source:
        Kinship by recursion over parents (Karigl 1981); k2 = f(F1,F2) f(M1,M2) + f(F1,M2) f(M1,F2)
        for kinship f of the parents, k1 = 4 f(1,2) - 2 k2, which holds for persons who are not
        inbred.

    >>> from reunion.kinship.pedigree import avuncular, siblings
    >>> expected_ibd(siblings("a", "b"), "a", "b")
    (0.25, 0.5, 0.25)
    >>> expected_ibd(avuncular(), "uncle", "child")
    (0.5, 0.5, 0.0)
    """
    kinship = _kinship(pedigree)
    if max(kinship(person_1, person_1), kinship(person_2, person_2)) > 0.5:
        return None
    if any(person_1 in group and person_2 in group for group in pedigree.twins):
        return 0.0, 0.0, 1.0
    a, b = pedigree[person_1], pedigree[person_2]
    k2 = 0.0
    if a.father and a.mother and b.father and b.mother:
        straight = kinship(a.father, b.father) * kinship(a.mother, b.mother)
        k2 = straight + kinship(a.father, b.mother) * kinship(a.mother, b.father)
    k1 = 4 * kinship(person_1, person_2) - 2 * k2
    return 1 - k1 - k2, k1, k2


def _kinship(pedigree: Pedigree) -> Callable[[str, str], float]:
    """The coefficient of kinship of two persons of the pedigree."""
    place = {person.id: at for at, person in enumerate(pedigree.ordered())}
    same = {name: group[0] for group in pedigree.twins for name in group}

    @cache
    def kinship(one: str, other: str) -> float:
        one, other = same.get(one, one), same.get(other, other)
        if one == other:
            person = pedigree[one]
            if person.father is None or person.mother is None:
                return (1 + person.inbreeding) / 2
            return (1 + kinship(person.father, person.mother)) / 2
        if place[one] < place[other]:
            one, other = other, one
        person = pedigree[one]
        if person.father is None or person.mother is None:
            return 0.0
        return (kinship(person.father, other) + kinship(person.mother, other)) / 2

    return kinship
