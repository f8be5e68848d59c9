"""The formats by name: how each is recognised, read and written."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from reunion.kinship.formats import (
    allele_tables,
    canonical,
    cmf,
    familias,
    families,
    frequencies,
    frequency_texts,
    mitochondrial,
)
from reunion.kinship.formats.allele_tables import read_table
from reunion.kinship.formats.allele_tables_out import write_table
from reunion.kinship.formats.cmf_out import write_cmf
from reunion.kinship.formats.complaints import Complaint, DataRefused
from reunion.kinship.formats.dataset import Dataset, Reading, Rules
from reunion.kinship.formats.familias_genotypes import (
    pairs,
    read_familias_genotypes,
    write_familias_genotypes,
)
from reunion.kinship.formats.familias_out import write_familias
from reunion.kinship.formats.plink import SEXES, read_ped, write_ped
from reunion.kinship.formats.text import open_bytes

_HEAD_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Head:
    """The first lines of a file.

    >>> Head(b"alelo;TH01").columns(";")
    ['alelo', 'th01']
    """

    data: bytes

    @property
    def lines(self) -> list[str]:
        """The lines that hold anything; bytes that are no UTF-8 do not matter here."""
        text = self.data.decode("utf-8-sig", errors="replace")
        return [line for line in text.splitlines() if line.strip()]

    def columns(self, separator: str) -> list[str]:
        """The fields of the first line, in lower case."""
        try:
            fields = next(csv.reader(self.lines[:1], delimiter=separator), [])
        except csv.Error:
            fields = []
        return [field.strip().lower() for field in fields]

    def names(self, *wanted: str) -> bool:
        """Whether the first line names all these columns, under one separator."""
        names = {name.lower() for name in wanted}
        return any(names <= set(self.columns(separator)) for separator in ",;\t")


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Args:
        name: as a person gives it to a command.
        title: in words.
        is_like: whether a file begins like one of this format.
        reader: reads a file; DataRefused where it is damaged as a whole.
        write: writes a file, and gives what it could not hold.
        leaves_single: whether one allele alone can stand in it, and the format does not say what
            that means.
    """

    name: str
    title: str
    is_like: Callable[[Head], bool]
    reader: Callable[[Path, Rules], Reading]
    write: Callable[[Dataset, Path], tuple[Complaint, ...]]
    leaves_single: bool = False

    def read(self, path: Path, rules: Rules) -> Reading:
        """Read a file; a note says where `rules.single` changes nothing.

        Raises:
            DataRefused: damaged as a whole.
        """
        reading = self.reader(path, rules)
        if rules.single == "quarantine" or self.leaves_single:
            return reading
        note = f"{reading.file}: --single changes nothing in this format ({self.title})"
        return replace(reading, notes=(*reading.notes, note))


def _is_layout(head: Head, layout: allele_tables.Layout) -> bool:
    return head.names(layout.sample, layout.marker, layout.alleles(1)[0])


def _is_genis(head: Head) -> bool:
    """GENis has no column but its own; every other such table is one of GeneMapper."""
    layout = allele_tables.GENIS
    own = {layout.sample, layout.role, *layout.fields, layout.kit, layout.marker}
    own |= set(layout.alleles(layout.most))
    names = set(filter(None, head.columns("\t")))
    return (
        _is_layout(head, layout)
        and head.names(layout.role, layout.kit)
        and names <= {name.lower() for name in own}
    )


def _is_familias_frequencies(head: Head) -> bool:
    """A line with a name, and one with an allele and a number."""
    words = [line.replace(",", ".").split() for line in head.lines[:2]]
    if len(words) < 2 or "\t" in head.lines[0] or len(words[1]) != 2:
        return False
    return words[1][1].replace(".", "", 1).isdecimal()


def _is_ped(head: Head) -> bool:
    """Six columns, the fifth of them a sex, and two for each marker."""
    row = next((line.split() for line in head.lines if not line.startswith("#")), [])
    return len(row) >= 6 and len(row) % 2 == 0 and row[4] in SEXES


