"""The DVI part of a Familias project file: unidentified persons, and families who search."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reunion.kinship.errors import PedigreeError
from reunion.kinship.formats.familias_lines import Lines
from reunion.kinship.formats.familias_sections import Section, read_sections
from reunion.kinship.formats.families import FamilyRecord
from reunion.kinship.formats.gathering import Gathering
from reunion.kinship.formats.parents import pedigree_of_pairs
from reunion.kinship.pedigree import Sex

DVI = "DVI"
UNIDENTIFIED = "Unidentified persons"
REFERENCE = "Reference Families"
PEDIGREES = "Pedigrees"
DNA = "DNA data"
MISSING = "Missing person"
"""The name under which the sought person stands in the relations of a family."""

SEXES = {"male": Sex.MALE, "female": Sex.FEMALE, "unknown": Sex.UNKNOWN, "": Sex.UNKNOWN}
_SYSTEM = ("SystemName", "Allele1", "Allele2")
_RELATION = ("Parent", "Child")
_INSIDE = {
    DVI: (UNIDENTIFIED, REFERENCE),
    UNIDENTIFIED: ("Person",),
    REFERENCE: ("Family",),
    "Family": ("Person", PEDIGREES),
    "Person": (DNA,),
    DNA: (),
    PEDIGREES: ("Pedigree",),
    "Pedigree": (),
}
"""The sections that are understood, by their titles without number, and what each may hold."""

_NAMES = {
    DVI: (),
    UNIDENTIFIED: ("nPersons",),
    REFERENCE: ("nFamilies",),
    "Family": ("Name", "nPersons"),
    "Person": ("Name", "Gender"),
    DNA: ("nSystems", *_SYSTEM),
    PEDIGREES: ("nPedigrees", "nRelations", *_RELATION),
    "Pedigree": ("nRelations", *_RELATION),
}
"""The lines that are understood in each of them."""

_ALL_NAMES = {name for names in _NAMES.values() for name in names}


def read_dvi(lines: Lines, gathering: Gathering, kept: dict[str, str]) -> list[FamilyRecord]:
    """Read what follows the database; what is not understood is kept as it is.

    Raises:
        DataRefused: sections, lines or counts do not fit.
    """
    families: list[FamilyRecord] = []
    for section in read_sections(lines):
        if section.title != DVI:
            _keep(section, f"[{section.title}]", kept)
            continue
        _check_places(section, f"[{DVI}]", lines, kept)
        for part in section.named(UNIDENTIFIED):
            for person in part.numbered("Person"):
                _take_person(person, gathering)
        for part in section.named(REFERENCE):
            for family in part.numbered("Family"):
                families += _families(family, gathering)
    return families


def _keep(section: Section, place: str, kept: dict[str, str]) -> None:
    """Keep a section that is not understood."""
    text = "\n".join(section.lines())
    kept[place] = f"{kept[place]}\n{text}" if place in kept else text


def _check_places(section: Section, place: str, lines: Lines, kept: dict[str, str]) -> None:
    """Refuse sections and lines that stand where they cannot; keep those not understood.

    A heading that is lost or damaged would give one person the genotypes of another.
    """
    kind = _kind(section)
    once: set[str] = set()
    systems = [name for name, _, _ in section.values if name != "nSystems"]
    if kind == DNA and systems != [*_SYSTEM] * (len(systems) // len(_SYSTEM)):
        reason = f"the lines {', '.join(_SYSTEM)} do not take turns: the file is damaged"
        raise lines.text.refused(reason, section.line, "section", section.title)
    for name, value, number in section.values:
        if name not in _ALL_NAMES:
            kept[f"{place} {name}"] = value
        elif name not in _NAMES[kind] or (name in once and name not in (*_SYSTEM, *_RELATION)):
            reason = f"the line does not belong here in {place}: the file is damaged"
            raise lines.text.refused(reason, number, name, value)
        once.add(name)
    for inside in section.inside:
        its_kind, its_place = _kind(inside), f"{place}[{inside.title}]"
        if its_kind not in _INSIDE:
            _keep(inside, its_place, kept)
        elif its_kind not in _INSIDE[kind] or (its_kind == DNA and DNA in once):
            reason = f"the section does not belong here in {place}: the file is damaged"
            raise lines.text.refused(reason, inside.line, "section", inside.title)
        else:
            once.add(its_kind)
            _check_places(inside, its_place, lines, kept)


def _kind(section: Section) -> str:
    """The title of a section without its number."""
    return re.sub(r"\s*\d+$", "", section.title)


def _take_person(section: Section, gathering: Gathering) -> tuple[str, Sex, bool]:
    """Gather one person; gives the name, the sex, and whether there is a sample."""
    name, gender = section.value("Name"), section.value("Gender")
    sex = SEXES.get(gender.lower(), Sex.UNKNOWN)
    if gender.lower() not in SEXES:
        reason = "Male, Female or Unknown is wanted: the sex counts as not known"
        gathering.put_aside(reason, section.line, "Gender", gender, name)
    rows = [row for dna in section.named(DNA) for row in _threes(dna)]
    draft = gathering.draft(name, section.line) if rows or not name else None
    if draft is None:
        return name, sex, False
    if draft.sex is Sex.UNKNOWN:
        draft.sex = sex
    for marker, alleles, line in rows:
        gathering.take(draft, marker, alleles, line)
    return draft.id, sex, True


def _threes(section: Section) -> Iterator[tuple[str, tuple[str, str], int]]:
    """The markers of a person, three lines each."""
    rows = [row for row in section.values if row[0] in _SYSTEM]
    for (_, marker, line), (_, first, _), (_, second, _) in zip(*[iter(rows)] * 3, strict=True):
        yield marker, (first, second), line


def _families(section: Section, gathering: Gathering) -> Iterator[FamilyRecord]:
    """The family of a section, once for each of its pedigrees."""
    name = section.value("Name") or section.title
    people = [_take_person(person, gathering) for person in section.numbered("Person")]
    samples = {person: person for person, _, is_typed in people if is_typed}
    listed = list(section.named(PEDIGREES))
    pedigrees = [pedigree for part in listed for pedigree in part.numbered("Pedigree")]
    pedigrees = pedigrees or listed or [section]
    for at, pedigree in enumerate(pedigrees, 1):
        family = name if at == 1 else f"{name} ({at})"
        rows = [row for row in pedigree.values if row[0] in _RELATION]
        names = [value for _, value, _ in rows]
        sexes = {person: sex for person, sex, _ in people}
        sexes.update({person: Sex.UNKNOWN for person in names if person not in sexes})
        reason = ""
        if [row[0] for row in rows] != [*_RELATION] * (len(rows) // 2):
            reason = "the lines Parent and Child do not take turns"
        elif len(sexes) > len(people) + (MISSING not in samples and MISSING in names):
            strange = [n for n in names if n != MISSING and n not in {p for p, _, _ in people}]
            reason = f"{', '.join(strange)} of the relations is no person of the family"
        if not reason:
            try:
                tree = pedigree_of_pairs(sexes, zip(names[::2], names[1::2], strict=True))
            except PedigreeError as error:
                reason = str(error)
        if reason:
            gathering.put_aside(f"{family} is put aside: {reason}", pedigree.line, "family", family)
            continue
        yield FamilyRecord(family, tree, MISSING if MISSING in tree else "", samples, {})
