"""Checks one genotype as it stands in a file: taken, or doubtful for a stated reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from reunion.kinship.errors import BadAllele
from reunion.kinship.markers import Catalogue, Locus, allele_name, allele_size

SEX_MARKER = "AMEL"
"""The marker that shows X and Y; a check of the declared sex, never evidence."""

UNKNOWN = "?"
"""Stands for the second allele where it is stated that it is not known."""

Single: TypeAlias = Literal["quarantine", "homozygote", "partial"]
"""What one allele alone stands for: nobody knows, the same allele twice, or the other not known."""

_OFF_LADDER = re.compile(r"OL.*|.*[<>].*|.*\.x", re.IGNORECASE)
_SEX_LINKED = re.compile(r"D[XY][SF]\d.*", re.IGNORECASE)


class Doubt(Exception):
    """Why a row is put aside, and the field that is meant."""

    def __init__(self, reason: str, field: str, value: str) -> None:
        """Keep the three."""
        super().__init__(reason)
        self.reason, self.field, self.value = reason, field, value


@dataclass(frozen=True, slots=True)
class Checks:
    """What the rows of a file of profiles are checked against.

    Args:
        catalogue: the loci known by name.
        listed: per locus, the alleles that some frequency table or ladder lists.
    """

    catalogue: Catalogue
    listed: Mapping[str, Collection[str]]

    def locus(self, marker: str) -> Locus | None:
        """The locus that takes part under this name; None where one of X or Y is named.

        Raises:
            Doubt: nobody knows the name.
        """
        locus = self.catalogue.find(marker)
        if locus is None:
            if _SEX_LINKED.fullmatch(marker.strip()):
                return None
            raise Doubt("the marker is not known: correct its name", "marker", marker)
        return None if is_aside(locus) else locus

    def alleles(
        self, locus: Locus, first: str, second: str, *, single: Single = "quarantine"
    ) -> tuple[str | None, str | None]:
        """The two alleles in their one spelling, in the order given; None for one not known.

        Raises:
            Doubt: the row goes to quarantine.
        """
        for field, text in (("allele_1", first), ("allele_2", second)):
            if not unicodedata.normalize("NFKC", text).strip(" \t").isprintable():
                reason = "a character that cannot be printed: correct the row"
                raise Doubt(reason, field, text)
        texts = first.strip(), second.strip()
        if "" in texts and any(text not in ("", UNKNOWN) for text in texts):
            alone = texts[0] or texts[1]
            other = beside(alone, single)
            if other is None:
                raise Doubt(
                    "only one allele is given: write it twice if the person has it twice, or"
                    f" {UNKNOWN} here if the other is not known",
                    "allele_2" if texts[0] else "allele_1",
                    "",
                )
            texts = alone, other
        if locus.name == SEX_MARKER:
            return _sex_chromosomes(*texts)
        return self._allele(locus, texts[0], "allele_1"), self._allele(locus, texts[1], "allele_2")

    def _allele(self, locus: Locus, text: str, field: str) -> str | None:
        """One allele in its one spelling."""
        if text in ("", UNKNOWN):
            return None
        if "/" in text:
            raise Doubt("several alleles in one field: give two alleles per marker", field, text)
        if _OFF_LADDER.fullmatch(text):
            raise Doubt("off the ladder: size the allele, or type the sample again", field, text)
        try:
            name = allele_name(text)
        except BadAllele:
            raise Doubt("not an allele: write it like 12 or 9.3", field, text) from None
        if name in self.listed.get(locus.name, ()):
            return name
        if "." in name:
            raise Doubt(
                "no table and no ladder lists this microvariant: confirm it, then add it to the"
                " frequency table",
                field,
                text,
            )
        if not locus.is_plausible(allele_size(name)):
            raise Doubt(
                f"more than 2 repeats outside all that was seen at {locus.name}: check the typing",
                field,
                text,
            )
        return name


def beside(alone: str, single: Single) -> str | None:
    """What stands beside one allele alone; None where nobody knows.

    >>> beside("12", "homozygote"), beside("12", "partial"), beside("12", "quarantine")
    ('12', '?', None)
    """
    return {"quarantine": None, "homozygote": alone, "partial": UNKNOWN}[single]


def is_aside(locus: Locus) -> bool:
    """Whether a locus takes no part: on X or Y, and not the sex marker.

    >>> is_aside(Locus("DYS391", "Y")), is_aside(Locus("AMEL", "XY")), is_aside(Locus("FGA", "4"))
    (True, False, False)
    """
    return locus.name != SEX_MARKER and not locus.chromosome.isdecimal()


def _sex_chromosomes(first: str, second: str) -> tuple[str | None, str | None]:
    """X and X, or X and Y; everything else is doubtful."""
    pair = first.upper(), second.upper()
    if pair not in (("X", "X"), ("X", "Y"), ("Y", "X"), ("", ""), (UNKNOWN, UNKNOWN)):
        raise Doubt(
            "the sex marker shows X and X or X and Y, each in its own field: check the typing",
            "allele_1,allele_2",
            f"{first},{second}",
        )
    return (pair[0], pair[1]) if "X" in pair else (None, None)
