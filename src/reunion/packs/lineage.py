"""Reads what a pack holds about the Y chromosome: mutation counts, and marker sets of kits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reunion.kinship.markers import Catalogue
from reunion.packs.rows import Row, read_table

RATE_COLUMNS = ("locus", "mutations", "meioses")
KIT_COLUMNS = ("kit", "locus")


@dataclass(frozen=True, slots=True)
class YRate:
    """Mutations that were seen at a marker of the Y chromosome, among so many meioses."""

    mutations: int
    meioses: int

    @property
    def rate(self) -> float:
        """Mutation rate per meiosis.

        >>> YRate(36, 16090).rate < 0.0023
        True
        """
        return self.mutations / self.meioses


def read_y_rates(path: Path, catalogue: Catalogue) -> Mapping[str, YRate]:
    """Mutation counts by marker.

    Raises:
        PackError: names the line and the column that are wrong.
    """
    rates: dict[str, YRate] = {}

    def add(row: Row) -> None:
        locus = _y_locus(row, catalogue)
        if locus in rates:
            raise row.wrong("locus", f"{locus} is there twice")
        rate = YRate(row.whole("mutations"), row.whole("meioses"))
        if not 0 < rate.mutations <= rate.meioses:
            raise row.wrong("mutations", "a number above 0 is wanted, not above that of meioses")
        rates[locus] = rate

    read_table(path, RATE_COLUMNS, add)
    return rates


def read_y_kits(path: Path, catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """The markers of each kit.

    Raises:
        PackError: names the line and the column that are wrong.
    """
    kits: dict[str, tuple[str, ...]] = {}

    def add(row: Row) -> None:
        locus, kit = _y_locus(row, catalogue), row.text("kit")
        if locus in kits.get(kit, ()):
            raise row.wrong("locus", f"the kit has {locus} twice")
        kits[kit] = (*kits.get(kit, ()), locus)

    read_table(path, KIT_COLUMNS, add)
    return kits


def _y_locus(row: Row, catalogue: Catalogue) -> str:
    """The marker, which lies on Y and is under its own name."""
    name = row.text("locus")
    locus = catalogue.find(name)
    if locus is None or locus.name != name or locus.chromosome != "Y":
        raise row.wrong("locus", f"{name} is no marker on Y in the catalogue")
    return name
