"""Reads what a pack holds about the Y chromosome: mutation counts, and marker sets of kits."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reunion.kinship.markers import Catalogue
from reunion.packs.errors import BadValue
from reunion.packs.shape import check_columns

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
    for line, row in _rows(path, RATE_COLUMNS):
        locus = _y_locus(path, line, row["locus"], catalogue)
        if locus in rates:
            raise _wrong(path, line, "locus", f"{locus} is there twice")
        counts = []
        for column in RATE_COLUMNS[1:]:
            text = row[column]
            if not (text.isascii() and text.isdecimal() and int(text) > 0):
                raise _wrong(path, line, column, f"{text!r} is no number above 0")
            counts.append(int(text))
        if counts[0] > counts[1]:
            raise _wrong(path, line, "mutations", "more than meioses")
        rates[locus] = YRate(*counts)
    return rates


def read_y_kits(path: Path, catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """The markers of each kit.

    Raises:
        PackError: names the line and the column that are wrong.
    """
    kits: dict[str, tuple[str, ...]] = {}
    for line, row in _rows(path, KIT_COLUMNS):
        locus = _y_locus(path, line, row["locus"], catalogue)
        if locus in kits.get(row["kit"], ()):
            raise _wrong(path, line, "locus", f"the kit has {locus} twice")
        kits[row["kit"]] = (*kits.get(row["kit"], ()), locus)
    return kits


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with their lines; a row of another length is refused."""
    check_columns(path, columns)
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        next(reader)
        for line, row in enumerate(reader, 2):
            if len(row) != len(columns) or not all(row):
                raise _wrong(path, line, columns[0], f"wanted are {len(columns)} fields")
            yield line, dict(zip(columns, row, strict=True))


def _y_locus(path: Path, line: int, name: str, catalogue: Catalogue) -> str:
    """The marker, which lies on Y and is under its own name."""
    locus = catalogue.find(name)
    if locus is None or locus.name != name or locus.chromosome != "Y":
        raise _wrong(path, line, "locus", f"{name} is no marker on Y in the catalogue")
    return name


def _wrong(path: Path, line: int, column: str, reason: str) -> BadValue:
    return BadValue(file=path, path=f"line {line}, {column}", reason=reason)
