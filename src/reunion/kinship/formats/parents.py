"""Pedigrees as formats list them: pairs of parent and child, and parents whom nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reunion.kinship.errors import ImpossibleParent
from reunion.kinship.formats.families import FamilyRecord
from reunion.kinship.pedigree import Pedigree, Person, Sex

_ROLES = {"father": Sex.MALE, "mother": Sex.FEMALE}


def unknown_parent(person: str, role: str) -> str:
    """The name of a parent who is assumed, since only the other one is listed."""
    return f"{person} (unknown {role})"


def pedigree_of_parents(
    sexes: Mapping[str, Sex], parents: Mapping[str, tuple[str | None, str | None]]
) -> Pedigree:
    """A pedigree from everybody's sex, and father and mother of those who have any.

    Raises:
        PedigreeError: what they say is impossible.

    >>> people = pedigree_of_parents({"c": Sex.MALE, "f": Sex.MALE}, {"c": ("f", None)})
    >>> [person.id for person in people]
    ['c (unknown mother)', 'c', 'f']
    """
    persons: list[Person] = []
    for person, sex in sexes.items():
        father, mother = parents.get(person, (None, None))
        if father is None and mother is not None:
            father = unknown_parent(person, "father")
            persons.append(Person(father, sex=Sex.MALE))
        elif mother is None and father is not None:
            mother = unknown_parent(person, "mother")
            persons.append(Person(mother, sex=Sex.FEMALE))
        persons.append(Person(person, father, mother, sex))
    return Pedigree(tuple(persons))


def pedigree_of_pairs(sexes: Mapping[str, Sex], pairs: Iterable[tuple[str, str]]) -> Pedigree:
    """A pedigree from everybody's sex, and pairs of parent and child.

    Raises:
        PedigreeError: what they say is impossible; ImpossibleParent where the sexes do not tell
            father from mother.
    """
    listed: dict[str, list[str]] = {}
    for parent, child in pairs:
        listed.setdefault(child, []).append(parent)
    parents: dict[str, tuple[str | None, str | None]] = {}
    for child, names in listed.items():
        found = {sexes[name]: name for name in names}
        if len(names) > len(found) or len(names) > 2 or found.keys() == {Sex.UNKNOWN}:
            reason = "two parents of the same sex, more than two, or a parent of unknown sex"
            raise ImpossibleParent(parent=names[-1], role="parent", person=child, reason=reason)
        father, mother = found.get(Sex.MALE), found.get(Sex.FEMALE)
        other = found.get(Sex.UNKNOWN)
        parents[child] = (father or other, mother or (other if father else None))
    return pedigree_of_parents(sexes, parents)


def listed_persons(family: FamilyRecord) -> list[Person]:
    """The persons of a family, without unknown parents who are assumed and have no other part."""
    assumed = {unknown_parent(person.id, role) for person in family.pedigree for role in _ROLES}
    return [
        person
        for person in family.pedigree
        if person.id not in assumed
        or person.id in (*family.samples, family.sought)
        or not person.is_founder
        or person.inbreeding
        or len(family.pedigree.children_of(person.id)) != 1
    ]


def known_parents(family: FamilyRecord) -> dict[str, tuple[str | None, str | None]]:
    """Father and mother of everybody, None for one who is assumed."""
    listed = {person.id for person in listed_persons(family)}
    return {
        person.id: (
            person.father if person.father in listed else None,
            person.mother if person.mother in listed else None,
        )
        for person in family.pedigree
        if person.id in listed
    }
