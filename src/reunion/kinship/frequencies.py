"""Allele frequencies of a population, and the recorded rule for alleles that a table lacks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from reunion.kinship.errors import BadFrequencies, NoFloor, UnknownAllele
from reunion.kinship.markers import SILENT, allele_order

FloatArray = NDArray[np.float64]


class RareRule(StrEnum):
    """What is done with an allele that the frequency table lacks.

    five_over_2n: add it at max(5/(2N), p), raise listed alleles below that floor the same way,
    divide by the new sum (NRC II five-event minimum). add: add it at the floor, scale the others
    by what is left. reject: refuse. as_given: refuse, and take the table untouched, without even
    normalising it.
    """

    FIVE_OVER_2N = "five_over_2n"
    ADD = "add"
    REJECT = "reject"
    AS_GIVEN = "as_given"


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Frequencies of one marker in one population, in the order of the table.

    Args:
        marker: name of the locus, for messages.
        alleles: names, each once; may include `silent`.
        values: frequencies, as published (raw, before any normalisation).
        two_n: number of alleles sampled (2N), where known.

    Raises:
        BadFrequencies: a number that is no frequency, or a sum that is not near 1.
    """

    marker: str
    alleles: tuple[str, ...]
    values: tuple[float, ...]
    two_n: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be a frequency table; a sum off by rounding is welcome."""
        if len(set(self.alleles)) < len(self.alleles):
            raise BadFrequencies(marker=self.marker, reason="an allele is listed twice")
        if len(self.alleles) != len(self.values) or not self.alleles:
            raise BadFrequencies(marker=self.marker, reason="no alleles, or one without frequency")
        for allele, value in zip(self.alleles, self.values, strict=True):
            if not (math.isfinite(value) and 0 <= value <= 1):
                raise BadFrequencies(
                    marker=self.marker, reason=f"allele {allele} has the frequency {value}"
                )
        if abs(self.total - 1) > 0.01:
            raise BadFrequencies(
                marker=self.marker, reason=f"the frequencies sum to {self.total:.6g}, not to 1"
            )

    @property
    def total(self) -> float:
        """The raw sum, 1 but for rounding."""
        return math.fsum(self.values)

    def prepared(
        self,
        needed: Iterable[str] = (),
        *,
        rule: RareRule = RareRule.FIVE_OVER_2N,
        floor: float | None = None,
        table: str = "",
    ) -> PreparedFrequencies:
        """Frequencies to compute with, every needed allele among them.

        Args:
            needed: alleles seen in the data.
            rule: the rare-allele rule.
            floor: a fixed floor instead of 5/(2N).
            table: name of the table, for messages.

        Raises:
            UnknownAllele: under `reject` and `as_given`.
            NoFloor: the rule needs a floor and 2N is unknown.

        Source:
            National Research Council (NRC II), 1996: minimum allele frequency 5/(2N).

        >>> rare = Frequencies("X1", ("8", "9"), (0.5, 0.5), two_n=100).prepared(["10"])
        >>> rare.alleles, [round(v, 4) for v in rare.p.tolist()], rare.added
        (('8', '9', '10'), [0.4762, 0.4762, 0.0476], ('10',))
        """
        missing = allele_order(set(needed) - set(self.alleles))
        total = self.total
        if rule in (RareRule.REJECT, RareRule.AS_GIVEN):
            if missing:
                raise UnknownAllele(marker=self.marker, allele=missing[0], table=table, rule=rule)
            scale = 1.0 if rule is RareRule.AS_GIVEN else total
            return self._with(self.alleles, [v / scale for v in self.values], rule, None, ())
        if floor is None:
            if self.two_n:
                floor = 5 / self.two_n
            elif missing or rule is RareRule.FIVE_OVER_2N:
                raise NoFloor(marker=self.marker, table=table, rule=rule)
            else:
                floor = 0.0
        values = {a: v / total for a, v in zip(self.alleles, self.values, strict=True)}
        if rule is RareRule.ADD:
            left = 1 - floor * len(missing)
            if left <= 0:
                raise BadFrequencies(marker=self.marker, reason=f"the floor {floor} is too large")
            values = {allele: value * left for allele, value in values.items()}
        else:
            values = {a: v if a == SILENT else max(v, floor) for a, v in values.items()}
        values.update(dict.fromkeys(missing, floor))
        total = math.fsum(values.values())
        alleles = _placed(self.alleles, missing)
        return self._with(alleles, [values[a] / total for a in alleles], rule, floor, missing)

    def _with(
        self,
        alleles: tuple[str, ...],
        values: list[float],
        rule: RareRule,
        floor: float | None,
        added: Iterable[str],
    ) -> PreparedFrequencies:
        return PreparedFrequencies(
            self.marker, alleles, np.array(values, dtype=np.float64), rule, floor, tuple(added)
        )


def _placed(listed: tuple[str, ...], missing: list[str]) -> tuple[str, ...]:
    """Listed and added alleles; by size where the listed ones are, else the added at the end."""
    if not missing:
        return listed
    together = [*listed, *missing]
    return tuple(allele_order(together) if allele_order(listed) == list(listed) else together)


@dataclass(frozen=True, slots=True, eq=False)
class PreparedFrequencies:
    """Frequencies after the rare-allele rule, ready to compute with, and what the rule did.

    `p`: float64 of shape (n_alleles,), sums to 1 (but under `as_given`, which touches nothing).
    """

    marker: str
    alleles: tuple[str, ...]
    p: FloatArray
    rule: RareRule
    floor: float | None
    added: tuple[str, ...]

    @property
    def silent(self) -> int:
        """Position of the silent allele, or -1."""
        return self.alleles.index(SILENT) if SILENT in self.alleles else -1


@dataclass(frozen=True, slots=True)
class FrequencyTable:
    """Frequencies of one population over many loci.

    `is_default` marks a table that ships with the product and stands in for a laboratory's own
    accredited one; every result says so.
    """

    name: str
    population: str
    source: str
    markers: Mapping[str, Frequencies]
    is_default: bool = False
