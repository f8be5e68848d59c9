"""Names of alleles and loci: one spelling inside, many accepted at the door.

>>> allele_name("9,30"), allele_name("9.0"), allele_size("9.3")
('9.3', '9', 9.3)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from reunion.kinship.errors import BadAllele

SILENT = "silent"
"""Name of the silent (null) allele: present in the genome, never seen on the instrument."""

Genotype: TypeAlias = tuple[str, str | None]
"""Two alleles of one person at one marker, or one allele and None: the second is not known."""

Profile: TypeAlias = Mapping[str, Genotype]
"""Genotypes of one person by locus."""

_ALLELE = re.compile(r"(\d{1,2})(?:[.,]([0-9])0*)?")


def allele_name(text: str, *, marker: str = "") -> str:
    """The one spelling of an allele: repeats, and after a point the bases of a partial repeat.

    Raises:
        BadAllele: the text is not of the form digits, or digits point digit.
    """
    match = _ALLELE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise BadAllele(allele=text, marker=marker, reason="wanted like 12 or 9.3")
    repeats, bases = match.groups()
    whole = str(int(repeats))
    return whole if bases in (None, "0") else f"{whole}.{bases}"


def allele_size(name: str) -> float:
    """The repeat number of an allele as a number; BadAllele where the name is none."""
    try:
        return float(name)
    except ValueError:
        raise BadAllele(allele=name, marker="", reason="it has no size in repeats") from None


def allele_order(names: Iterable[str]) -> list[str]:
    """Alleles from short to long; names without a size come last, in order of their text."""

    def key(name: str) -> tuple[int, float, str]:
        try:
            return (0, float(name), name)
        except ValueError:
            return (1, 0.0, name)

    return sorted(names, key=key)


def locus_key(text: str) -> str:
    """What two spellings of one locus have in common: NFKC, upper case, no blanks, `_`, `-`.

    >>> locus_key("Penta_D") == locus_key("PENTA D")
    True
    """
    return re.sub(r"[\s_\-]", "", unicodedata.normalize("NFKC", text)).upper()


@dataclass(frozen=True, slots=True)
class Locus:
    """One marker of the catalogue: where it lies and which alleles are plausible.

    `ladder` and `observed` are (least, greatest) allele size in repeats, where known.
    `position_cm` is the genetic position, in centimorgan.
    """

    name: str
    chromosome: str
    aliases: tuple[str, ...] = ()
    position_cm: float | None = None
    repeat_bp: int = 4
    ladder: tuple[float, float] | None = None
    observed: tuple[float, float] | None = None

    def is_plausible(self, size: float, *, margin: float = 2.0) -> bool:
        """Whether an allele lies within ladder or observed range, give or take `margin` repeats."""
        ranges = [bounds for bounds in (self.ladder, self.observed) if bounds is not None]
        if not ranges:
            return True
        least = min(bounds[0] for bounds in ranges)
        greatest = max(bounds[1] for bounds in ranges)
        return least - margin <= size <= greatest + margin


@dataclass(frozen=True)
class Catalogue:
    """The loci that are known by name, and all spellings of their names."""

    loci: tuple[Locus, ...]
    _by_key: dict[str, Locus] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index every spelling; the canonical name wins over another locus' alias."""
        names: dict[str, Locus] = {}
        for locus in self.loci:
            names.update({locus_key(alias): locus for alias in locus.aliases})
        names.update({locus_key(locus.name): locus for locus in self.loci})
        object.__setattr__(self, "_by_key", names)

    def find(self, text: str) -> Locus | None:
        """The locus that this text names, or None.

        >>> Catalogue((Locus("TH01", "11", aliases=("THO1",)),)).find("tho1").name
        'TH01'
        """
        return self._by_key.get(locus_key(text))
