"""Reads X markers: frequency tables that name linkage groups, and the genotypes of some samples.

The names of the markers are those of the frequency table. X markers take no part in a search, so
these files stand beside the others, and whatever is doubtful in them is refused, not put aside.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from reunion.kinship.formats.complaints import DataRefused
from reunion.kinship.formats.frequencies import COLUMNS, LABELS, read_frequencies
from reunion.kinship.formats.genotypes import Checks, Doubt, Single
from reunion.kinship.formats.sheet import Record, open_sheet
from reunion.kinship.formats.verdicts import COLUMNS as PROFILE_COLUMNS
from reunion.kinship.formats.writing import is_plain
from reunion.kinship.frequencies import FrequencyTable
from reunion.kinship.markers import Catalogue, Genotype, Locus, locus_key

GROUP = "linkage_group"


@dataclass(frozen=True, slots=True)
class XTable:
    """A frequency table of X markers, and the linkage group of each marker that states one."""

    table: FrequencyTable
    groups: dict[str, str]


def read_x_table(path: Path, catalogue: Catalogue) -> XTable:
    """Read a frequency table of X markers; it may have a column `linkage_group`.

    Args:
        path: a CSV file in the columns of any frequency table.
        catalogue: the loci known by name; none of those elsewhere than on X is welcome here.

    Raises:
        DataRefused: names line, field and value of the first thing that is wrong.
    """
    loci: dict[str, Locus] = {}
    groups: dict[str, str] = {}
    with open_sheet(path, COLUMNS, (*LABELS, GROUP)) as sheet:
        for record in sheet.records():
            known = catalogue.find(record["locus"])
            if known is not None and known.chromosome != "X":
                reason = f"the marker lies on chromosome {known.chromosome}, not on X"
                raise record.refused("locus", f"{reason}: take its rows out")
            if known is None and not (record["locus"] and is_plain(record["locus"])):
                raise record.refused("locus", "the name of a marker is wanted: complete the row")
            name = known.name if known else record["locus"]
            locus = loci.setdefault(locus_key(name), known or Locus(name, "X"))
            if groups.setdefault(locus.name, record[GROUP]) != record[GROUP]:
                raise record.refused(GROUP, f"{locus.name} has another group above: keep one")
    table = read_frequencies(path, Catalogue(tuple(loci.values())))
    return XTable(table, {name: group for name, group in groups.items() if group})


def read_x_profiles(
    path: Path,
    samples: Collection[str],
    tables: Collection[FrequencyTable],
    single: Single = "quarantine",
) -> dict[str, dict[str, Genotype]]:
    """The X genotypes of some samples, markers that all tables have; other rows are passed over.

    Args:
        path: a CSV file in the columns of any profiles.
        samples: whose rows are read.
        tables: their markers are read.
        single: what one allele alone stands for.

    Raises:
        DataRefused: a row of these samples is doubtful, or two of them disagree.
    """
    names = [name for name in next(iter(tables)).markers if all(name in t.markers for t in tables)]
    listed = {name: {a for t in tables for a in t.markers[name].alleles} for name in names}
    checks = Checks(Catalogue(tuple(Locus(name, "X") for name in names)), listed)
    found: dict[str, dict[str, Genotype]] = {}
    with open_sheet(path, PROFILE_COLUMNS) as sheet:
        for record in sheet.records():
            locus = checks.catalogue.find(record["marker"])
            if locus is None or record["sample_id"] not in samples:
                continue
            genotype = _genotype(record, locus, checks, single)
            if genotype is None:
                continue
            of = found.setdefault(record["sample_id"], {})
            if sorted(map(str, of.setdefault(locus.name, genotype))) != sorted(map(str, genotype)):
                raise record.refused("marker", "a row above says otherwise: keep one")
    return found


def _genotype(record: Record, locus: Locus, checks: Checks, single: Single) -> Genotype | None:
    """The genotype of a row; None where it is not typed."""
    try:
        alleles = (record["allele_1"], record["allele_2"])
        first, second = checks.alleles(locus, *alleles, single=single)
    except Doubt as doubt:
        raise DataRefused(record.complaint(doubt.field, doubt.reason)) from doubt
    if first is None:
        first, second = second, first
    return None if first is None else (first, second)
