"""Reads and writes frequency tables: `locus,allele,frequency,alleles_sampled`, a row per allele."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from reunion.kinship.errors import BadAllele, BadFrequencies
from reunion.kinship.formats.complaints import Complaint, DataRefused
from reunion.kinship.formats.sheet import Record, open_sheet
from reunion.kinship.frequencies import Frequencies, FrequencyTable
from reunion.kinship.markers import SILENT, Catalogue, allele_name, allele_order

COLUMNS = ("locus", "allele", "frequency", "alleles_sampled")
LABELS = ("population", "source")


@dataclass(slots=True)
class _Marker:
    """The rows of one locus so far."""

    line: int
    two_n: int | None
    values: dict[str, float] = field(default_factory=dict)


def read_frequencies(
    path: Path,
    catalogue: Catalogue,
    *,
    name: str = "",
    population: str = "",
    source: str = "",
    is_default: bool = False,
    encoding: str = "utf-8",
) -> FrequencyTable:
    """Read a frequency table; the figures stay as they are, normalising comes with their use.

    Args:
        path: a CSV file; columns `population` and `source` may stand beside the four.
        catalogue: names of loci and their aliases.
        name: name of the table; that of the file, without its ending, where not given.
        population: whom the figures are of; from the column where not given.
        source: where they come from; from the column where not given.
        is_default: whether the table stands in for a laboratory's own.
        encoding: of the file.

    Raises:
        DataRefused: names line, field and value of the first thing that is wrong.
    """
    markers: dict[str, _Marker] = {}
    labels: dict[str, dict[str, None]] = {label: {} for label in LABELS}
    with open_sheet(path, COLUMNS, LABELS, encoding=encoding) as sheet:
        for record in sheet.records():
            _add(record, catalogue, markers)
            for label in LABELS:
                labels[label][record[label]] = None
    return FrequencyTable(
        name=name or path.stem,
        population=population or " + ".join(filter(None, labels["population"])),
        source=source or " + ".join(filter(None, labels["source"])),
        markers={locus: _frequencies(path, locus, of) for locus, of in markers.items()},
        is_default=is_default,
    )


def frequency_rows(table: FrequencyTable) -> list[tuple[object, ...]]:
    """The rows of a table in the columns `COLUMNS` and `LABELS`: what `read_frequencies` reads."""
    return [
        (locus, allele, value, of.two_n or "", table.population, table.source)
        for locus, of in table.markers.items()
        for allele, value in zip(of.alleles, of.values, strict=True)
    ]


def _add(record: Record, catalogue: Catalogue, markers: dict[str, _Marker]) -> None:
    """One allele more."""
    locus = catalogue.find(record["locus"])
    if locus is None:
        raise record.refused("locus", "the marker is not known: correct it, or take its rows out")
    allele = record["allele"]
    if allele != SILENT:
        try:
            allele = allele_name(allele)
        except BadAllele:
            raise record.refused("allele", "not an allele: write it like 12 or 9.3") from None
    two_n = None
    if sampled := record["alleles_sampled"]:
        if not sampled.isascii() or not sampled.isdecimal() or int(sampled) == 0:
            reason = "the number of alleles sampled is a whole number above 0, or blank"
            raise record.refused("alleles_sampled", reason)
        two_n = int(sampled)
    marker = markers.setdefault(locus.name, _Marker(record.line, two_n))
    if allele in marker.values:
        raise record.refused("allele", f"{locus.name} has this allele twice: keep one row")
    if two_n != marker.two_n:
        reason = f"line {marker.line} says otherwise for {locus.name}: give one number in all rows"
        raise record.refused("alleles_sampled", reason)
    marker.values[allele] = record.fraction("frequency")


def _frequencies(path: Path, locus: str, marker: _Marker) -> Frequencies:
    """The frequencies of a locus, alleles from short to long."""
    alleles = tuple(allele_order(marker.values))
    try:
        values = tuple(marker.values[allele] for allele in alleles)
        return Frequencies(locus, alleles, values, marker.two_n)
    except BadFrequencies as error:
        reason = f"{error.fields['reason']}: complete or correct the rows of this marker"
        raise DataRefused(Complaint(str(path), reason, marker.line, "locus", locus)) from error
