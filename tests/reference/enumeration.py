"""The likelihood of a pedigree by full enumeration: the slow reference for everything faster.

Sums over the ordered genotypes (paternal allele, maternal allele) of everybody, one person after
the other, and gives up a branch as soon as it has no weight. Nothing is shared with the product:
no arrays, no contraction, no peeling. Six or seven persons at a dozen alleles are its limit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.reference.matrices import Matrix, matrix_of

# Persons, markers and cases as they stand in a case file: JSON, whose values have many types.
Json = Any

Alleles = tuple[int, ...]
"""Positions of alleles; as a genotype (paternal, maternal), or (maternal,) for a male's X."""


Twins = Sequence[Sequence[str]]


def likelihoods(case: Mapping[str, Json], hypothesis: str, twins: Twins = ()) -> list[float]:
    """The likelihood of every marker of a case under "H1" or "H2"."""
    every = range(len(case["markers"]))
    return [_plan_in(case, hypothesis, marker, twins).total() for marker in every]


def branches(case: Mapping[str, Json], hypothesis: str, marker: int, twins: Twins = ()) -> int:
    """At most so many branches are tried at one marker: tells before the start what is small."""
    plan = _plan_in(case, hypothesis, marker, twins)
    mutates = case["markers"][marker]["mutation"]["model"] != "none"
    size = 1
    for person in plan.order:
        founder = person.father is None and person.mother is None
        if person.same_as is None:
            size *= len(person.options) if mutates or founder else min(4, len(person.options))
    return size


def typed_in(case: Mapping[str, Json]) -> set[str]:
    """The persons who have a genotype at any marker."""
    return {
        name
        for marker in case["markers"]
        for name, genotype in marker["genotypes"].items()
        if genotype is not None
    }


def likelihood(
    persons: Sequence[Mapping[str, Json]],
    marker: Mapping[str, Json],
    *,
    theta: float = 0.0,
    chrom: str = "auto",
    founder_inbreeding: Mapping[str, float] | None = None,
    dropout: Mapping[str, float] | None = None,
    twins: Twins = (),
    familias_typed: Collection[str] | None = None,
) -> float:
    """P(all genotypes at one marker | pedigree).

    Args:
        persons: {id, father, mother, sex} of everybody, parents before or after their children.
        marker: {name, frequencies, silent_allele, mutation, genotypes} of the case schema; a
            genotype [a, None] is one whose second allele is not known.
        theta: coancestry coefficient; all founders of all components draw from one urn.
        chrom: "auto" or "X".
        founder_inbreeding: f by founder.
        dropout: per-allele drop-out probability by person.
        twins: groups of identical twins.
        familias_typed: persons typed at any marker, where untyped persons are to be cut as
            Familias does; None: nobody is cut.
    """
    return _plan(
        persons,
        marker,
        theta=theta,
        chrom=chrom,
        founder_inbreeding=founder_inbreeding or {},
        dropout=dropout or {},
        twins=twins,
        familias_typed=familias_typed,
    ).total()


@dataclass
class _Person:
    """One person of the enumeration, and every true genotype that agrees with what was seen."""

    id: str
    father: str | None
    mother: str | None
    hemizygous: bool
    inbreeding: float
    seen: bool
    same_as: str | None = None
    options: list[tuple[Alleles, float]] = field(default_factory=list)


@dataclass
class _Plan:
    """Everybody in an order that has parents before children, and the laws of the marker."""

    order: list[_Person]
    p: list[float]
    theta: float
    female: Matrix
    male: Matrix
    _known: dict[tuple[Alleles, bool], list[float]] = field(default_factory=dict)

    def total(self) -> float:
        """The sum over all branches."""
        return self._sum(0, {}, ())

    def _sum(self, at: int, true: dict[str, Alleles], drawn: Alleles) -> float:
        """The sum over the persons from `at` on, given those before and the alleles drawn."""
        if at == len(self.order):
            return 1.0
        person = self.order[at]
        options, laws = person.options, self._laws(person, true)
        if person.same_as is not None:  # an identical twin: nothing is drawn or handed on anew
            options = [option for option in options if option[0] == true[person.same_as]]
            laws = [[1.0] * len(self.p)] * len(laws)
        parts = []
        for genotype, seen in options:
            weight = seen
            founded = []
            for allele, law in zip(genotype, laws, strict=True):
                if law is None:
                    founded.append(allele)
                else:
                    weight = weight * law[allele]
            if weight > 0 and founded:
                weight = weight * self._drawn(person, founded, drawn)
            if weight > 0:
                true[person.id] = genotype
                parts.append(weight * self._sum(at + 1, true, (*drawn, *founded)))
        return math.fsum(parts)

    def _laws(self, person: _Person, true: Mapping[str, Alleles]) -> list[list[float] | None]:
        """The law of each allele of a person, given the parent; None: the population's."""
        sides = [(person.mother, False)]
        if not person.hemizygous:
            sides.insert(0, (person.father, True))
        return [
            None if parent is None else self._given(true[parent], paternal)
            for parent, paternal in sides
        ]

    def _given(self, parent: Alleles, paternal: bool) -> list[float]:
        """P(each allele arrives | the parent's alleles); a father has one X to give."""
        known = self._known.get((parent, paternal))
        if known is None:
            matrix = self.male if paternal else self.female
            every = range(len(matrix))
            known = [math.fsum(matrix[a][c] for a in parent) / len(parent) for c in every]
            self._known[parent, paternal] = known
        return known

    def _drawn(self, person: _Person, alleles: list[int], drawn: Alleles) -> float:
        """P(the next draws are these alleles)."""
        f = person.inbreeding
        if f > 0 and len(alleles) == 2:
            a, b = alleles
            return (f * self.p[a] if a == b else 0.0) + (1 - f) * self.p[a] * self.p[b]
        weight = 1.0
        for a in alleles:
            if drawn and self.theta > 0:
                above = drawn.count(a) * self.theta + (1 - self.theta) * self.p[a]
                weight *= above / (1 + (len(drawn) - 1) * self.theta)
            else:
                weight *= self.p[a]
            drawn = (*drawn, a)
        return weight


