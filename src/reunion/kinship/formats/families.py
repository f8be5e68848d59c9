"""Reads families who search: `family_id,person_id,father_id,mother_id,sex,sample_id,sought`.

A family that is impossible is refused alone; the others go on. Two more columns may be there:
`twin_of`, the person_id of an identical twin, and `population`, which a person is declared to
belong to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from reunion.kinship.errors import ImpossibleParent, ImpossibleTwins, OwnAncestor, PedigreeError
from reunion.kinship.formats.complaints import Complaint, DataRefused, shown
from reunion.kinship.formats.sheet import BLANKS, Record, Sheet, open_sheet
from reunion.kinship.pedigree import Pedigree, Person, Sex

COLUMNS = ("family_id", "person_id", "father_id", "mother_id", "sex", "sample_id", "sought")
TWIN, POPULATION = "twin_of", "population"
MORE_COLUMNS = (TWIN, POPULATION)

Marking: TypeAlias = Literal["one", "several", "candidate"]
"""Who is marked in a family: the one sought, all who are sought, or a candidate, typed or not."""

_SEXES = {
    "m": Sex.MALE,
    "male": Sex.MALE,
    "f": Sex.FEMALE,
    "female": Sex.FEMALE,
    "u": Sex.UNKNOWN,
    "unknown": Sex.UNKNOWN,
    "": Sex.UNKNOWN,
}
_ONLY_ONE = {"one": "person sought", "candidate": "candidate"}


@dataclass(frozen=True, slots=True)
class FamilyRecord:
    """A family as it stands in the file.

    Args:
        id: name of the family.
        pedigree: all its persons, and unknown parents added where one was left blank.
        sought: the person who is looked for, or the candidate; blank where nobody is marked.
        samples: sample by person, for those from whom there is one.
        lines: line in the file by person.
        others: further persons who are sought.
        populations: declared population by person, as it stands in the file.
    """

    id: str
    pedigree: Pedigree
    sought: str
    samples: Mapping[str, str]
    lines: Mapping[str, int]
    others: tuple[str, ...] = ()
    populations: Mapping[str, str] = field(default_factory=dict)

    @property
    def marked(self) -> tuple[str, ...]:
        """All who are sought."""
        return (self.sought, *self.others)


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


def read_families(path: Path, marking: Marking = "one", encoding: str = "utf-8") -> Families:
    """Read the families of a file.

    A blank parent beside a named one is added as an untyped person, "<person> (unknown father)";
    identical twins share that parent. Sex is M, F or U (or blank: not known); sought is 1 for those
    who are marked, else 0 or blank.

    Args:
        path: a CSV file.
        marking: who is marked.
        encoding: of the file.

    Raises:
        DataRefused: the file is damaged as a whole, or a row names no family.
    """
    with open_sheet(path, COLUMNS, MORE_COLUMNS, encoding=encoding) as sheet:
        refused: dict[str, Complaint] = {}
        rows = _rows_by_family(sheet, refused)
        notes = list(sheet.notes)
        families: dict[str, FamilyRecord] = {}
        for family, records in rows.items():
            if family not in refused:
                try:
                    families[family] = _family(family, records, notes, marking)
                except ImpossibleFamily as error:
                    refused[family] = error.complaint
        notes += _shared_samples(sheet, families)
    return Families(
        sheet.name,
        tuple(family for family in families.values() if family.id not in refused),
        tuple(RefusedFamily(family, complaint) for family, complaint in refused.items()),
        frozenset(record["sample_id"] for records in rows.values() for record in records) - {""},
        tuple(notes),
        sheet.sha256,
    )


def _rows_by_family(sheet: Sheet, refused: dict[str, Complaint]) -> dict[str, list[Record]]:
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


def _family(family: str, records: list[Record], notes: list[str], marking: Marking) -> FamilyRecord:
    """One family, or ImpossibleFamily."""
    by_id: dict[str, Record] = {}
    for record in records:
        person = record["person_id"]
        if not person or not person.isprintable():
            raise _impossible(record, "person_id", "the row names no person: give an id")
        if person in by_id:
            reason = f"the person is in the family twice (line {by_id[person].line}): keep one row"
            raise _impossible(record, "person_id", reason)
        by_id[person] = record
    marked = _marked(records, marking)
    samples = _samples(records)
    pedigree = _pedigree(by_id, notes)
    relatives: set[str] = set()
    for record in marked:
        linked = connected(pedigree, record["person_id"])
        relatives |= linked
        if not linked & samples.keys():
            reason = "no relative of this person has a sample: take one, and give its sample_id"
            raise _impossible(record, "sample_id", reason)
    notes += [
        str(
            by_id[person].complaint("sample_id", "no relative of the sought person: counts nothing")
        )
        for person in samples
        if person not in relatives
    ]
    names = [record["person_id"] for record in marked]
    return FamilyRecord(
        family,
        pedigree,
        names[0],
        samples,
        {person: record.line for person, record in by_id.items()},
        tuple(names[1:]),
        {person: record[POPULATION] for person, record in by_id.items() if record[POPULATION]},
    )


def _marked(records: list[Record], marking: Marking) -> list[Record]:
    """The rows of those who are sought, or of the candidate."""
    for record in records:
        if record["sought"] not in ("0", "1", ""):
            raise _impossible(record, "sought", "1 marks the one sought, else write 0")
    marked = [record for record in records if record["sought"] == "1"]
    if not marked:
        raise _impossible(records[0], "sought", "nobody in the family is sought: mark one with 1")
    if len(marked) > 1 and marking != "several":
        reason = f"line {marked[0].line} is sought already: make one family for each"
        raise _impossible(marked[1], "sought", f"{reason} {_ONLY_ONE[marking]}")
    for record in () if marking == "candidate" else marked:
        if record["sample_id"]:
            reason = "the sought person cannot have a sample: take it out, or mark another as"
            raise _impossible(record, "sample_id", f"{reason} sought")
    return marked


def _samples(records: list[Record]) -> dict[str, str]:
    """The sample of each person who has one."""
    owners: dict[str, Record] = {}
    for record in records:
        if sample := record["sample_id"]:
            if sample in owners:
                reason = (
                    f"the sample is that of {shown(owners[sample]['person_id'])} already (line"
                    f" {owners[sample].line}): one sample is of one person"
                )
                raise _impossible(record, "sample_id", reason)
            owners[sample] = record
    return {record["person_id"]: sample for sample, record in owners.items()}


def _pedigree(by_id: Mapping[str, Record], notes: list[str]) -> Pedigree:
    """The persons with their parents, the unknown ones added, and the identical twins."""
    twins = _twins(by_id)
    persons = {}
    for person, record in by_id.items():
        parents = _parents(record, by_id)
        for role, sex in (("father", Sex.MALE), ("mother", Sex.FEMALE)):
            if parents[role] is None and any(parents.values()):
                first = next((group[0] for group in twins if person in group), person)
                parents[role] = f"{first} (unknown {role})"
                persons[parents[role]] = Person(f"{first} (unknown {role})", sex=sex)
                whose = "of nobody else" if first == person else f"that of {shown(first)}"
                reason = f"an unknown {role}, {whose}, is assumed for {shown(person)}"
                notes.append(str(record.complaint(f"{role}_id", reason)))
        if record["sex"].lower() not in _SEXES:
            raise _impossible(record, "sex", "write M, F, or U for not known")
        sex = _SEXES[record["sex"].lower()]
        persons[person] = Person(person, parents["father"], parents["mother"], sex)
    try:
        return Pedigree(tuple(persons.values()), twins)
    except ImpossibleParent as error:
        record = by_id[str(error.fields["person"])]
        reason = f"{error}: correct the sex or the parent"
        raise _impossible(record, f"{error.fields['role']}_id", reason) from error
    except OwnAncestor as error:
        record = by_id[str(error.fields["person"])]
        is_father = record["father_id"] and record["father_id"] in str(error.fields["chain"])
        column = "father_id" if is_father else "mother_id"
        raise _impossible(record, column, f"{error}: correct the parents") from error
    except ImpossibleTwins as error:
        twins_named = str(error.fields["persons"]).split(", ")
        at_fault = [of for name, of in by_id.items() if of[TWIN] and name in twins_named]
        record = (at_fault or [of for of in by_id.values() if of[TWIN]])[0]
        raise _impossible(record, TWIN, f"{error}: correct the rows of the twins") from error
    except PedigreeError as error:
        raise _impossible(next(iter(by_id.values())), "person_id", str(error)) from error


def _parents(record: Record, by_id: Mapping[str, Record]) -> dict[str, str | None]:
    """Father and mother of a person as the row names them, or None."""
    parents: dict[str, str | None] = {}
    for role in ("father", "mother"):
        parent = record[f"{role}_id"]
        if parent and parent not in by_id:
            reason = f"the {role} is not in the family: add a row for this person, or leave it"
            raise _impossible(record, f"{role}_id", f"{reason} blank")
        parents[role] = parent or None
    return parents


def _twins(by_id: Mapping[str, Record]) -> tuple[tuple[str, ...], ...]:
    """The groups of identical twins, each in the order of the file."""
    group_of: dict[str, set[str]] = {}
    for person, record in by_id.items():
        twin = record[TWIN]
        if not twin:
            continue
        if twin not in by_id or twin == person:
            reason = "this is nobody else of the family: name the person_id of the identical twin"
            raise _impossible(record, TWIN, reason)
        together = group_of.get(person, {person}) | group_of.get(twin, {twin})
        group_of |= dict.fromkeys(together, together)
    groups = (
        tuple(p for p in by_id if p in group_of[person]) for person in by_id if person in group_of
    )
    return tuple(dict.fromkeys(groups))


def connected(pedigree: Pedigree, person: str) -> set[str]:
    """Everybody whom parents, children and identical twins link with a person."""
    links: dict[str, set[str]] = {other.id: set() for other in pedigree}
    for twins in pedigree.twins:
        for twin in twins:
            links[twin] |= {*twins}
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


def _shared_samples(sheet: Sheet, families: Mapping[str, FamilyRecord]) -> Iterator[str]:
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


def _impossible(record: Record, column: str, reason: str) -> ImpossibleFamily:
    """The refusal of a family because of one field of one row."""
    return ImpossibleFamily(record.complaint(column, reason))
