"""Assignments that differ only by a symmetry of the pedigree, such as two couples who are swapped.

Two assignments are alike if some renaming of persons turns one into the other and leaves everybody
typed, and every candidate, where they are. DNA cannot tell them apart: they are one answer.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from reunion.kinship._tensors import FloatArray, IntArray
from reunion.kinship.identification.sought import SoughtGroup
from reunion.kinship.identification.structure import NOBODY

MOST_COMPARED = 2000
"""Assignments of a component that are compared, from the most probable: some tenths of a second."""

CLOSE = 1e-9
"""Relative difference of probabilities up to which assignments may be alike."""


class Weighed(NamedTuple):
    """An assignment of some places: its row, its probability, and how many are alike to it.

    `probability` is that of all `alike` together.
    """

    row: IntArray
    probability: float
    alike: int = 1


class Forms:
    """What is left of an assignment when the names of persons are forgotten.

    Persons are told apart step by step by what is known of them, of their parents, partners and
    children. Alike assignments have equal forms. The converse can fail in pedigrees with loops, so
    that equal probability is asked for as well.
    """

    def __init__(self, group: SoughtGroup) -> None:
        """Number the persons."""
        place = {person.id: at for at, person in enumerate(group.pedigree)}
        self._slots = [place[name] for name in group.sought]
        self._numbers: dict[object, int] = {}
        self._parents = [
            tuple(-1 if name is None else place[name] for name in (p.father, p.mother))
            for p in group.pedigree
        ]
        self._twins = [{place[name] for name in twins} for twins in group.pedigree.twins]
        self._start = [
            (p.id if p.id in group.profiles else "", p.id in group.sought, p.inbreeding)
            for p in group.pedigree
        ]

    def of(self, row: IntArray) -> tuple[int, ...]:
        """The form of an assignment; comparable with others of the same `Forms`."""
        holder = {slot: int(c) for slot, c in zip(self._slots, row, strict=True) if c != NOBODY}
        # Those without typed or assigned descendants bear on nothing.
        kept: set[int] = set()
        todo = [at for at, start in enumerate(self._start) if start[0] or at in holder]
        while todo:
            person = todo.pop()
            if person not in kept:
                kept.add(person)
                todo += [at for at in self._parents[person] if at >= 0]
        colours = [
            self._number((start, holder.get(at, NOBODY))) for at, start in enumerate(self._start)
        ]
        while True:
            near: list[list[tuple[str, int, int]]] = [[] for _ in colours]
            for child in kept:
                father, mother = self._parents[child]
                if father >= 0:
                    near[child].append(("parents", colours[father], colours[mother]))
                    near[father].append(("child of father", colours[child], colours[mother]))
                    near[mother].append(("child of mother", colours[child], colours[father]))
            for twins in self._twins:
                for twin in twins & kept:
                    near[twin] += [("twin", colours[other], 0) for other in (twins & kept) - {twin}]
            finer = [
                self._number((colour, *sorted(some)))
                for colour, some in zip(colours, near, strict=True)
            ]
            if len(set(finer)) == len(set(colours)):
                return tuple(sorted(finer))
            colours = finer

    def _number(self, what: object) -> int:
        return self._numbers.setdefault(what, len(self._numbers))


def without_names(
    rows: IntArray, probabilities: FloatArray, forms: Forms, top: int
) -> list[Weighed]:
    """The most probable answers, alike assignments as one: best first.

    Args:
        rows: int64 (n, n_sought).
        probabilities: float64 (n,).
        forms: of the family.
        top: answers that are wanted.
    """
    found: dict[tuple[int, ...], list[list[int]]] = {}
    count, previous = 0, 0.0
    for at in np.argsort(-probabilities, kind="stable")[:MOST_COMPARED].tolist():
        chance = float(probabilities[at])
        if count >= top and chance < previous * (1 - CLOSE):
            break
        previous = chance
        alike = found.setdefault(forms.of(rows[at]), [])
        if alike and chance >= probabilities[alike[-1][0]] * (1 - CLOSE):
            alike[-1].append(at)
        else:
            alike.append([at])
            count += 1
    answers = [
        Weighed(rows[alike[0]], float(probabilities[alike].sum()), len(alike))
        for of_form in found.values()
        for alike in of_form
    ]
    answers.sort(key=lambda answer: -answer.probability)
    return answers[:top]


def combined(parts: list[list[Weighed]], top: int) -> list[Weighed]:
    """The most probable combinations of independent parts, best first."""
    best = parts[0] if parts else []
    for part in parts[1:]:
        both = [
            Weighed(np.maximum(a.row, b.row), a.probability * b.probability, a.alike * b.alike)
            for a in best
            for b in part
        ]
        both.sort(key=lambda answer: -answer.probability)
        best = both[:top]
    return best
