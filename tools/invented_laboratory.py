"""An invented laboratory: families, samples on plates, and exchanges planted among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reunion.kinship.book import CodeArray, CodeBook
from reunion.kinship.compile import Compiler
from reunion.kinship.pedigree import Pedigree, Sex, avuncular, grandparents, siblings
from reunion.kinship.quality.material import Samples
from reunion.kinship.quality.pairwise import TYPING_ERROR
from reunion.kinship.search import People
from reunion.packs.dna import load_dna

TABLE, KIT = "nist_asian", "GlobalFiler"
PLATE = 94
Rng = np.random.Generator
Alleles = NDArray[np.int64]
"""Positions of alleles, (n_people, n_loci, 2)."""

_TWO = siblings("sought", "sibling_1", "sibling_2")
SHAPES: tuple[tuple[Pedigree, tuple[str, ...]], ...] = (
    (_TWO, ("father", "mother", "sibling_1")),
    (_TWO, ("mother", "sibling_1", "sibling_2")),
    (_TWO, ("father", "mother", "sibling_1", "sibling_2")),
    (_TWO, ("mother", "sibling_1")),
    (
        avuncular("sought").with_child("sibling_1", father="parent", mother="other_parent"),
        ("parent", "uncle", "sibling_1"),
    ),
    (
        grandparents("sought").with_child("sibling_1", father="parent", mother="other_parent"),
        ("grandfather", "grandmother", "sibling_1"),
    ),
)
"""Families: the pedigree, and who is typed."""

KINDS = (
    "within a family, neither parent and child nor siblings",
    "between families of one plate",
    "a relative with an unrelated sample of the plate",
    "a parent with the own child",
    "two full siblings",
    "one sample under a second label too",
)
WITHIN, BETWEEN, UNRELATED, PARENT_CHILD, SIBLINGS, DUPLICATE = range(len(KINDS))


@dataclass(frozen=True)
class World:
    """Markers, and how alleles are drawn and handed on."""

    book: CodeBook
    compiler: Compiler

    @classmethod
    def of_pack(cls) -> World:
        """The markers of one kit with the frequencies of one table."""
        pack = load_dna()
        table = pack.tables[TABLE]
        loci = tuple(locus for locus in pack.kits[KIT].autosomal if locus in table.markers)
        book = CodeBook(loci, tuple(table.markers[locus].alleles for locus in loci))
        return cls(book, Compiler.of_table(book, table, pack.mutations(loci)))

    def strangers(self, rng: Rng, n: int) -> Alleles:
        """Unrelated people."""
        columns = [
            rng.choice(len(model.laws.p), (n, 2), p=model.laws.p)
            for model in self.compiler.models
            if model is not None
        ]
        return np.stack(columns, axis=1)

    def child(self, rng: Rng, father: Alleles, mother: Alleles) -> Alleles:
        """A child of each couple, with mutation."""
        born = np.empty_like(father)
        for at, model in enumerate(self.compiler.models):
            if model is not None:
                for side, parent, matrix in (
                    (0, father, model.laws.male),
                    (1, mother, model.laws.female),
                ):
                    handed = parent[np.arange(len(parent)), at, rng.integers(2, size=len(parent))]
                    below = np.cumsum(matrix, axis=1)[handed] < rng.random((len(parent), 1))
                    born[:, at, side] = np.minimum(below.sum(axis=1), len(matrix) - 1)
        return born

    def typed_again(self, rng: Rng, people: Alleles, typing_error: float) -> Alleles:
        """The same people, where each allele is read as any other one with some chance."""
        again = people.copy()
        for at, names in enumerate(self.book.alleles):
            wrong = rng.random((len(people), 2)) < typing_error
            shift = rng.integers(1, len(names), size=wrong.shape)
            again[:, at] = np.where(wrong, (again[:, at] + shift) % len(names), again[:, at])
        return again

    def codes(self, people: Alleles) -> CodeArray:
        """The codes of the book."""
        low, high = people.min(axis=2), people.max(axis=2)
        codes: CodeArray = (self.book.offsets[:-1] + 1 + high * (high + 1) // 2 + low).astype(
            np.uint16
        )
        return codes


@dataclass
class Laboratory:
    """Families, samples of nobody's relatives, and what was done to them."""

    families: list[tuple[Pedigree, dict[str, str]]]
    people: Alleles
    sexes: list[Sex]
    plates: list[int]
    planted: dict[tuple[int, int], int]

    def samples(self, world: World) -> Samples:
        """As a laboratory has them: what counts is the label."""
        names = [f"s{row:07d}" for row in range(len(self.people))]
        return Samples(
            People(names, world.book, world.codes(self.people)),
            dict(zip(names, self.sexes, strict=True)),
            {name: f"plate {at}" for name, at in zip(names, self.plates, strict=True)},
        )


