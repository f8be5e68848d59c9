"""Checks one genotype as it stands in a file: taken, or doubtful for a stated reason."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from reunion.kinship.errors import BadAllele
from reunion.kinship.markers import Catalogue, Genotype, Locus, allele_name, allele_size

SEX_MARKER = "AMEL"
"""The marker that shows X and Y; a check of the declared sex, never evidence."""

UNKNOWN = "?"
"""Stands for the second allele where it is stated that it is not known."""

_OFF_LADDER = re.compile(r"OL.*|.*[<>].*|.*\.x", re.IGNORECASE)
_SEX_LINKED = re.compile(r"D[XY][SF]\d.*", re.IGNORECASE)


class Doubt(Exception):  # noqa: N818 # a doubt is no error: it sends one row to quarantine
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

    def genotype(self, locus: Locus, first: str, second: str) -> Genotype | None:
        """The genotype in its one spelling, shorter allele first; None where nothing is typed.

        Raises:
            Doubt: the row goes to quarantine.
        """
        texts = first.strip(), second.strip()
        given = [text for text in texts if text not in ("", UNKNOWN)]
        if not given:
            return None
        if len(given) == 1 and UNKNOWN not in texts:
            raise Doubt(
                "only one allele is given: write it twice if the person has it twice, or"
                f" {UNKNOWN} as the other if that is not known",
                "allele_1" if second.strip() else "allele_2",
                "",
            )
        fields = {text: "allele_1" if text == texts[0] else "allele_2" for text in given}
        if locus.name == SEX_MARKER:
            return _sex_chromosomes([text.upper() for text in given])
        alleles = [self._allele(locus, text, fields[text]) for text in given]
        if len(alleles) == 1:
            return alleles[0], None
        short, long = sorted(alleles, key=allele_size)
        return short, long

    def _allele(self, locus: Locus, text: str, field: str) -> str:
        """One allele in its one spelling."""
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


def is_aside(locus: Locus) -> bool:
    """Whether a locus takes no part: on X or Y, and not the sex marker.

    >>> is_aside(Locus("DYS391", "Y")), is_aside(Locus("AMEL", "XY")), is_aside(Locus("FGA", "4"))
    (True, False, False)
    """
    return locus.name != SEX_MARKER and not locus.chromosome.isdecimal()


def _sex_chromosomes(given: list[str]) -> Genotype:
    """X/X or X/Y; everything else is doubtful."""
    pair = sorted(given)
    if pair not in (["X", "X"], ["X", "Y"]):
        raise Doubt(
            "the sex marker shows X,X or X,Y, each in its own field: check the typing",
            "allele_1",
            ",".join(given),
        )
    return pair[0], pair[1]
