"""Two pedigrees become one where a person of the one is a person of the other.

>>> from reunion.kinship.pedigree import siblings
>>> searching = siblings("lost", "brother", father="F", mother="M")
>>> found = siblings("found", "sister", father="X", mother="Y")
>>> one = merged(searching, "lost", found, "found")
>>> one.twins, one["found"].father
((('lost', 'found'), ('F', 'X'), ('M', 'Y')), 'F')
"""

from __future__ import annotations

from dataclasses import replace

from reunion.kinship.errors import ImpossibleMerge
from reunion.kinship.pedigree import Pedigree, Person, Sex


def merged(first: Pedigree, person: str, second: Pedigree, other: str) -> Pedigree:
    """Both pedigrees, where `person` of the first is `other` of the second.

    Both names stay: what is one person has one genotype under several names (a group of identical
    twins), so that each name keeps the sample that was taken under it. Where both have parents,
    those are one person each, too, and so on upwards; where one has them, they become the other's.

    Args:
        first: a pedigree.
        person: of the first.
        second: a pedigree that shares no name with the first.
        other: of the second.

    Raises:
        ImpossibleMerge: the sexes differ, or one person would be two of the other pedigree.
        DuplicatePerson: a name stands in both pedigrees.
    """
    both = Pedigree((*first.persons, *second.persons), (*first.twins, *second.twins))
    people = {one.id: one for one in both}
    same: dict[str, str] = {}
    todo = [(first[person].id, second[other].id)]
    while todo:
        mine, theirs = todo.pop(0)
        if same.get(theirs) == mine:
            continue
        if theirs in same or mine in same.values():
            raise ImpossibleMerge(
                person=mine, other=theirs, reason="one of them would be two different persons"
            )
        if {people[mine].sex, people[theirs].sex} == {Sex.MALE, Sex.FEMALE}:
            raise ImpossibleMerge(person=mine, other=theirs, reason="their sex differs")
        same[theirs] = mine
        for role in ("father", "mother"):
            parents = (getattr(people[mine], role), getattr(people[theirs], role))
            if None not in parents:
                todo.append(parents)
    groups = _groups(same, both.twins)
    for group in groups:
        _share_parents(people, group)
    return Pedigree(tuple(people.values()), groups)


def _groups(
    same: dict[str, str], twins: tuple[tuple[str, ...], ...]
) -> tuple[tuple[str, ...], ...]:
    """Who has one genotype, each name in one group."""
    groups: list[tuple[str, ...]] = list(twins)
    for theirs, mine in same.items():
        touched = [group for group in groups if mine in group or theirs in group]
        names = dict.fromkeys((mine, *(name for group in touched for name in group), theirs))
        groups = [*(group for group in groups if group not in touched), tuple(names)]
    return tuple(groups)


def _share_parents(people: dict[str, Person], group: tuple[str, ...]) -> None:
    """Give all names of one person the parents of the first that has any."""
    listed = [people[name] for name in group if not people[name].is_founder]
    for name in group if listed else ():
        father, mother = listed[0].father, listed[0].mother
        people[name] = replace(people[name], father=father, mother=mother)
