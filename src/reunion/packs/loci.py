"""Reads the table of markers of a pack."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reunion.kinship.errors import BadAllele
from reunion.kinship.markers import Catalogue, Locus, allele_name, locus_key
from reunion.packs.rows import Row, read_table

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
    ladders: dict[str, frozenset[str]] = {}
    keys: dict[str, str] = {}

    def locus_of(row: Row) -> Locus:
        locus = _locus(row)
        for name in (locus.name, *locus.aliases):
            other = keys.setdefault(locus_key(name), locus.name)
            if other != locus.name:
                raise row.wrong("aliases", f"{name} names {other} already")
        ladders[locus.name] = _ladder(row)
        return locus

    return Catalogue(read_table(file, COLUMNS, locus_of)), ladders


def _locus(row: Row) -> Locus:
    """The marker of a line."""
    if row.optional("chromosome") not in _CHROMOSOMES:
        raise row.wrong("chromosome", f"{row.optional('chromosome')!r} is no chromosome")
    if row.optional("repeat_basis") not in _BASES:
        reason = f"{row.optional('repeat_basis')!r} is not one of {_BASES}"
        raise row.wrong("repeat_basis", reason)
    repeat = _number(row, "repeat_bp")
    return Locus(
        name=row.text("locus"),
        chromosome=row.optional("chromosome"),
        aliases=tuple(filter(None, row.optional("aliases").split(";"))),
        position_cm=_number(row, "position_cm"),
        repeat_bp=4 if repeat is None else int(repeat),
        ladder=_range(row, "ladder_least", "ladder_greatest"),
        observed=_range(row, "observed_least", "observed_greatest"),
    )


def _ladder(row: Row) -> frozenset[str]:
    """The alleles of the ladder, none where it is not known."""
    try:
        names = [allele_name(text) for text in row.optional("ladder_alleles").split()]
    except BadAllele as error:
        raise row.wrong("ladder_alleles", str(error)) from error
    return frozenset(names)


def _number(row: Row, column: str) -> float | None:
    text = row.optional(column)
    try:
        return float(text) if text else None
    except ValueError:
        raise row.wrong(column, f"{text!r} is no number") from None


def _range(row: Row, least: str, greatest: str) -> tuple[float, float] | None:
    bounds = _number(row, least), _number(row, greatest)
    if bounds[0] is None and bounds[1] is None:
        return None
    if bounds[0] is None or bounds[1] is None or bounds[0] > bounds[1]:
        raise row.wrong(greatest, f"no range together with {least}")
    return bounds[0], bounds[1]
