"""Reads families who search: `family_id,person_id,father_id,mother_id,sex,sample_id,sought`.

A family that is impossible is refused alone; the others go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reunion.kinship.errors import ImpossibleParent, OwnAncestor, PedigreeError
from reunion.kinship.formats.complaints import Complaint, DataRefused, shown
from reunion.kinship.formats.sheet import BLANKS, Record, Sheet, open_sheet
from reunion.kinship.pedigree import Pedigree, Person, Sex

COLUMNS = ("family_id", "person_id", "father_id", "mother_id", "sex", "sample_id", "sought")
_SEXES = {
    "m": Sex.MALE,
    "male": Sex.MALE,
    "f": Sex.FEMALE,
    "female": Sex.FEMALE,
    "u": Sex.UNKNOWN,
    "unknown": Sex.UNKNOWN,
    "": Sex.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class FamilyRecord:
    """A family as it stands in the file.

    Args:
        id: name of the family.
        pedigree: all its persons, and unknown parents added where one was left blank.
        sought: the person who is looked for.
        samples: sample by person, for those from whom there is one.
        lines: line in the file by person.
    """

    id: str
    pedigree: Pedigree
    sought: str
    samples: Mapping[str, str]
    lines: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RefusedFamily:
    """A family that cannot be searched for, and why."""

    id: str
    complaint: Complaint

    def __str__(self) -> str:
        """One sentence."""
        return f"family {shown(self.id)} is refused: {self.complaint}"


@dataclass(frozen=True, slots=True)
class Families:
    """What a file of families holds.

    Args:
        file: the file as the caller named it.
        families: those that are sound, in the order of the file.
        refused: the others.
        samples: every sample that the file names, those of refused families as well: they are of
            people who search, never of the one sought.
        notes: what a person should know, though nothing is refused.
        sha256: of the file.
    """

    file: str
    families: tuple[FamilyRecord, ...]
    refused: tuple[RefusedFamily, ...]
    samples: frozenset[str]
    notes: tuple[str, ...]
    sha256: str


class ImpossibleFamily(Exception):
    """A family is refused."""

    def __init__(self, complaint: Complaint) -> None:
        """Keep the complaint."""
        super().__init__(str(complaint))
        self.complaint = complaint


def read_families(path: Path) -> Families:
    """Read the families of a file.

    A blank parent beside a named one is added as an untyped person, "<person> (unknown father)".
    Sex is M, F or U (or blank: not known); sought is 1 for the one sought, else 0 or blank.

    Raises:
        DataRefused: the file is damaged as a whole, or a row names no family.
    """
    with open_sheet(path, COLUMNS) as sheet:
        refused: dict[str, Complaint] = {}
        rows = rows_by_family(sheet, refused)
        notes = list(sheet.notes)
        families: dict[str, FamilyRecord] = {}
        for family, records in rows.items():
            if family not in refused:
                try:
                    families[family] = _family(family, records, notes)
                except ImpossibleFamily as error:
                    refused[family] = error.complaint
        notes += shared_samples(sheet, families)
    return Families(
        sheet.name,
        tuple(family for family in families.values() if family.id not in refused),
        tuple(RefusedFamily(family, complaint) for family, complaint in refused.items()),
        frozenset(record["sample_id"] for records in rows.values() for record in records) - {""},
        tuple(notes),
        sheet.sha256,
    )


def rows_by_family(sheet: Sheet, refused: dict[str, Complaint]) -> dict[str, list[Record]]:
    """The rows of each family; a family with a row of the wrong length is refused."""
    rows: dict[str, list[Record]] = {}
    at = sheet.columns["family_id"]
    for row in sheet.rows:
        if not any(text.strip() for text in row):
            continue
        family = row[at].strip(BLANKS) if at < len(row) else ""
        if not family:
            reason = "the row names no family: give its family_id"
            raise DataRefused(sheet.complain(reason, "family_id", family))
        if len(row) == sheet.width:
            rows.setdefault(family, []).append(sheet.record(row))
        else:
            refused.setdefault(family, sheet.wrong_width(row))
    return rows


def _family(family: str, records: list[Record], notes: list[str]) -> FamilyRecord:
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
    sought = _sought(records)
    samples = samples_of(records)
    pedigree = declared_pedigree(by_id, notes)
    relatives = connected(pedigree, sought["person_id"])
    if not relatives & samples.keys():
        reason = "no relative of the sought person has a sample: take one, and give its sample_id"
        raise impossible(sought, "sample_id", reason)
    notes += [
        str(
            by_id[person].complaint("sample_id", "no relative of the sought person: counts nothing")
        )
        for person in samples
        if person not in relatives
    ]
    lines = {person: record.line for person, record in by_id.items()}
    return FamilyRecord(family, pedigree, sought["person_id"], samples, lines)


def _sought(records: list[Record]) -> Record:
    """The row of the one person sought."""
    marked = []
    for record in records:
        if record["sought"] not in ("0", "1", ""):
            raise impossible(record, "sought", "1 marks the one sought, else write 0")
        if record["sought"] == "1":
            marked.append(record)
    if not marked:
        raise impossible(records[0], "sought", "nobody in the family is sought: mark one with 1")
    if len(marked) > 1:
        reason = f"line {marked[0].line} is sought already: make one family for each person sought"
        raise impossible(marked[1], "sought", reason)
    if marked[0]["sample_id"]:
        reason = "the sought person cannot have a sample: take it out, or mark another as sought"
        raise impossible(marked[0], "sample_id", reason)
    return marked[0]


def samples_of(records: list[Record]) -> dict[str, str]:
    """The sample of each person who has one."""
    owners: dict[str, Record] = {}
    for record in records:
        if sample := record["sample_id"]:
            if sample in owners:
                reason = (
                    f"the sample is that of {shown(owners[sample]['person_id'])} already (line"
                    f" {owners[sample].line}): one sample is of one person"
                )
                raise impossible(record, "sample_id", reason)
            owners[sample] = record
    return {record["person_id"]: sample for sample, record in owners.items()}


def declared_pedigree(by_id: dict[str, Record], notes: list[str]) -> Pedigree:
    """The persons with their parents, the unknown ones added."""
    persons = []
    for person, record in by_id.items():
        parents: dict[str, str | None] = {}
        for role in ("father", "mother"):
            parent = record[f"{role}_id"]
            if parent and parent not in by_id:
                reason = (
                    f"the {role} is not in the family: add a row for this person, or leave it blank"
                )
                raise impossible(record, f"{role}_id", reason)
            parents[role] = parent or None
        for role, sex in (("father", Sex.MALE), ("mother", Sex.FEMALE)):
            if parents[role] is None and any(parents.values()):
                parents[role] = f"{person} (unknown {role})"
                persons.append(Person(f"{person} (unknown {role})", sex=sex))
                reason = f"an unknown {role}, of nobody else, is assumed for {shown(person)}"
                notes.append(str(record.complaint(f"{role}_id", reason)))
        if record["sex"].lower() not in _SEXES:
            raise impossible(record, "sex", "write M, F, or U for not known")
        sex = _SEXES[record["sex"].lower()]
        persons.append(Person(person, parents["father"], parents["mother"], sex))
    try:
        return Pedigree(tuple(persons))
    except ImpossibleParent as error:
        record = by_id[str(error.fields["person"])]
        reason = f"{error}: correct the sex or the parent"
        raise impossible(record, f"{error.fields['role']}_id", reason) from error
    except OwnAncestor as error:
        record = by_id[str(error.fields["person"])]
        is_father = record["father_id"] and record["father_id"] in str(error.fields["chain"])
        field = "father_id" if is_father else "mother_id"
        raise impossible(record, field, f"{error}: correct the parents") from error
    except PedigreeError as error:
        raise impossible(next(iter(by_id.values())), "person_id", str(error)) from error


def connected(pedigree: Pedigree, person: str) -> set[str]:
    """Everybody whom parents and children link with a person."""
    links: dict[str, set[str]] = {other.id: set() for other in pedigree}
    for other in pedigree:
        for parent in (other.father, other.mother):
            if parent is not None:
                links[other.id].add(parent)
                links[parent].add(other.id)
    found, edge = {person}, [person]
    while edge:
        new = links[edge.pop()] - found
        found |= new
        edge += new
    return found


def shared_samples(sheet: Sheet, families: Mapping[str, FamilyRecord]) -> Iterator[str]:
    """A note on each sample that stands in several families: a mother may seek two children."""
    owners: dict[str, list[str]] = {}
    for family in families.values():
        for person, sample in family.samples.items():
            owners.setdefault(sample, []).append(f"{shown(person)} in family {shown(family.id)}")
    for sample, names in owners.items():
        if len(names) > 1:
            yield (
                f"{sheet.name}: sample {shown(sample)} stands for {', '.join(names)}: make sure it"
                " does"
            )


def impossible(record: Record, field: str, reason: str) -> ImpossibleFamily:
    """The refusal of a family because of one field of one row."""
    return ImpossibleFamily(record.complaint(field, reason))