def _plan_in(case: Mapping[str, Json], hypothesis: str, marker: int, twins: Twins) -> _Plan:
    """The plan of one marker of a case, with all settings of the case."""
    return _plan(
        case["hypotheses"][hypothesis],
        case["markers"][marker],
        theta=case.get("theta", 0.0),
        chrom=case.get("chrom", "auto"),
        founder_inbreeding=case.get("founder_inbreeding", {}),
        dropout=case.get("dropout", {}),
        twins=twins,
        familias_typed=typed_in(case) if case.get("familias_compatible") else None,
    )


def _plan(
    persons: Sequence[Mapping[str, Json]],
    marker: Mapping[str, Json],
    *,
    theta: float,
    chrom: str,
    founder_inbreeding: Mapping[str, float],
    dropout: Mapping[str, float],
    twins: Twins,
    familias_typed: Collection[str] | None,
) -> _Plan:
    names = list(marker["frequencies"])
    observed = {
        name: genotype for name, genotype in marker["genotypes"].items() if genotype is not None
    }
    people = {
        row["id"]: _Person(
            row["id"],
            row["father"],
            row["mother"],
            chrom == "X" and row["sex"] == "male",
            founder_inbreeding.get(row["id"], 0.0),
            row["id"] in observed,
        )
        for row in persons
    }
    if familias_typed is not None:
        _cut(people, lambda p, children: _familias_cuts(p, children, familias_typed))
    for group in twins:
        for name in group[1:]:
            people[name].same_as = group[0]
    kept = {name for group in twins for name in group}
    _cut(people, lambda p, children: not p.seen and not children and p.id not in kept)
    silent = names.index(marker["silent_allele"]) if marker.get("silent_allele") else -1
    for person in people.values():
        pattern = observed.get(person.id)
        seen = None if pattern is None else [None if a is None else names.index(a) for a in pattern]
        every = range(len(names))
        possible: list[Alleles] = (
            [(a,) for a in every] if person.hemizygous else [(a, b) for a in every for b in every]
        )
        weighted = [(g, _seen(g, seen, silent, dropout.get(person.id, 0.0))) for g in possible]
        person.options = [(g, weight) for g, weight in weighted if weight > 0]
    return _Plan(
        _ordered(people),
        [float(value) for value in marker["frequencies"].values()],
        float(theta),
        matrix_of(marker, "female"),
        matrix_of(marker, "male"),
    )


def _seen(true: Alleles, seen: Sequence[int | None] | None, silent: int, dropout: float) -> float:
    """P(what was seen | true genotype); a person who is not typed gives no information."""
    if seen is None:
        return 1.0
    first, second = seen
    visible = [a for a in true if a != silent]
    if len(true) == 1:
        return 1.0 - dropout if visible == [first] else 0.0
    if second is None or first is None:
        return 1.0 if {first, second} & set(visible) else 0.0
    if {first, second} - set(visible):
        return 0.0
    kept = 1.0 - dropout
    if first != second:
        return kept * kept
    if len(visible) == 1:
        return kept
    return 1.0 - dropout * dropout if visible == [first, first] else dropout * kept


def _cut(people: dict[str, _Person], leaves: Callable[[_Person, list[_Person]], bool]) -> None:
    """Take persons out until nobody is left who `leaves`; their children lose the parent."""
    changed = True
    while changed:
        changed = False
        for person in list(people.values()):
            children = [c for c in people.values() if person.id in (c.father, c.mother)]
            if leaves(person, children):
                del people[person.id]
                for child in children:
                    child.father = None if child.father == person.id else child.father
                    child.mother = None if child.mother == person.id else child.mother
                changed = True


def _familias_cuts(person: _Person, children: list[_Person], typed: Collection[str]) -> bool:
    """Whether Familias leaves an untyped person out: no child, or a founder with exactly one."""
    if person.id in typed:
        return False
    founder = person.father is None and person.mother is None
    return not children or (founder and len(children) == 1)


def _ordered(people: Mapping[str, _Person]) -> list[_Person]:
    """Parents before children and twins after one another; the fewest options come first."""
    waiting = dict(people)
    order: list[_Person] = []
    while waiting:
        ready = [
            person
            for person in waiting.values()
            if not {person.father, person.mother, person.same_as} & waiting.keys()
        ]
        first = min(ready, key=lambda p: (not p.seen, p.father is None, len(p.options)))
        del waiting[first.id]
        order.append(first)
    return order
