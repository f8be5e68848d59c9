"""Pedigrees: who descends from whom. Nouns make one, verbs return a changed copy.

>>> family = siblings("S1", "S2").with_child("child", father="S1", mother="W", sex="male")
>>> [person.id for person in family.founders]
['father', 'mother', 'W']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from reunion.kinship.errors import (
    DuplicatePerson,
    ImpossibleInbreeding,
    ImpossibleParent,
    ImpossibleTwins,
    OneParent,
    OwnAncestor,
    UnknownPerson,
)


class Sex(StrEnum):
    """Sex as far as inheritance needs it; `unknown` is enough for autosomal markers."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Person:
    """One person: both parents named, or neither (a founder).

    `inbreeding` is the founder inbreeding coefficient f: P(a/a) = f p + (1-f) p^2.
    """

    id: str
    father: str | None = None
    mother: str | None = None
    sex: Sex = Sex.UNKNOWN
    inbreeding: float = 0.0

    @property
    def is_founder(self) -> bool:
        """Whether no parent is listed."""
        return self.father is None and self.mother is None


@dataclass(frozen=True, slots=True)
class Pedigree:
    """Persons of one hypothesis, in one or more unconnected components; loops are welcome.

    Args:
        persons: each once, in any order.
        twins: groups of identical twins (same parents, one genotype).

    Raises:
        PedigreeError: one of its leaves, which names the person and the rule.
    """

    persons: tuple[Person, ...]
    twins: tuple[tuple[str, ...], ...] = ()
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check every rule; give a parent of unknown sex the sex of the part played."""
        persons = {person.id: person for person in self.persons}
        if len(persons) < len(self.persons):
            seen: set[str] = set()
            for person in self.persons:
                if person.id in seen:
                    raise DuplicatePerson(person=person.id)
                seen.add(person.id)
        for person in self.persons:
            if (person.father is None) != (person.mother is None):
                raise OneParent(person=person.id)
            for parent, role in ((person.father, "father"), (person.mother, "mother")):
                if parent is not None and parent not in persons:
                    raise UnknownPerson(person=parent, role=f"{role} of {person.id}")
            _check_inbreeding(person)
        self.ordered()
        for person in self.persons:
            _check_parent(persons, person, person.father, "father", Sex.MALE)
            _check_parent(persons, person, person.mother, "mother", Sex.FEMALE)
        object.__setattr__(self, "persons", tuple(persons[person.id] for person in self.persons))
        for group in self.twins:
            _check_twins(persons, group)
        object.__setattr__(self, "_hash", hash((self.persons, self.twins)))

    def __hash__(self) -> int:
        """Worked out once: pedigrees are keys wherever plans and tables are kept."""
        return self._hash

    def __iter__(self) -> Iterator[Person]:
        """The persons, in the order given."""
        return iter(self.persons)

    def __contains__(self, person: object) -> bool:
        """Whether a person of this name is in the pedigree."""
        return any(other.id == person for other in self.persons)

    def __getitem__(self, person: str) -> Person:
        """The person of this name; UnknownPerson where there is none."""
        for other in self.persons:
            if other.id == person:
                return other
        raise UnknownPerson(person=person, role="asked for")

    @property
    def founders(self) -> tuple[Person, ...]:
        """The persons without listed parents."""
        return tuple(person for person in self.persons if person.is_founder)

    def children_of(self, person: str) -> tuple[Person, ...]:
        """The children of a person, in the order given."""
        return tuple(other for other in self.persons if person in (other.father, other.mother))

    def ordered(self) -> tuple[Person, ...]:
        """The persons, parents before children; OwnAncestor where that is impossible."""
        persons = {person.id: person for person in self.persons}
        done: dict[str, None] = {}
        for start in self.persons:
            open_ids: list[str] = [start.id]
            path: dict[str, None] = {}
            while open_ids:
                current = open_ids[-1]
                if current in done:
                    open_ids.pop()
                    continue
                path[current] = None
                missing = [
                    parent
                    for parent in (persons[current].father, persons[current].mother)
                    if parent is not None and parent not in done
                ]
                if not missing:
                    done[current] = None
                    path.pop(current)
                    open_ids.pop()
                    continue
                for parent in missing:
                    if parent in path:
                        chain = list(path)
                        circle = [*chain[chain.index(parent) :], parent]
                        raise OwnAncestor(person=parent, chain=" < ".join(circle))
                open_ids.append(missing[0])
        return tuple(persons[name] for name in done)

    def with_child(self, child: str, *, father: str, mother: str, sex: str = "unknown") -> Pedigree:
        """A child more; a parent who is not yet there is added as a founder."""
        new = [
            Person(parent, sex=role)
            for parent, role in ((father, Sex.MALE), (mother, Sex.FEMALE))
            if parent not in self
        ]
        born = Person(child, father, mother, Sex(sex))
        return replace(self, persons=(*self.persons, *new, born))

    def with_parents(self, child: str, *, father: str, mother: str) -> Pedigree:
        """The founder `child` gets parents; those who are not yet there are added as founders."""
        if not self[child].is_founder:
            raise ImpossibleParent(
                parent=father, role="father", person=child, reason="parents are listed already"
            )
        new = tuple(
            Person(parent, sex=role)
            for parent, role in ((father, Sex.MALE), (mother, Sex.FEMALE))
            if parent not in self
        )
        changed = self._replaced(child, father=father, mother=mother)
        return replace(self, persons=(*changed, *new))

    def with_sex(self, person: str, sex: str) -> Pedigree:
        """The same pedigree, where `person` has this sex."""
        return replace(self, persons=self._replaced(person, sex=Sex(sex)))

    def with_inbreeding(self, founder: str, coefficient: float) -> Pedigree:
        """The same pedigree, where `founder` has this inbreeding coefficient."""
        return replace(self, persons=self._replaced(founder, inbreeding=coefficient))

    def with_twins(self, *twins: str) -> Pedigree:
        """The same pedigree, where these persons are identical twins."""
        return replace(self, twins=(*self.twins, twins))

    def without(self, person: str) -> Pedigree:
        """The pedigree without a childless person."""
        if self.children_of(person):
            raise UnknownPerson(person=person, role="has children, who would lose a parent")
        rest = tuple(other for other in self.persons if other.id != self[person].id)
        twins = tuple(tuple(name for name in group if name != person) for group in self.twins)
        return Pedigree(rest, tuple(group for group in twins if len(group) > 1))

    def renamed(self, names: Mapping[str, str]) -> Pedigree:
        """The same pedigree under other names; persons who are not in `names` keep theirs."""

        def new(name: str | None) -> str | None:
            return None if name is None else names.get(name, name)

        persons = tuple(
            replace(
                person,
                id=names.get(person.id, person.id),
                father=new(person.father),
                mother=new(person.mother),
            )
            for person in self.persons
        )
        twins = tuple(tuple(names.get(name, name) for name in group) for group in self.twins)
        return Pedigree(persons, twins)

    def joined(self, other: Pedigree) -> Pedigree:
        """Both pedigrees side by side; persons who stand in both must be the same."""
        mine = {person.id: person for person in self.persons}
        new = []
        for person in other.persons:
            if person.id not in mine:
                new.append(person)
            elif mine[person.id] != person:
                raise DuplicatePerson(person=person.id)
        return Pedigree((*self.persons, *new), (*self.twins, *other.twins))

    def _replaced(self, person: str, **changes: object) -> tuple[Person, ...]:
        """All persons, one of them with changed fields."""
        changed = replace(self[person], **changes)  # type: ignore[arg-type] # fields of Person
        return tuple(changed if other.id == person else other for other in self.persons)


def _check_parent(
    persons: dict[str, Person], child: Person, parent: str | None, role: str, sex: Sex
) -> None:
    """Refuse a parent of the wrong sex; an unknown sex becomes the role's."""
    if parent is None:
        return
    if persons[parent].sex is Sex.UNKNOWN:
        persons[parent] = replace(persons[parent], sex=sex)
    elif persons[parent].sex is not sex:
        raise ImpossibleParent(
            parent=parent,
            role=role,
            person=child.id,
            reason=f"{parent} is {persons[parent].sex.value}, or is also named as the other parent",
        )


