"""Reads and writes the genotype text of Familias: a row per person, two columns per locus."""

from __future__ import annotations

import csv
from pathlib import Path

from reunion.kinship.formats.complaints import Complaint, shown
from reunion.kinship.formats.dataset import Dataset, Reading, Rules
from reunion.kinship.formats.gathering import Gathering
from reunion.kinship.formats.output import whole_file
from reunion.kinship.formats.text import read_text
from reunion.kinship.formats.writing import HELD, Losses, alleles_by_marker
from reunion.kinship.markers import locus_key


def read_familias_genotypes(path: Path, rules: Rules) -> Reading:
    """Read a table of genotypes; the first column names the person, each locus stands twice.

    Raises:
        DataRefused: the columns do not come in pairs, or the file is damaged as a whole.
    """
    text = read_text(path, rules.encoding)
    reader = csv.reader(text.lines, delimiter="\t", strict=True)
    gathering = Gathering(text.name, rules)
    try:
        header = next(reader)
        loci = pairs(header)
        if not loci:
            reason = "the first line names the column of the person, then each marker twice"
            raise text.refused(reason, 1, "columns", "\t".join(header))
        for row in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                reason = f"the row has {len(row)} fields and the first line {len(header)}:"
                gathering.put_aside(f"{reason} complete it", line, "row", "\t".join(row))
            elif draft := gathering.draft(row[0], line):
                for at, locus in enumerate(loci):
                    alleles = (row[2 * at + 1], row[2 * at + 2])
                    gathering.take(draft, locus, alleles, line)
    except csv.Error as error:
        raise text.refused(f"the quotes do not fit ({shown(str(error))}): correct them") from error
    dataset = Dataset(samples=gathering.samples())
    complaints = sorted(gathering.quarantine, key=lambda complaint: complaint.line)
    notes = tuple(map(str, gathering.spellings))
    return Reading(text.name, dataset, tuple(complaints), notes, text.sha256)


def pairs(header: list[str]) -> list[str]:
    """The loci of a header in which each stands twice; none where that is not so.

    >>> pairs(["Name", "TH01", "TH01", "FGA", "FGA"]), pairs(["Name", "TH01", "FGA"])
    (['TH01', 'FGA'], [])
    """
    first, second = header[1::2], header[2::2]
    if len(header) < 3 or list(map(locus_key, first)) != list(map(locus_key, second)):
        return []
    return first if all(name.strip() for name in first) else []


def write_familias_genotypes(dataset: Dataset, path: Path) -> tuple[Complaint, ...]:
    """Write the samples as a table of genotypes; gives what it could not hold."""
    losses = Losses(path)
    losses.lose_parts(dataset, ("samples",))
    names = (marker for sample in dataset.samples for marker, _ in alleles_by_marker(sample))
    loci = list(dict.fromkeys(names))
    with whole_file(path) as stream:
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow(["Name", *(locus for locus in loci for _ in "12")])
        for sample in dataset.samples:
            losses.lose_details(sample, HELD)
            if not loci:
                losses.lose("nothing was typed", sample=sample.id)
            cells = dict.fromkeys(loci, ("", ""))
            for marker, alleles in alleles_by_marker(sample):
                if None in alleles or len(alleles) > 2:
                    reason = "the format holds two alleles, both known"
                    losses.lose_genotype(sample, marker, reason)
                else:
                    first, second = (*alleles, "", "")[:2]
                    cells[marker] = (str(first), str(second))
            writer.writerow([sample.id, *(text for locus in loci for text in cells[locus])])
    return losses.complaints()