def laboratory(world: World, rng: Rng, n: int, swaps: int) -> Laboratory:
    """About n samples, three of five in families; `swaps` exchanges in equal parts of each kind."""
    lab = Laboratory([], np.empty((0, len(world.book.loci), 2), dtype=np.int64), [], [], {})
    parts: list[Alleles] = []
    typed = sum(len(persons) for _, persons in SHAPES)
    each = max(1, round(0.6 * n / typed))
    for pedigree, persons in SHAPES:
        everybody = _descended(world, rng, pedigree, each)
        start = len(lab.sexes)
        parts.append(
            np.stack([everybody[person] for person in persons], axis=1).reshape(
                each * len(persons), len(world.book.loci), 2
            )
        )
        for at in range(each):
            sexed = pedigree
            samples = {}
            for place, person in enumerate(persons):
                sex = sexed[person].sex
                if sex is Sex.UNKNOWN:
                    sex = (Sex.MALE, Sex.FEMALE)[int(rng.integers(2))]
                    sexed = sexed.with_sex(person, sex)
                samples[person] = f"s{start + at * len(persons) + place:07d}"
                lab.sexes.append(sex)
            lab.families.append((sexed, samples))
    others = n - len(lab.sexes)
    parts.append(world.strangers(rng, others))
    lab.sexes += [(Sex.MALE, Sex.FEMALE)[int(bit)] for bit in rng.integers(2, size=others)]
    lab.people = np.concatenate(parts)
    _fill_plates(lab, rng)
    _plant(lab, world, rng, swaps)
    return lab


def _descended(world: World, rng: Rng, pedigree: Pedigree, n: int) -> dict[str, Alleles]:
    """Many copies of a pedigree."""
    people: dict[str, Alleles] = {}
    for person in pedigree.ordered():
        if person.father is None or person.mother is None:
            people[person.id] = world.strangers(rng, n)
        else:
            people[person.id] = world.child(rng, people[person.father], people[person.mother])
    return people


def _fill_plates(lab: Laboratory, rng: Rng) -> None:
    """Families on one plate each as far as it goes, in random order, others in between."""
    groups = [[int(name[1:]) for name in samples.values()] for _, samples in lab.families]
    in_family = {row for group in groups for row in group}
    groups += [[row] for row in range(len(lab.people)) if row not in in_family]
    order = [row for at in rng.permutation(len(groups)) for row in groups[at]]
    lab.plates = [0] * len(lab.people)
    for place, row in enumerate(order):
        lab.plates[row] = place // PLATE


def _plant(lab: Laboratory, world: World, rng: Rng, swaps: int) -> None:
    """Exchange samples; no family and no sample takes part in two exchanges."""
    family_of = {int(name[1:]): at for at, (_, s) in enumerate(lab.families) for name in s.values()}
    by_plate: dict[int, list[int]] = {}
    for row, plate in enumerate(lab.plates):
        by_plate.setdefault(plate, []).append(row)
    used: set[int] = set()
    used_rows: set[int] = set()
    kinds = [kind for kind in range(len(KINDS)) for _ in range(swaps // len(KINDS))]
    for kind in kinds:
        while True:
            at = int(rng.integers(len(lab.families)))
            pair = None if at in used else _pair(lab, rng, kind, at, family_of, by_plate)
            others = {family_of[row] for row in pair or () if row in family_of}
            if pair and not others & used and not set(pair) & used_rows:
                break
        used |= others
        used_rows |= set(pair)
        one, other = pair
        if kind == DUPLICATE:
            again = world.typed_again(rng, lab.people[[one]], TYPING_ERROR)
            lab.people[other], lab.sexes[other] = again[0], lab.sexes[one]
        else:
            lab.people[[one, other]] = lab.people[[other, one]]
            lab.sexes[one], lab.sexes[other] = lab.sexes[other], lab.sexes[one]
        lab.planted[min(pair), max(pair)] = kind


def _pair(
    lab: Laboratory,
    rng: Rng,
    kind: int,
    at: int,
    family_of: dict[int, int],
    by_plate: dict[int, list[int]],
) -> tuple[int, int] | None:
    """Two rows of a kind, one of them in this family; None where the family has no such pair."""
    pedigree, samples = lab.families[at]
    rows = {person: int(name[1:]) for person, name in samples.items()}
    pairs = [(a, b) for a in rows for b in rows if a < b]
    related = {pair: _relation(pedigree, *pair) for pair in pairs}
    one = int(rng.choice(list(rows.values())))
    plate = [row for row in by_plate[lab.plates[one]] if family_of.get(row) != at]
    if kind == BETWEEN:
        choices = [(one, row) for row in plate if row in family_of]
    elif kind == UNRELATED:
        choices = [(one, row) for row in plate if row not in family_of]
    elif kind == DUPLICATE:
        choices = [(one, row) for row in plate]
    else:
        choices = [(rows[a], rows[b]) for (a, b), found in related.items() if found == kind]
    return choices[int(rng.integers(len(choices)))] if choices else None


def _relation(pedigree: Pedigree, one: str, other: str) -> int:
    """The kind of exchange that two persons of a family make."""
    a, b = pedigree[one], pedigree[other]
    if one in (b.father, b.mother) or other in (a.father, a.mother):
        return PARENT_CHILD
    if a.father is not None and (a.father, a.mother) == (b.father, b.mother):
        return SIBLINGS
    return WITHIN
