"""Reads the table of markers of a pack."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from reunion.kinship.errors import BadAllele
from reunion.kinship.markers import Catalogue, Locus, allele_name, locus_key
from reunion.packs.errors import BadValue
from reunion.packs.shape import check_columns

COLUMNS = (
    "locus",
    "chromosome",
    "position_cm",
    "repeat_bp",
    "repeat_basis",
    "ladder_least",
    "ladder_greatest",
    "ladder_alleles",
    "observed_least",
    "observed_greatest",
    "aliases",
)
_CHROMOSOMES = {*map(str, range(1, 23)), "X", "Y", "XY"}
_BASES = ("kit panel", "assumed", "")


def read_loci(file: Path) -> tuple[Catalogue, Mapping[str, frozenset[str]]]:
    """The catalogue of markers, and the alleles of each one's ladder.

    Chromosome XY is that of the sex marker. Blank means not known.

    Raises:
        PackError: names the line and the column that are wrong.
    """
    check_columns(file, COLUMNS)
    loci: list[Locus] = []
    ladders: dict[str, frozenset[str]] = {}
    keys: dict[str, str] = {}
    with file.open(encoding="utf-8", newline="") as stream:
        for line, row in enumerate(csv.DictReader(stream), 2):
            cells = _Row(file, line, row)
            locus = cells.locus()
            for name in (locus.name, *locus.aliases):
                other = keys.setdefault(locus_key(name), locus.name)
                if other != locus.name:
                    raise cells.wrong("aliases", f"{name} names {other} already")
            loci.append(locus)
            ladders[locus.name] = cells.ladder()
    return Catalogue(tuple(loci)), ladders


class _Row:
    """One line of the table."""

    def __init__(self, file: Path, line: int, row: Mapping[str, str]) -> None:
        """Keep where the line stands."""
        self._file, self._line, self._row = file, line, row

    def wrong(self, column: str, reason: str) -> BadValue:
        return BadValue(file=self._file, path=f"line {self._line}, {column}", reason=reason)

    def locus(self) -> Locus:
        """The marker of this line."""
        row = self._row
        if None in row or None in row.values():
            raise self.wrong("row", f"{len(COLUMNS)} fields are wanted")
        if not row["locus"]:
            raise self.wrong("locus", "missing")
        if row["chromosome"] not in _CHROMOSOMES:
            raise self.wrong("chromosome", f"{row['chromosome']!r} is no chromosome")
        if row["repeat_basis"] not in _BASES:
            raise self.wrong("repeat_basis", f"{row['repeat_basis']!r} is not one of {_BASES}")
        repeat = self._number("repeat_bp")
        return Locus(
            name=row["locus"],
            chromosome=row["chromosome"],
            aliases=tuple(filter(None, row["aliases"].split(";"))),
            position_cm=self._number("position_cm"),
            repeat_bp=4 if repeat is None else int(repeat),
            ladder=self._range("ladder_least", "ladder_greatest"),
            observed=self._range("observed_least", "observed_greatest"),
        )

    def ladder(self) -> frozenset[str]:
        """The alleles of the ladder, none where it is not known."""
        try:
            names = [allele_name(text) for text in self._row["ladder_alleles"].split()]
        except BadAllele as error:
            raise self.wrong("ladder_alleles", str(error)) from error
        return frozenset(names)

    def _number(self, column: str) -> float | None:
        text = self._row[column]
        try:
            return float(text) if text else None
        except ValueError:
            raise self.wrong(column, f"{text!r} is no number") from None

    def _range(self, least: str, greatest: str) -> tuple[float, float] | None:
        bounds = self._number(least), self._number(greatest)
        if bounds[0] is None and bounds[1] is None:
            return None
        if bounds[0] is None or bounds[1] is None or bounds[0] > bounds[1]:
            raise self.wrong(greatest, f"no range together with {least}")
        return bounds[0], bounds[1]
