"""The paternal line: Y-STR haplotypes of two men as support or contradiction.

Kept apart from the autosomal likelihood ratio: a haplotype speaks for a line of men, not for one.
`mitochondrial` is the same for the maternal line.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from reunion.kinship.errors import BadSetting
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.markers import allele_name, allele_size

COPIES = MappingProxyType(
    {"DYS385": ("DYS385a", "DYS385b"), "DYF387S1": ("DYF387S1a", "DYF387S1b")}
)
"""Markers that lie twice on the Y chromosome: nobody knows which allele is of which copy."""

WITHIN = MappingProxyType({"DYS389II": "DYS389I"})
"""Markers whose repeats include those of another one, which are taken off where both are typed."""

LEAST_CHANGE = 1e-6
"""Chance of a change that one-step mutation cannot make (a partial repeat), so that no marker
excludes alone."""

FLOOR = 1e-4
"""Least LR of a comparison: beyond it a typing fault is likelier than the figure. Our decision."""

SUPPORTS, SPEAKS_AGAINST = 10.0, 0.1
"""LR from which a comparison supports or speaks against; between them it is inconclusive."""

NEVER_AGAINST_BELOW, CLOSE = 3, 2
"""Fewer differing markers than this never speak against a line of so few meioses (dna.md 3.8)."""


class Verdict(StrEnum):
    """What a comparison of two lineage haplotypes says; never a decision about two persons."""

    SUPPORT = "support"
    INCONCLUSIVE = "inconclusive"
    AGAINST = "against"


@dataclass(frozen=True, slots=True)
class CountedFrequency:
    """The frequency of a haplotype, by counting it in a sample of the population.

    Args:
        sightings: how often it was seen.
        size: haplotypes in the sample; 0 where there is none.

    >>> seen = CountedFrequency(0, 1000)
    >>> round(seen.estimate, 6), round(seen.upper, 6)
    (0.000999, 0.002991)
    """

    sightings: int
    size: int

    def __post_init__(self) -> None:
        """Refuse more sightings than haplotypes."""
        if not 0 <= self.sightings <= self.size:
            raise BadSetting(
                setting="haplotype frequency",
                reason=f"{self.sightings} sightings among {self.size} haplotypes",
            )

    @property
    def estimate(self) -> float:
        """(k + 1) / (n + 1): the haplotype at hand counts as seen."""
        return (self.sightings + 1) / (self.size + 1)

    @property
    def upper(self) -> float:
        """The one-sided 95 % upper bound."""
        return self.upper_bound(0.95)

    def upper_bound(self, confidence: float) -> float:
        """The frequency p at which so few sightings have the chance 1 - confidence.

        Source:
            Clopper and Pearson 1934, Biometrika 26:404-413; for k = 0 it is 1 - (1-c)^(1/n).
        """
        if self.sightings == self.size:
            return 1.0
        low, high = 0.0, 1.0
        while high - low > 1e-15 and low < (middle := (low + high) / 2) < high:
            if self._chance_of_so_few(middle) > 1 - confidence:
                low = middle
            else:
                high = middle
        return high

    def _chance_of_so_few(self, p: float) -> float:
        """P(at most so many sightings | frequency p)."""
        n = self.size
        return math.fsum(
            math.exp(
                math.lgamma(n + 1)
                - math.lgamma(i + 1)
                - math.lgamma(n - i + 1)
                + i * math.log(p)
                + (n - i) * math.log1p(-p)
            )
            for i in range(self.sightings + 1)
        )


@dataclass(frozen=True, slots=True)
class YHaplotype:
    """Alleles of one man by marker: one, or two in rising order for markers that lie twice."""

    alleles: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, typed: Mapping[str, str]) -> YHaplotype:
        """From alleles by marker name; the two copies under their names with a and b.

        A pair of which one copy is missing is left out.

        Raises:
            BadAllele: a text that is no allele.

        >>> YHaplotype.of({"DYS385a": "14", "DYS385b": "11", "DYS19": "15"}).alleles
        {'DYS19': ('15',), 'DYS385': ('11', '14')}
        """
        names = {marker: allele_name(text, marker=marker) for marker, text in typed.items()}
        copies = {copy for pair in COPIES.values() for copy in pair}
        alleles: dict[str, tuple[str, ...]] = {
            marker: (name,) for marker, name in names.items() if marker not in copies
        }
        for marker, pair in COPIES.items():
            if all(copy in names for copy in pair):
                low, high = sorted((names[copy] for copy in pair), key=allele_size)
                alleles[marker] = (low, high)
        return cls(alleles)


@dataclass(frozen=True, slots=True)
class YComparison:
    """Two Y haplotypes compared.

    Attributes:
        meioses: between the two men.
        markers: that both have.
        differing: those of them that differ.
        log10_likelihood: P(one haplotype | the other, so many meioses), at these markers.
        frequency: of the haplotype in the population.
        lr: same line against unrelated, with the estimated frequency; never below the floor.
        least_lr: the same with the upper bound of the frequency.
    """

    meioses: int
    markers: tuple[str, ...]
    differing: tuple[str, ...]
    log10_likelihood: float
    frequency: CountedFrequency
    lr: float
    least_lr: float
    verdict: Verdict


def compare_y(
    one: YHaplotype,
    other: YHaplotype,
    *,
    meioses: int,
    rates: Mapping[str, float],
    frequency: CountedFrequency,
    floor: float = FLOOR,
) -> YComparison:
    """Whether two men may be of one paternal line.

    LR = P(differences | so many meioses, one-step mutation) / P(haplotype in the population).
    Fewer than three differing markers never speak against men who are at most two meioses apart.

    Args:
        one, other: the haplotypes.
        meioses: births between the two: 1 for father and son, 2 for brothers.
        rates: mutation rate per meiosis by marker, copies under their names with a and b; a marker
            without a rate takes no part.
        frequency: sightings of `other` in a sample of the population.
        floor: least LR that is stated.

    Raises:
        BadSetting: fewer meioses than one.

    Source:
        ISFG 2020 (Roewer et al., FSI Genetics 48:102308) on Y-STR evidence; dna.md 3.8.
    """
    if meioses < 1:
        raise BadSetting(setting="meioses", reason=f"{meioses} is less than 1")
    markers, differing, log10 = [], [], 0.0
    for marker in sorted(one.alleles.keys() & other.alleles.keys()):
        if not all(copy in rates for copy in COPIES.get(marker, (marker,))):
            continue
        first, second = _taken_off(one, other, marker)
        markers.append(marker)
        if first != second:
            differing.append(marker)
        log10 += math.log10(_chance(first, second, marker, meioses, rates))
    lr, least_lr = (
        max(floor, 10**log10 / p) if markers else 1.0 for p in (frequency.estimate, frequency.upper)
    )
    return YComparison(
        meioses,
        tuple(markers),
        tuple(differing),
        log10,
        frequency,
        lr,
        least_lr,
        _verdict(least_lr, lr, len(differing), meioses),
    )


def chance_of_no_difference(markers: Iterable[str], rates: Mapping[str, float], m: int) -> float:
    """P(no mutation at any of these markers in m meioses).

    >>> chance_of_no_difference(["DYS19"], {"DYS19": 0.002}, 2)
    0.996004
    """
    return math.prod((1 - rates[marker]) ** m for marker in markers)


def _verdict(least_lr: float, lr: float, differing: int, meioses: int) -> Verdict:
    """Support by the careful figure, contradiction by the other one."""
    if least_lr >= SUPPORTS:
        return Verdict.SUPPORT
    if lr > SPEAKS_AGAINST or (differing < NEVER_AGAINST_BELOW and meioses <= CLOSE):
        return Verdict.INCONCLUSIVE
    return Verdict.AGAINST


def _taken_off(
    one: YHaplotype, other: YHaplotype, marker: str
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Sizes of both at a marker, those of a marker within it taken off where both have it."""
    inner = WITHIN.get(marker, "")
    sizes = []
    for haplotype in (one, other):
        size = [allele_size(allele) for allele in haplotype.alleles[marker]]
        if inner in one.alleles and inner in other.alleles:
            size = [round(s - allele_size(haplotype.alleles[inner][0]), 1) for s in size]
        sizes.append(tuple(size))
    return sizes[0], sizes[1]


def _chance(
    one: tuple[float, ...],
    other: tuple[float, ...],
    marker: str,
    meioses: int,
    rates: Mapping[str, float],
) -> float:
    """P(the second alleles | the first ones); for pairs over both ways to match the copies."""
    if len(one) == 1:
        return _step(other[0] - one[0], meioses, rates[marker])
    a, b = (rates[copy] for copy in COPIES[marker])
    straight = _step(other[0] - one[0], meioses, a) * _step(other[1] - one[1], meioses, b)
    if other[0] == other[1]:
        return straight
    crossed = _step(other[1] - one[0], meioses, a) * _step(other[0] - one[1], meioses, b)
    return straight + crossed


def _step(difference: float, meioses: int, rate: float) -> float:
    """P(the size differs by so much after some meioses), each of which adds or takes one repeat."""
    steps = round(abs(difference), 1)
    if not steps.is_integer() or steps > meioses:
        return LEAST_CHANGE
    law: FloatArray = np.ones(1)
    for _ in range(meioses):
        law = np.convolve(law, [rate / 2, 1 - rate, rate / 2])
    return max(LEAST_CHANGE, float(law[meioses + int(steps)]))
