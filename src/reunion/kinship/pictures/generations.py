"""Which row of the picture each person stands in, and the lines that pass between the rows.

Parents stand above their children. Siblings stand in one row, and partners too, unless one of them
descends from the other's generation, as with uncle and niece: then a wire leads down from the one
above. A wire is a chain of nodes, one in each row that it passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reunion.kinship.pedigree import Pedigree

Node = str | tuple[str, ...]
"""A person's name, or a tuple: the place where a wire passes a row."""


@dataclass(frozen=True, slots=True)
class Sibship:
    """The children of two partners; or founders who are twins, whose parents are not there.

    Args:
        father, mother: names; blank where they are not in the pedigree.
        mates: the two nodes of one row between which the line of the couple runs.
        wire: from the partner who stands higher down to the row of the other one: the person and
            the nodes passed, of which the last one is in `mates`; empty where they stand level.
        drop: nodes passed on the way down to the children.
        children: persons of one row.
        is_consanguineous: whether the partners have a common ancestor.
    """

    father: str
    mother: str
    mates: tuple[Node, ...]
    wire: tuple[Node, ...]
    drop: tuple[Node, ...]
    children: tuple[str, ...]
    is_consanguineous: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows from the top, each with its nodes in no special order; and the sibships."""

    rows: tuple[tuple[Node, ...], ...]
    sibships: tuple[Sibship, ...]
    twins: tuple[tuple[str, ...], ...]


def chart(pedigree: Pedigree) -> Chart:
    """Put every person into a row.

    >>> from reunion.kinship.pedigree import avuncular
    >>> chart(avuncular()).rows
    (('grandfather', 'grandmother'), ('parent', 'other_parent', 'uncle'), ('child',))
    """
    row_of = _rows_of(pedigree)
    n_rows = max(row_of.values(), default=-1) + 1
    rows: list[list[Node]] = [[] for _ in range(n_rows)]
    for person in pedigree:
        rows[row_of[person.id]].append(person.id)
    sibships = []
    kin = _ancestors(pedigree)
    for (father, mother), children in _children(pedigree).items():
        high, low = sorted((father, mother), key=lambda parent: row_of[parent])
        wire = _passed("wire", father, mother, row_of[high] + 1, row_of[low] + 1)
        drop = _passed("drop", father, mother, row_of[low] + 1, row_of[children[0]])
        for node in (*wire, *drop):
            rows[int(node[-1])].append(node)
        mates: tuple[Node, ...] = (father, mother)
        if wire:
            mates = (wire[-1], low) if high == father else (low, wire[-1])
        sibships.append(
            Sibship(
                father,
                mother,
                mates,
                (high, *wire) if wire else (),
                drop,
                children,
                bool(kin[father] & kin[mother]),
            )
        )
    sibships += [Sibship("", "", (), (), (), group) for group in _founder_twins(pedigree)]
    return Chart(tuple(map(tuple, rows)), tuple(sibships), pedigree.twins)


def _passed(kind: str, father: str, mother: str, first: int, stop: int) -> tuple[Node, ...]:
    """The nodes of a wire in the rows from `first` on."""
    return tuple((kind, father, mother, str(row)) for row in range(first, stop))


def _children(pedigree: Pedigree) -> dict[tuple[str, str], tuple[str, ...]]:
    """The children of each couple."""
    found: dict[tuple[str, str], list[str]] = {}
    for person in pedigree:
        if person.father is not None and person.mother is not None:
            found.setdefault((person.father, person.mother), []).append(person.id)
    return {couple: tuple(children) for couple, children in found.items()}


def _founder_twins(pedigree: Pedigree) -> list[tuple[str, ...]]:
    """The groups of twins whose parents are not in the pedigree."""
    return [group for group in pedigree.twins if pedigree[group[0]].is_founder]


def _ancestors(pedigree: Pedigree) -> dict[str, frozenset[str]]:
    """Everybody's ancestors, themselves included; identical twins count as one person."""
    first = {name: group[0] for group in pedigree.twins for name in group}
    found: dict[str, frozenset[str]] = {}
    for person in pedigree.ordered():
        above = [found[parent] for parent in (person.father, person.mother) if parent is not None]
        found[person.id] = frozenset({first.get(person.id, person.id)}).union(*above)
    return found


def _rows_of(pedigree: Pedigree) -> dict[str, int]:
    """The row of each person: as far down as the children allow."""
    sibships = _children(pedigree)
    level = {person.id: person.id for person in pedigree}
    for siblings in (*sibships.values(), *_founder_twins(pedigree)):
        _merge(level, siblings)
    for couple in sibships:
        merged = dict(level)
        _merge(merged, couple)
        if _depths(_links(pedigree, merged)) is not None:
            level = merged
    links = _links(pedigree, level)
    depths = _depths(links) or {}
    for group in sorted(depths, key=lambda name: -depths[name]):
        if links[group]:
            depths[group] = min(depths[below] for below in links[group]) - 1
    return {person.id: depths[level[person.id]] for person in pedigree}


def _merge(level: dict[str, str], persons: Iterable[str]) -> None:
    """Put some persons, and all who stand level with them, on one level."""
    names = {level[person] for person in persons}
    one = min(names)
    for person, name in level.items():
        if name in names:
            level[person] = one


def _links(pedigree: Pedigree, level: Mapping[str, str]) -> dict[str, set[str]]:
    """From the level of a parent to those of the children."""
    links: dict[str, set[str]] = {name: set() for name in level.values()}
    for person in pedigree:
        for parent in (person.father, person.mother):
            if parent is not None:
                links[level[parent]].add(level[person.id])
    return links


def _depths(links: Mapping[str, set[str]]) -> dict[str, int] | None:
    """How many levels lie above each one; None where a level would lie above itself."""
    waiting = dict.fromkeys(links, 0)
    for names in links.values():
        for name in names:
            waiting[name] += 1
    ready = [name for name, count in waiting.items() if not count]
    depths = dict.fromkeys(ready, 0)
    for name in ready:
        for below in links[name]:
            depths[below] = max(depths.get(below, 0), depths[name] + 1)
            waiting[below] -= 1
            if not waiting[below]:
                ready.append(below)
    return depths if len(ready) == len(links) else None
