"""Reads and writes the frequency tables of GENis (CSV) and of Familias (text)."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from reunion.kinship.errors import BadAllele, BadFrequencies
from reunion.kinship.formats.complaints import Complaint, shown
from reunion.kinship.formats.dataset import Dataset, Reading, Rules
from reunion.kinship.formats.output import whole_file
from reunion.kinship.formats.text import Text, read_text
from reunion.kinship.formats.writing import Losses
from reunion.kinship.frequencies import Frequencies, FrequencyTable
from reunion.kinship.markers import SILENT, Catalogue, allele_name, allele_order

GENIS_CORNER = "alelo"
_MINIMUM = ("0", "-1")


class _Table:
    """A frequency table that is being read."""

    def __init__(self, text: Text, catalogue: Catalogue) -> None:
        self.text = text
        self.quarantine: list[Complaint] = []
        self.minima: dict[str, float] = {}
        self._catalogue = catalogue
        self._values: dict[str, dict[str, float]] = {}
        self._lines: dict[str, int] = {}

    def locus(self, name: str, line: int) -> str:
        """The name of the locus in the catalogue; blank for one that nobody knows."""
        locus = self._catalogue.find(name)
        if locus is None:
            reason = "the marker is not known: correct its name"
            self.quarantine.append(
                Complaint(self.text.name, reason, line, "marker", name, "", name)
            )
            return ""
        if locus.name in self._values:
            raise self.text.refused("the marker is there twice: keep one", line, "marker", name)
        self._values[locus.name] = {}
        self._lines[locus.name] = line
        return locus.name

    def allele(self, text: str, line: int) -> str:
        """The one spelling of an allele."""
        try:
            return allele_name(text)
        except BadAllele:
            reason = "not an allele: write it like 12 or 9.3"
            raise self.text.refused(reason, line, "allele", text) from None

    def add(self, locus: str, allele: str, text: str, line: int) -> None:
        """The frequency of one allele."""
        if locus and allele in self._values[locus]:
            reason = f"{locus} has this allele twice: keep one"
            raise self.text.refused(reason, line, "allele", allele)
        value = self.fraction(text, line)
        if locus:
            self._values[locus][allele] = value

    def fraction(self, text: str, line: int) -> float:
        """A number from 0 to 1, with a decimal point or comma."""
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = math.nan
        if not 0 <= value <= 1 or "_" in text:
            reason = "a number from 0 to 1 is wanted, like 0.25"
            raise self.text.refused(reason, line, "frequency", text)
        return value

    def reading(self, name: str) -> Reading:
        """All of it."""
        markers = {}
        for locus, values in self._values.items():
            alleles = tuple(allele_order(values))
            try:
                markers[locus] = Frequencies(locus, alleles, tuple(values[a] for a in alleles))
            except BadFrequencies as error:
                reason = f"{error.fields['reason']}: complete or correct the marker"
                raise self.text.refused(reason, self._lines[locus], "marker", locus) from error
        table = FrequencyTable(name, "", "", markers) if markers else None
        dataset = Dataset(frequencies=table, minima=self.minima)
        return Reading(self.text.name, dataset, tuple(self.quarantine), (), self.text.sha256)


def read_genis_frequencies(path: Path, rules: Rules) -> Reading:
    """Read a table of GENis: semicolons, a column per locus, decimal commas.

    The row of allele 0 or -1 gives the least frequency of each locus.

    Raises:
        DataRefused: names line, field and value of the first thing that is wrong.
    """
    table = _Table(read_text(path, rules.encoding), rules.checks.catalogue)
    text = table.text
    try:
        rows = list(csv.reader(text.lines, delimiter=";", strict=True))
    except csv.Error as error:
        raise text.refused(f"the quotes do not fit ({shown(str(error))}): correct them") from error
    header, *rest = rows
    if len(header) < 2 or header[0].strip().lower() != GENIS_CORNER:
        reason = f"the first line names {GENIS_CORNER} and the markers, with ; between them"
        raise text.refused(reason, 1, "columns", ";".join(header))
    loci = [table.locus(name.strip(), 1) for name in header[1:]]
    for line, row in enumerate(rest, 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            reason = f"the row has {len(row)} fields and the first line {len(header)}: complete it"
            raise text.refused(reason, line, "row", ";".join(row))
        is_minimum = row[0].strip() in _MINIMUM
        allele = "" if is_minimum else table.allele(row[0], line)
        for locus, cell in zip(loci, row[1:], strict=True):
            if not cell.strip():
                continue
            if not is_minimum:
                table.add(locus, allele, cell, line)
            elif locus in table.minima:
                raise text.refused("the least frequency is there twice", line, "allele", row[0])
            elif locus:
                table.minima[locus] = table.fraction(cell, line)
    return table.reading(path.stem)


def read_familias_frequencies(path: Path, rules: Rules) -> Reading:
    """Read a text of Familias: a line with the locus, a line per allele, a blank line.

    Raises:
        DataRefused: names line, field and value of the first thing that is wrong.
    """
    table = _Table(read_text(path, rules.encoding), rules.checks.catalogue)
    locus: str | None = None
    for number, line in enumerate(table.text.lines, 1):
        if not line.strip():
            locus = None
        elif locus is None:
            locus = table.locus(line.strip(), number)
        else:
            allele, _, value = line.strip().replace("\t", " ").partition(" ")
            table.add(locus, table.allele(allele, number), value.strip(), number)
    return table.reading(path.stem)


def write_genis_frequencies(dataset: Dataset, path: Path) -> tuple[Complaint, ...]:
    """Write the frequency table as GENis has it; gives what it could not hold."""
    losses, markers = _held(dataset, path, ("frequencies", "minima"))
    minima = {locus: value for locus, value in dataset.minima.items() if locus in markers}
    for locus in dataset.minima.keys() - minima.keys():
        losses.lose("a least frequency without frequencies", marker=locus)
    alleles = allele_order({allele for values in markers.values() for allele in values})
    rows: list[tuple[str, Mapping[str, float]]] = [("0", minima)] if minima else []
    rows += [(a, {m: of[a] for m, of in markers.items() if a in of}) for a in alleles]
    with whole_file(path) as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\n")
        writer.writerow([GENIS_CORNER, *markers])
        for allele, values in rows:
            cells = [repr(values[marker]) if marker in values else "" for marker in markers]
            writer.writerow([cell.replace(".", ",") for cell in (allele, *cells)])
    return losses.complaints()


def write_familias_frequencies(dataset: Dataset, path: Path) -> tuple[Complaint, ...]:
    """Write the frequency table as Familias reads it; gives what it could not hold."""
    losses, markers = _held(dataset, path, ("frequencies",))
    with whole_file(path) as stream:
        for at, (locus, values) in enumerate(markers.items()):
            stream.write("\n" * bool(at) + locus + "\n")
            stream.writelines(f"{allele}\t{value!r}\n" for allele, value in values.items())
    return losses.complaints()


def _held(
    dataset: Dataset, path: Path, parts: Iterable[str]
) -> tuple[Losses, dict[str, dict[str, float]]]:
    """What such a file can hold: frequencies by locus and allele, and no more about them."""
    losses = Losses(path)
    losses.lose_parts(dataset, tuple(parts))
    table = dataset.frequencies
    if table is None:
        losses.lose("there is no frequency table among the data")
        return losses, {}
    for name, text in (("population", table.population), ("source", table.source)):
        if text:
            losses.lose(f"the format does not hold the {name} of the table", text)
    return losses, dict(_markers(table, losses))


def _markers(table: FrequencyTable, losses: Losses) -> Iterator[tuple[str, dict[str, float]]]:
    """The frequencies of each locus; the silent allele has no name in these formats."""
    for locus, of in table.markers.items():
        values = dict(zip(of.alleles, of.values, strict=True))
        if SILENT in values:
            losses.lose("the format does not hold the silent allele", SILENT, marker=locus)
            del values[SILENT]
        if of.two_n is not None:
            reason = "the format does not hold the number of alleles sampled"
            losses.lose(reason, str(of.two_n), marker=locus)
        yield locus, values