def _format_of_layout(name: str, title: str, layout: allele_tables.Layout) -> Format:
    return Format(
        name,
        title,
        partial(_is_layout, layout=layout),
        partial(read_table, layout=layout),
        partial(write_table, layout=layout),
        leaves_single=True,
    )


FORMATS: tuple[Format, ...] = (
    Format(
        "cmf",
        "CODIS CMF 3.2 (XML)",
        lambda head: cmf.ROOT.encode() in head.data and b"<" in head.data[:9],
        cmf.read_cmf,
        write_cmf,
        leaves_single=True,
    ),
    Format(
        "familias",
        "Familias 3 project (.fam)",
        lambda head: familias.FIRST_LINE in "".join(head.lines[:1]),
        familias.read_familias,
        write_familias,
    ),
    Format(
        "families",
        "families who search (CSV of Reunion)",
        lambda head: head.names(*families.COLUMNS),
        canonical.read_family_file,
        canonical.write_families,
    ),
    _format_of_layout("profiles", "profiles (CSV of Reunion)", allele_tables.PROFILES),
    Format(
        "frequencies",
        "frequency table (CSV of Reunion)",
        lambda head: head.names(*frequencies.COLUMNS),
        canonical.read_frequency_file,
        canonical.write_frequencies,
    ),
    replace(
        _format_of_layout("genis", "GENis, autosomal table", allele_tables.GENIS),
        is_like=_is_genis,
    ),
    _format_of_layout("genemapper", "GeneMapper genotype table", allele_tables.GENEMAPPER),
    Format(
        "genis-mito",
        "GENis, mitochondrial table",
        lambda head: head.names(*mitochondrial.COLUMNS),
        mitochondrial.read_mitochondrial,
        mitochondrial.write_mitochondrial,
    ),
    Format(
        "genis-frequencies",
        "GENis, frequency table",
        lambda head: head.columns(";")[:1] == [frequency_texts.GENIS_CORNER],
        frequency_texts.read_genis_frequencies,
        frequency_texts.write_genis_frequencies,
    ),
    Format(
        "familias-genotypes",
        "Familias, genotype text",
        lambda head: bool(pairs(head.columns("\t"))),
        read_familias_genotypes,
        write_familias_genotypes,
        leaves_single=True,
    ),
    Format(
        "familias-frequencies",
        "Familias, frequency text",
        _is_familias_frequencies,
        frequency_texts.read_familias_frequencies,
        frequency_texts.write_familias_frequencies,
    ),
    Format("ped", "PLINK PED, with its MAP file beside", _is_ped, read_ped, write_ped),
)
"""In the order in which they are tried: the first that a file begins like is taken."""


def names() -> Sequence[str]:
    """The names of all formats."""
    return [found.name for found in FORMATS]


def recognise(data: bytes) -> Format | None:
    """The format of a file that begins with these bytes, by content alone; None for no known one.

    >>> recognise(b"sample_id,marker,allele_1,allele_2" + bytes([10])).name
    'profiles'
    """
    head = Head(data[:_HEAD_BYTES])
    return next((found for found in FORMATS if found.is_like(head)), None)


def recognised(path: Path) -> Format | None:
    """The format of a file by its content; None for a pipe, a folder, or no known format."""
    if not path.is_file():
        return None
    with open_bytes(path) as stream:
        return recognise(stream.read(_HEAD_BYTES))


def recognise_file(path: Path) -> Format:
    """The format of a file.

    Raises:
        DataRefused: not readable, or of no known format.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        reason = "a pipe cannot be read twice, to recognise it and to read it: save it as a file"
        raise DataRefused(Complaint(str(path), reason))
    with open_bytes(path) as stream:
        data = stream.read(_HEAD_BYTES)
    found = recognise(data)
    if found is None:
        titles = "; ".join(known.title for known in FORMATS)
        reason = f"the content is of no known format. Known are: {titles}"
        raise DataRefused(Complaint(str(path), reason))
    return found


def read_any(path: Path, rules: Rules) -> tuple[Format, Reading]:
    """Read a file of any known format.

    Raises:
        DataRefused: of no known format, or damaged as a whole.
    """
    found = recognise_file(path)
    return found, found.read(path, rules)