def _check_inbreeding(person: Person) -> None:
    """Founders only, and a probability."""
    if person.inbreeding == 0:
        return
    if not person.is_founder:
        raise ImpossibleInbreeding(person=person.id, reason="only a founder can have one")
    if not 0 <= person.inbreeding <= 1:
        raise ImpossibleInbreeding(person=person.id, reason=f"{person.inbreeding} is not in 0..1")


def _check_twins(persons: Mapping[str, Person], group: tuple[str, ...]) -> None:
    """Identical twins are listed, have the same parents and do not differ in sex."""
    names = ", ".join(group)
    for name in group:
        if name not in persons:
            raise UnknownPerson(person=name, role="identical twin")
    twins = [persons[name] for name in group]
    if len(set(group)) < 2:
        raise ImpossibleTwins(persons=names, reason="two different persons are needed")
    if len({(twin.father, twin.mother) for twin in twins}) > 1:
        raise ImpossibleTwins(persons=names, reason="their parents differ")
    if len({twin.sex for twin in twins} - {Sex.UNKNOWN}) > 1:
        raise ImpossibleTwins(persons=names, reason="their sex differs")


def single(person: str, *, sex: str = "unknown") -> Pedigree:
    """One unrelated person."""
    return Pedigree((Person(person, sex=Sex(sex)),))


