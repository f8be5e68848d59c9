"""Reads the project file of Familias 3 (`.fam`): persons, pedigrees, database, and the DVI part.

The file has no names for its lines, so each is read as what it must be at its place, and the
first one that is something else refuses the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from reunion.kinship.errors import PedigreeError
from reunion.kinship.formats.dataset import Dataset, Reading, Rules
from reunion.kinship.formats.familias_dvi import read_dvi
from reunion.kinship.formats.familias_lines import Lines
from reunion.kinship.formats.familias_systems import System, read_database
from reunion.kinship.formats.families import FamilyRecord
from reunion.kinship.formats.gathering import Gathering
from reunion.kinship.formats.parents import pedigree_of_pairs
from reunion.kinship.formats.text import read_text
from reunion.kinship.frequencies import FrequencyTable
from reunion.kinship.pedigree import Sex

FIRST_LINE = "Output from Familias, version"
SECOND_LINE = "DO NOT EDIT!"
VERSION = "3.3"
KNOWN_RELATIONS = "Known relations"
PERSON = ("#FALSE#", "-1", "#FALSE#")
"""Flag, year and flag of a person, where they say nothing."""


_YEAR = re.compile(r"-?\d{1,4}(?: ?\([^()#]*\))?", re.ASCII)

HEAD = {
    "first line": f"{FIRST_LINE} {VERSION}",
    "second line": SECOND_LINE,
    "version": VERSION,
    "free line": "",
}
"""The lines before the persons as we write them."""


@dataclass(frozen=True, slots=True)
class _Person:
    """A person; `typed` has line, two positions of alleles, and position of the system."""

    name: str
    sex: Sex
    line: int
    typed: tuple[tuple[int, int, int, int], ...]


def read_familias(path: Path, rules: Rules) -> Reading:
    """Read a project file.

    Persons who are typed are samples under their names; each pedigree is a family in which nobody
    is sought. In the DVI part, unidentified persons are samples without a family, and the one
    sought in a reference family is called "Missing person".

    Raises:
        DataRefused: names the line that is not what it must be.
    """
    lines = Lines(read_text(path, rules.encoding))
    text = lines.text
    gathering = Gathering(text.name, rules)
    kept: dict[str, str] = {}
    _read_head(lines, kept)
    persons = [_person(lines, kept) for _ in range(lines.count("number of persons"))]
    families = _pedigrees(lines, persons, gathering, kept)
    database = read_database(lines, gathering, rules.checks.catalogue, kept)
    gathering.trust({locus: of.alleles for locus, of in database.frequencies.items()})
    for person in persons:
        _take_genotypes(lines, person, database.systems, gathering)
    families += read_dvi(lines, gathering, kept)
    table = None
    if database.frequencies:
        table = FrequencyTable(database.name, "", "", database.frequencies)
    elif database.name:
        kept["database name"] = database.name
    dataset = Dataset(
        gathering.samples(), tuple(families), table, database.minima, database.mutations, kept
    )
    complaints = sorted(gathering.quarantine, key=lambda complaint: complaint.line)
    strange = [place for place in kept if place not in HEAD]
    notes = [f"{text.name}: {place} is not understood: kept as it is" for place in strange]
    notes += map(str, gathering.spellings)
    return Reading(text.name, dataset, tuple(complaints), tuple(notes), text.sha256)


def _read_head(lines: Lines, kept: dict[str, str]) -> None:
    """The four lines before the persons, the last of which may be missing."""
    first = lines.quoted("first line of a Familias file")
    if not first.startswith(FIRST_LINE):
        raise lines.refused("this is no project file of Familias 3", "first line", first)
    found = {
        "first line": first,
        "second line": lines.quoted(SECOND_LINE),
        "version": lines.next("version"),
        "free line": lines.quoted("free line") if lines.peek().startswith('"') else "",
    }
    for place, usual in HEAD.items():
        if found[place] != usual:
            kept[place] = found[place]


def _person(lines: Lines, kept: dict[str, str]) -> _Person:
    """One person with the positions of the alleles."""
    name, start = lines.quoted("name of a person"), lines.line
    said = (lines.flag_text("flag"), lines.next("year"), lines.flag_text("flag"))
    if not _YEAR.fullmatch(said[1]):
        raise lines.text.refused("a year is expected here, or -1", start + 2, "year", said[1])
    if said != PERSON:
        kept[f"person {name}"] = "; ".join(said)
    sex = Sex.MALE if lines.flag("sex") else Sex.FEMALE
    typed = []
    for _ in range(lines.count("number of typed markers")):
        first, second = lines.whole("first allele"), lines.whole("second allele")
        typed.append((lines.line, first, second, lines.whole("marker")))
    return _Person(name, sex, start, tuple(typed))


def _pedigrees(
    lines: Lines, persons: list[_Person], gathering: Gathering, kept: dict[str, str]
) -> list[FamilyRecord]:
    """The pedigrees; one that is impossible, or adds persons of its own, is put aside."""
    word = lines.quoted(KNOWN_RELATIONS)
    if word != KNOWN_RELATIONS:
        raise lines.refused(f"{KNOWN_RELATIONS} is expected here", KNOWN_RELATIONS, word)
    for what in ("extra female persons", "extra male persons", "fixed relations"):
        if lines.whole(what):
            reason = "relations that hold for all pedigrees are not read: put them into each"
            raise lines.refused(reason, what, "")
    sexes = {person.name: person.sex for person in persons}
    if len(sexes) < len(persons):
        raise lines.text.refused("two persons have one name: give each a name of their own")
    samples = {person.name: person.name for person in persons if person.typed}
    families = []
    for at in range(lines.count("number of pedigrees")):
        index, line = lines.next("number of a pedigree"), lines.line
        if index != str(at):
            kept[f"pedigree {at}"] = index
        name = lines.quoted("name of a pedigree")
        extra = [lines.whole(f"extra {sex} persons") for sex in ("female", "male")]
        pairs = [
            (lines.whole("parent"), lines.whole("child"))
            for _ in range(lines.count("number of relations"))
        ]
        reason = "persons who stand in this pedigree only are not read: add them to the persons"
        if not any(extra):
            try:
                named = [(persons[parent].name, persons[child].name) for parent, child in pairs]
                pedigree = pedigree_of_pairs(sexes, named)
                families.append(FamilyRecord(name, pedigree, "", samples, {}))
                continue
            except IndexError:
                reason = "it speaks of a person who is not there"
            except PedigreeError as error:
                reason = str(error)
        gathering.put_aside(f"the pedigree is put aside: {reason}", line, "pedigree", name)
    return families


def _take_genotypes(
    lines: Lines, person: _Person, systems: list[System], gathering: Gathering
) -> None:
    """The genotypes of a person, from positions in the lists of alleles."""
    if not person.typed or (draft := gathering.draft(person.name, person.line)) is None:
        return
    draft.sex = person.sex
    for line, first, second, at in person.typed:
        if at >= len(systems) or max(first, second) >= len(systems[at].alleles):
            reason = "there is no such marker or allele in the database: the file is damaged"
            raise lines.text.refused(reason, line, "alleles", f"{first} {second} of marker {at}")
        alleles = (systems[at].alleles[first], systems[at].alleles[second])
        gathering.take(draft, systems[at].name, alleles, line)
