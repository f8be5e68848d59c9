"""Likelihoods of many assignments at one marker: what each sought person shows, row by row.

Two exact savings. Sought persons whom persons of known genotype separate are computed apart: given
a genotype, what comes before and what comes after it are independent (theta 0). And the rest is one
contraction for all combinations of genotypes, unless those would be far more than are asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from reunion.kinship._tensors import (
    CALL,
    FloatArray,
    IntArray,
    LocusEvidence,
    Menu,
    TensorNetwork,
    is_pinned,
    kept_persons,
)
from reunion.kinship.likelihood import Budget, Laws, Seen
from reunion.kinship.network import Shape, shape_with

WASTE = 16
"""Most entries of a table for each row that is asked for, where it has more than SMALL."""

SMALL = 4096

ONE = Budget(multiplications=3e9, cells=3e7)
"""What one contraction may take."""

LARGE = 1e8
"""Multiplications above which a menu of one slot is taken entry by entry."""


Memory: TypeAlias = dict[tuple[object, ...], dict[Seen | None, float]]
"""Ratios of one slot by what it shows, for the part of the pedigree around it."""


class Block(NamedTuple):
    """Slots that bear on one another, and the part of the pedigree that bears on them.

    `slots` are positions among the slots; `shape` and `observed` are those of the whole pedigree
    with everything cut off that lies behind persons of known genotype.
    """

    slots: tuple[int, ...]
    shape: Shape
    observed: tuple[Seen | None, ...]


def blocks(
    shape: Shape, observed: Sequence[Seen | None], slots: Sequence[int], silent: int
) -> list[Block]:
    """The slots in groups that are independent of one another given what is known.

    Parents and child hang together, unless the genotype of one is known: a known person parts
    those who come before from those who come after, and only joins two unknown parents.
    """
    members = shape.members
    places = [members[slot].genotype_of for slot in slots]
    typed = [i for i, seen in enumerate(observed) if seen is not None]
    known = {members[i].genotype_of for i in typed if is_pinned(observed[i], silent)}
    known -= set(places)
    root = list(range(len(members)))

    def find(person: int) -> int:
        while root[person] != person:
            person = root[person]
        return person

    births = []
    for person in kept_persons(shape, [*typed, *slots]):
        births.append((person, *(members[p].genotype_of for p in members[person][:2] if p >= 0)))
        free = [find(one) for one in births[-1] if one not in known]
        for other in free[1:]:
            root[find(other)] = find(free[0])
    found: dict[int, list[int]] = {}
    for at, place in enumerate(places):
        found.setdefault(find(place), []).append(at)
    return [
        Block(
            tuple(at), *_cut(shape, observed, [b for b in births if _touches(b, known, find, one)])
        )
        for one, at in found.items()
    ]


def _touches(birth: Sequence[int], known: set[int], find: Callable[[int], int], root: int) -> bool:
    """Whether a child or a parent belongs to the block of this root."""
    return any(person not in known and find(person) == root for person in birth)


def _cut(
    shape: Shape, observed: Sequence[Seen | None], births: Sequence[Sequence[int]]
) -> tuple[Shape, tuple[Seen | None, ...]]:
    """The pedigree of these births (child and parents) only."""
    born = {birth[0] for birth in births}
    inside = {person for birth in births for person in birth}
    members = tuple(
        member if i in born else member._replace(father=-1, mother=-1)
        for i, member in enumerate(shape.members)
    )
    seen = tuple(
        what if member.genotype_of in inside else None
        for member, what in zip(members, observed, strict=True)
    )
    return shape_with(members, shape.x_linked), seen


def log10_ratios(
    shape: Shape,
    laws: Laws,
    observed: Sequence[Seen | None],
    slots: Sequence[int],
    menus: Sequence[Menu],
    rows: IntArray,
    memory: Memory,
    spend: Callable[[float], None],
) -> FloatArray:
    """log10 of P(all that is seen | row) / P(all that is seen | nobody in any slot).

    Args:
        shape: who descends from whom.
        laws: of the marker, theta 0.
        observed: per person; nothing at the slots, and not impossible.
        slots: positions of the sought persons.
        menus: for each slot what it may show; the first entry is None.
        rows: int64 (n, n_slots), entries of the menus.
        memory: of this marker; what is found is kept there.
        spend: told the multiplications before they are done; may raise.

    Returns:
        float64 (n,); -inf where a row is impossible.
    """
    out = np.zeros(len(rows))
    used = [at for at in range(len(slots)) if rows[:, at].any()]
    for block in blocks(shape, observed, [slots[at] for at in used], laws.silent):
        columns = [used[at] for at in block.slots]
        first, which = distinct(rows[:, columns])
        places = [slots[at] for at in columns]
        offers = [menus[at] for at in columns]
        many = _Many(block, laws, places, offers, memory, spend)
        out += many.ratios(rows[first][:, columns])[which]
    return out


class _Many:
    """Rows of slots that bear on one another."""

    def __init__(
        self,
        block: Block,
        laws: Laws,
        slots: Sequence[int],
        menus: Sequence[Menu],
        memory: Memory,
        spend: Callable[[float], None],
    ) -> None:
        self._block, self._laws, self._slots, self._menus = block, laws, slots, menus
        self._memory, self._spend = memory, spend

    def ratios(self, rows: IntArray) -> FloatArray:
        """log10 ratios of distinct rows."""
        filled = np.count_nonzero(rows, axis=1)
        out = np.zeros(len(rows))
        for at in range(len(self._slots)):
            chosen = np.flatnonzero((filled == 1) & (rows[:, at] > 0))
            out[chosen] = self._of_slot(at, rows[chosen, at].tolist())
        several = np.flatnonzero(filled > 1)
        if len(several):
            out[several] = self._of_several(rows[several])
        return out

    def _of_slot(self, at: int, entries: Sequence[int]) -> list[float]:
        """The ratios of one slot, all others empty; kept, since rounds ask again."""
        menu, slot = self._menus[at], self._slots[at]
        known = self._memory.setdefault((self._block.shape, self._block.observed, slot), {})
        new = [
            seen for seen in dict.fromkeys(menu[entry] for entry in entries) if seen not in known
        ]
        if new:
            network = self._network({slot: [None, *new]})
            if network.cost()[0] <= LARGE:
                table = self._log10(network)
            else:  # one genotype leaves two alleles, which is cheaper even one by one
                table = np.array([self._pinned(slot, seen) for seen in (None, *new)])
            known.update(zip(new, (table[1:] - table[0]).tolist(), strict=True))
        return [known[menu[entry]] for entry in entries]

    def _of_several(self, rows: IntArray) -> FloatArray:
        """All at once, unless that makes too many that nobody asked for: then slot by slot."""
        # Only the entries that occur, and "nobody".
        shown = [np.union1d(column, [0]).astype(np.int64) for column in rows.T]
        menus = {
            slot: [menu[entry] for entry in entries]
            for slot, menu, entries in zip(self._slots, self._menus, shown, strict=True)
        }
        entries = math.prod(len(some) for some in shown)
        if entries <= max(SMALL, WASTE * len(rows)):
            network = self._network(menus)
            work, cells = network.cost()
            if work <= ONE.multiplications and cells <= ONE.cells:
                table = self._log10(network)
                places = tuple(np.searchsorted(s, c) for s, c in zip(shown, rows.T, strict=True))
                return np.asarray(table[places] - table[(0,) * len(shown)], dtype=np.float64)
        out = np.zeros(len(rows))
        for entry in shown[0].tolist():
            first = self._of_slot(0, [entry])[0] if entry else 0.0
            chosen = np.flatnonzero(rows[:, 0] == entry)
            out[chosen] = first
            if first > -math.inf:
                observed = list(self._block.observed)
                observed[self._slots[0]] = self._menus[0][entry]
                out[chosen] += log10_ratios(
                    self._block.shape,
                    self._laws,
                    observed,
                    self._slots[1:],
                    self._menus[1:],
                    rows[chosen, 1:],
                    self._memory,
                    self._spend,
                )
        return out

    def _network(self, menus: Mapping[int, Menu]) -> TensorNetwork:
        evidence = LocusEvidence(self._laws, self._block.observed, menus)
        return TensorNetwork(self._block.shape, [evidence])

    def _pinned(self, slot: int, seen: Seen | None) -> float:
        """log10 P(seen) with this in one slot."""
        observed = list(self._block.observed)
        observed[slot] = seen
        evidence = LocusEvidence(self._laws, observed)
        return float(self._log10(TensorNetwork(self._block.shape, [evidence])))

    def _log10(self, network: TensorNetwork) -> FloatArray:
        """log10 P(seen) for all combinations of the menus."""
        self._spend(network.cost()[0] + CALL)
        with np.errstate(divide="ignore"):
            return np.asarray(np.log10(network.value(ONE)), dtype=np.float64)


def distinct(rows: IntArray) -> tuple[IntArray, IntArray]:
    """The first of each kind of rows, and of which kind each row is; entries are not negative.

    As `np.unique` over an axis, which is slow: here each row becomes one number.

    >>> first, which = distinct(np.array([[0, 2], [1, 0], [0, 2]]))
    >>> first.tolist(), which.tolist()
    ([0, 1], [0, 1, 0])
    """
    key = np.zeros(len(rows), dtype=np.int64)
    for column in rows.T:
        radix = int(column.max(initial=0)) + 1
        if int(key.max(initial=0)) >= (1 << 62) // radix:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
        key = key * radix + column
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    return first.astype(np.int64), which.astype(np.int64)
