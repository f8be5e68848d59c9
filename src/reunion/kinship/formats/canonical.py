"""Our own CSV files as data of any format: families and frequency tables."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from reunion.kinship.formats.complaints import Complaint, shown
from reunion.kinship.formats.dataset import Dataset, Reading, Rules
from reunion.kinship.formats.families import COLUMNS, MORE_COLUMNS, FamilyRecord, read_families
from reunion.kinship.formats.frequencies import COLUMNS as FREQUENCY_COLUMNS
from reunion.kinship.formats.frequencies import LABELS, frequency_rows, read_frequencies
from reunion.kinship.formats.output import write_csv
from reunion.kinship.formats.parents import known_parents, listed_persons
from reunion.kinship.formats.writing import Losses, is_plain
from reunion.kinship.pedigree import Sex

_SEXES = {Sex.MALE: "M", Sex.FEMALE: "F", Sex.UNKNOWN: "U"}


def read_family_file(path: Path, rules: Rules) -> Reading:
    """Families of our own CSV; those that are refused are the quarantine."""
    found = read_families(path, encoding=rules.encoding)
    complaints = []
    for refused in found.refused:
        reason = f"family {shown(refused.id)} is refused: {refused.complaint.reason}"
        complaints.append(replace(refused.complaint, reason=reason))
    dataset = Dataset(families=tuple(replace(family, lines={}) for family in found.families))
    return Reading(found.file, dataset, tuple(complaints), found.notes, found.sha256)


def read_frequency_file(path: Path, rules: Rules) -> Reading:
    """The frequency table of our own CSV."""
    table = read_frequencies(path, rules.checks.catalogue, encoding=rules.encoding)
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return Reading(str(path), Dataset(frequencies=table), (), (), sha256)


def write_families(dataset: Dataset, path: Path) -> tuple[Complaint, ...]:
    """Write the families in which somebody is sought; gives what the CSV could not hold."""
    losses = Losses(path)
    losses.lose_parts(dataset, ("families",))
    rows = [row for family in dataset.families for row in _rows(family, losses)]
    # The columns that may be missing are written as far as something stands in them.
    width = max((at for row in rows for at, cell in enumerate(row, 1) if cell != ""), default=0)
    width = max(width, len(COLUMNS))
    write_csv(path, (*COLUMNS, *MORE_COLUMNS)[:width], [row[:width] for row in rows])
    return losses.complaints()


def _rows(family: FamilyRecord, losses: Losses) -> list[tuple[object, ...]]:
    """The rows of a family; none where it cannot be held."""
    persons = listed_persons(family)
    names = (family.id, *(person.id for person in persons), *family.samples.values())
    if not family.sought:
        losses.lose("nobody is sought in the family", family.id)
        return []
    if not all(name and is_plain(name) for name in names):
        losses.lose("a name has blanks around it, or cannot be printed", family.id)
        return []
    if any(person.inbreeding for person in persons):
        losses.lose("the format does not hold inbreeding", family.id)
    parents = known_parents(family)
    twin_of = {twin: group[0] for group in family.pedigree.twins for twin in group[1:]}
    return [
        (
            family.id,
            person.id,
            *(parent or "" for parent in parents[person.id]),
            _SEXES[person.sex],
            family.samples.get(person.id, ""),
            int(person.id in family.marked),
            twin_of.get(person.id, ""),
            family.populations.get(person.id, ""),
        )
        for person in persons
    ]


def write_frequencies(dataset: Dataset, path: Path) -> tuple[Complaint, ...]:
    """Write the frequency table; gives what the CSV could not hold."""
    losses = Losses(path)
    losses.lose_parts(dataset, ("frequencies",))
    table = dataset.frequencies
    if table is None:
        losses.lose("there is no frequency table among the data")
    write_csv(path, (*FREQUENCY_COLUMNS, *LABELS), frequency_rows(table) if table else [])
    return losses.complaints()
