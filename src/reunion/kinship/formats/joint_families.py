"""Reads families in which several persons are sought, and families of candidates.

The columns are those of `families`; every row with sought 1 is a sought person. In a file of
candidates' families the one row with sought 1 is the candidate, who may be typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reunion.kinship.formats.complaints import Complaint, DataRefused, shown
from reunion.kinship.formats.families import (
    COLUMNS,
    FamilyRecord,
    ImpossibleFamily,
    RefusedFamily,
    connected,
    declared_pedigree,
    impossible,
    rows_by_family,
    samples_of,
    shared_samples,
)
from reunion.kinship.formats.linking import sample_complaint
from reunion.kinship.formats.profiles import Profiles
from reunion.kinship.formats.sheet import Record, open_sheet
from reunion.kinship.markers import Profile


@dataclass(frozen=True, slots=True)
class JointFamily:
    """A family as it stands in the file, and all who are marked in it.

    `record.sought` is the first of them.
    """

    record: FamilyRecord
    marked: tuple[str, ...]

    @property
    def id(self) -> str:
        """Name of the family."""
        return self.record.id


@dataclass(frozen=True, slots=True)
class JointFamilies:
    """What a file holds; the fields are those of `Families`."""

    file: str
    families: tuple[JointFamily, ...]
    refused: tuple[RefusedFamily, ...]
    samples: frozenset[str]
    notes: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Typed:
    """The genotypes of a family by person, and what is wrong with its samples."""

    profiles: Mapping[str, Profile]
    complaints: tuple[Complaint, ...]


def read_joint_families(path: Path, *, of_candidates: bool = False) -> JointFamilies:
    """Read families in which one or more persons are sought.

    Args:
        path: a CSV file.
        of_candidates: the file is of candidates: one row of each family is marked, typed or not.

    Raises:
        DataRefused: the file is damaged as a whole, or a row names no family.
    """
    with open_sheet(path, COLUMNS) as sheet:
        refused: dict[str, Complaint] = {}
        rows = rows_by_family(sheet, refused)
        notes = list(sheet.notes)
        found: dict[str, JointFamily] = {}
        for family, records in rows.items():
            if family not in refused:
                try:
                    found[family] = _family(family, records, notes, of_candidates)
                except ImpossibleFamily as error:
                    refused[family] = error.complaint
        plain = {name: family.record for name, family in found.items()}
        notes += shared_samples(sheet, plain)
    return JointFamilies(
        sheet.name,
        tuple(family for family in found.values() if family.id not in refused),
        tuple(RefusedFamily(family, complaint) for family, complaint in refused.items()),
        frozenset(record["sample_id"] for records in rows.values() for record in records) - {""},
        tuple(notes),
        sheet.sha256,
    )


def _family(
    family: str, records: list[Record], notes: list[str], of_candidates: bool
) -> JointFamily:
    """One family, or ImpossibleFamily."""
    by_id: dict[str, Record] = {}
    for record in records:
        person = record["person_id"]
        if not person or not person.isprintable():
            raise impossible(record, "person_id", "the row names no person: give an id")
        if person in by_id:
            reason = f"the person is in the family twice (line {by_id[person].line}): keep one row"
            raise impossible(record, "person_id", reason)
        by_id[person] = record
    marked = _marked(records, of_candidates)
    samples = samples_of(records)
    pedigree = declared_pedigree(by_id, notes)
    for record in marked:
        if not connected(pedigree, record["person_id"]) & samples.keys():
            reason = "no relative of this person has a sample: take one, and give its sample_id"
            raise impossible(record, "sample_id", reason)
    lines = {person: record.line for person, record in by_id.items()}
    names = tuple(record["person_id"] for record in marked)
    return JointFamily(FamilyRecord(family, pedigree, names[0], samples, lines), names)


def _marked(records: list[Record], of_candidates: bool) -> list[Record]:
    """The rows of those who are sought, or of the candidate."""
    marked = []
    for record in records:
        if record["sought"] not in ("0", "1", ""):
            raise impossible(record, "sought", "1 marks who is sought, else write 0")
        if record["sought"] == "1":
            marked.append(record)
    if not marked:
        raise impossible(records[0], "sought", "nobody in the family is marked: mark with 1")
    if of_candidates and len(marked) > 1:
        reason = f"line {marked[0].line} is marked already: make one family for each candidate"
        raise impossible(marked[1], "sought", reason)
    for record in () if of_candidates else marked:
        if record["sample_id"]:
            reason = "a sought person cannot have a sample: take it out, or write 0"
            raise impossible(record, "sample_id", reason)
    return marked


def typed(family: JointFamily, file: str, profiles: Profiles) -> Typed:
    """Give each person the profile of the sample; who has none counts as not typed.

    Raises:
        DataRefused: no relative of somebody marked is typed after all.
    """
    record = family.record
    complaints = []
    for person, sample in record.samples.items():
        marker, reason = sample_complaint(record, person, sample, profiles)
        if reason:
            line = record.lines[person]
            complaints.append(Complaint(file, reason, line, "sample_id", sample, sample, marker))
    found = {
        person: profiles.profile(sample)
        for person, sample in record.samples.items()
        if profiles.row(sample) is not None
    }
    for person in family.marked:
        if not connected(record.pedigree, person) & found.keys():
            reason = f"no relative of {shown(person)} is left who is typed: bring their profiles"
            line = record.lines[person]
            raise DataRefused(Complaint(file, reason, line, "sample_id", ""))
    return Typed(found, tuple(complaints))
