"""Ways to assign candidates to sought persons, one to one: counted first, then listed.

Sought persons who can be swapped without any effect on the pedigree (brothers and sisters who have
no children there) make one place with room for several: one listing stands for all swaps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice

import numpy as np
from numpy.typing import NDArray

from reunion.kinship.identification.sought import SoughtGroup
from reunion.kinship.identification.structure import NOBODY
from reunion.kinship.pedigree import Pedigree

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_STATES = 1 << 20
"""Numbers that the exact count may keep; beyond, only whether the limit is passed is found out."""


@dataclass(frozen=True, slots=True)
class Place:
    """Sought persons who can be swapped, and the candidates who may be one of them."""

    slots: tuple[int, ...]
    allowed: tuple[int, ...]

    def ways(self, filled: int) -> int:
        """In how many ways so many candidates take its slots."""
        return math.perm(len(self.slots), filled)


def swappable(
    group: SoughtGroup, alike: Callable[[int, int], bool] = lambda _one, _other: True
) -> list[tuple[int, ...]]:
    """The sought persons by position, those together who can be swapped.

    Args:
        group: the family.
        alike: whether two sought persons are open to the same candidates, and alike.

    >>> from reunion.kinship.pedigree import siblings
    >>> family = siblings("a", "b", "c").with_child("d", father="b", mother="w")
    >>> swappable(SoughtGroup("", family, ("a", "b", "c"), {"d": {"TH01": ("6", "7")}}))
    [(0, 2), (1,)]
    """
    pedigree = _relevant(group)
    people = {person.id: person for person in pedigree}
    twins = {frozenset(twin) for twin in pedigree.twins}
    found: list[list[int]] = []
    for slot, name in enumerate(group.sought):
        for members in found:
            other = group.sought[members[0]]
            # A sex without children does not matter; with children, the roles keep them apart.
            one = replace(people[name], id=other, sex=people[other].sex)
            is_same = one == people[other] and not pedigree.children_of(name)
            is_same = is_same and not pedigree.children_of(other)
            is_same = is_same and not any(name in twin or other in twin for twin in twins)
            if is_same and alike(members[0], slot):
                members.append(slot)
                break
        else:
            found.append([slot])
    return [tuple(members) for members in found]


def _relevant(group: SoughtGroup) -> Pedigree:
    """The pedigree without those who have neither typed nor sought descendants."""
    pedigree = group.pedigree
    needed = {*group.sought, *group.profiles}
    while spare := [
        p.id for p in pedigree if p.id not in needed and not pedigree.children_of(p.id)
    ]:
        for person in spare:
            pedigree = pedigree.without(person)
    return pedigree


def components(places: Sequence[Place], blocks: Sequence[set[int]]) -> list[list[Place]]:
    """The places that bear on one another: by a common candidate, or in the pedigree.

    Places to which nobody is allowed are left out.
    """
    groups: list[tuple[set[int], set[int], list[Place]]] = []
    for place in places:
        if not place.allowed:
            continue
        slots = set(place.slots).union(*(b for b in blocks if b & set(place.slots)))
        allowed, members = set(place.allowed), [place]
        for other in [g for g in groups if g[0] & slots or g[1] & allowed]:
            groups.remove(other)
            slots, allowed, members = slots | other[0], allowed | other[1], other[2] + members
        groups.append((slots, allowed, members))
    return [members for _, _, members in groups]


def count(places: Sequence[Place]) -> tuple[float, float] | None:
    """How many listings there are, and how many assignments they stand for.

    For one place for each of b persons, all a candidates allowed: sum over k of k! C(a,k) C(b,k).

    Returns:
        float64 (exact below 2^53); None where that takes more than `MOST_STATES` numbers.

    Source:
        Candidate by candidate, the number of ways by how full each place is.

    >>> count([Place((0,), (0, 1)), Place((1,), (0, 1))])
    (7.0, 7.0)
    >>> count([Place((0, 1), (0, 1))])
    (4.0, 7.0)
    >>> f"{count([Place((s,), tuple(range(16))) for s in range(15)])[1]:.2e}"
    '1.29e+15'
    """
    shape = [len(place.slots) + 1 for place in places]
    if math.prod(shape) > MOST_STATES:
        return None
    # By how many slots of each place are taken: listings, assignments.
    ways = np.zeros((2, *shape))
    ways.reshape(2, -1)[:, 0] = 1
    for candidate in sorted({c for place in places for c in place.allowed}):
        grown = ways.copy()
        for axis, place in enumerate(places, 1):
            if candidate in place.allowed:
                lower = np.moveaxis(ways, axis, -1)[..., :-1]
                free = np.arange(len(place.slots), 0, -1)
                target = np.moveaxis(grown, axis, -1)
                target[0, ..., 1:] += lower[0]
                target[1, ..., 1:] += lower[1] * free
        ways = grown
    return float(ways[0].sum()), float(ways[1].sum())


def listed(places: Sequence[Place], n_sought: int, limit: int) -> IntArray | None:
    """All assignments of some places, one for all swaps; the first one is "nobody".

    Returns:
        int64 (n, n_sought), position of the candidate or NOBODY; None where more than `limit`.
    """
    found = list(islice(_choices(places, ()), limit + 1))
    if len(found) > limit:
        return None
    rows = np.full((len(found), n_sought), NOBODY, dtype=np.int64)
    for row, choice in zip(rows, found, strict=True):
        for place, taken in zip(places, choice, strict=True):
            row[list(place.slots[: len(taken)])] = taken
    return rows


Choice = tuple[tuple[int, ...], ...]


def _choices(places: Sequence[Place], chosen: Choice) -> Iterator[Choice]:
    """Who takes each place, for all one-to-one assignments."""
    if len(chosen) == len(places):
        yield chosen
        return
    place = places[len(chosen)]
    used = {candidate for taken in chosen for candidate in taken}
    free = [candidate for candidate in place.allowed if candidate not in used]
    for size in range(min(len(place.slots), len(free)) + 1):
        for taken in combinations(free, size):
            yield from _choices(places, (*chosen, taken))