def trio(
    father: str = "father", mother: str = "mother", child: str = "child", *, sex: str = "unknown"
) -> Pedigree:
    """Two parents and their child."""
    return siblings(child, father=father, mother=mother, sex=sex)


def siblings(
    *children: str, father: str = "father", mother: str = "mother", sex: str = "unknown"
) -> Pedigree:
    """Two parents and their children."""
    parents = (Person(father, sex=Sex.MALE), Person(mother, sex=Sex.FEMALE))
    return Pedigree((*parents, *(Person(child, father, mother, Sex(sex)) for child in children)))


def half_siblings(
    first: str,
    second: str,
    *,
    shared: str = "father",
    first_other: str = "mother_1",
    second_other: str = "mother_2",
    through: str = "father",
) -> Pedigree:
    """Two children of one parent (`through` says which: "father" or "mother") by two partners."""
    pedigree = Pedigree(())
    for child, other in ((first, first_other), (second, second_other)):
        father, mother = (shared, other) if through == "father" else (other, shared)
        pedigree = pedigree.with_child(child, father=father, mother=mother)
    return pedigree


def grandparents(
    child: str = "child",
    *,
    grandfather: str = "grandfather",
    grandmother: str = "grandmother",
    parent: str = "parent",
    other: str = "other_parent",
    through: str = "father",
) -> Pedigree:
    """The parents of one parent of the child (`through` says of which)."""
    sex = "male" if through == "father" else "female"
    line = siblings(parent, father=grandfather, mother=grandmother, sex=sex)
    father, mother = (parent, other) if through == "father" else (other, parent)
    return line.with_child(child, father=father, mother=mother)


def avuncular(
    child: str = "child", uncle: str = "uncle", *, through: str = "father", sex: str = "male"
) -> Pedigree:
    """A full sibling (uncle or aunt) of one parent of the child."""
    line = grandparents(child, through=through)
    return line.with_child(uncle, father="grandfather", mother="grandmother", sex=sex)


def first_cousins(first: str = "cousin_1", second: str = "cousin_2") -> Pedigree:
    """Children of two full siblings."""
    return (
        siblings("parent_1", "parent_2", father="grandfather", mother="grandmother")
        .with_child(first, father="parent_1", mother="spouse_1")
        .with_child(second, father="parent_2", mother="spouse_2")
    )


def pedigree_of(rows: Iterable[tuple[str, str | None, str | None, str]]) -> Pedigree:
    """A pedigree from rows (person, father, mother, sex)."""
    return Pedigree(tuple(Person(i, father, mother, Sex(sex)) for i, father, mother, sex in rows))
