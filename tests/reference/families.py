"""Random pedigrees of any shape, loops and several partners included; equal seeds, equal ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from reunion.kinship.pedigree import Pedigree, Person, Sex

T = TypeVar("T")


def random_pedigree(seed: int, size: int) -> Pedigree:
    """So many persons; each new one is a founder, a sibling of somebody, or of a new couple."""
    chance = np.random.default_rng(seed)

    def one(values: Sequence[T]) -> T:
        return values[int(chance.integers(len(values)))]

    persons = [Person("p0", sex=Sex.MALE), Person("p1", sex=Sex.FEMALE)]
    while len(persons) < size:
        father = mother = None
        if chance.random() < 0.7:
            children = [person for person in persons if not person.is_founder]
            if children and chance.random() < 0.5:
                sibling = one(children)
                father, mother = sibling.father, sibling.mother
            else:
                father = one([p.id for p in persons if p.sex is Sex.MALE][-6:])
                mother = one([p.id for p in persons if p.sex is Sex.FEMALE][-6:])
        sex = one([Sex.MALE, Sex.FEMALE])
        persons.append(Person(f"p{len(persons)}", father, mother, sex))
    return Pedigree(tuple(persons))
