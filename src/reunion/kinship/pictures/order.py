"""The order of the persons in each row: partners side by side, and as few crossings as can be.

A search by small steps from a few starting orders; it stops as soon as nothing is left to mend. The
same pedigree always gives the same order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from reunion.kinship.pictures.generations import Chart, Node

CROSSING = 10.0
APART = 3.0
TWINS_APART = 6.0
INTRUDER = 0.7
IN_LAW = 0.2
"""Prices: two lines that cross; a node between partners, between twins; a stranger between
siblings, and a sibling's partner there."""

MALE_RIGHT = 0.05
ELDER_RIGHT = 0.01
"""Prices of mere habits: fathers stand left of mothers, siblings in the order given."""

STARTS = 4
STEPS = 6_000
"""Orders that are tried, at most, from each start."""

Row = tuple[Node, ...]
Edge = tuple[tuple[Node, ...], Node]


def ordered_rows(chart: Chart) -> tuple[Row, ...]:
    """The rows, each from left to right.

    >>> from reunion.kinship.pedigree import trio
    >>> from reunion.kinship.pictures.generations import chart
    >>> ordered_rows(chart(trio()))
    (('father', 'mother'), ('child',))
    """
    prices = _Prices(chart)
    best: tuple[float, list[Row]] | None = None
    for start in _starts(chart):
        found = _improved(list(start), prices)
        if best is None or found[0] < best[0] - 1e-9:
            best = found
        if best[0] < INTRUDER:
            break
    return tuple(best[1]) if best else ()


def _starts(chart: Chart) -> Iterator[list[Row]]:
    """Rows in the order in which a walk through the family meets the nodes."""
    links: dict[Node, list[Node]] = {node: [] for row in chart.rows for node in row}
    for sibship in chart.sibships:
        pairs = [*pairwise(sibship.wire)]
        if sibship.mates:
            pairs.append((sibship.mates[0], sibship.mates[1]))
        below = sibship.drop[:1] or sibship.children
        pairs += [(mate, node) for mate in sibship.mates for node in below]
        pairs += [*pairwise(sibship.drop)]
        pairs += [(node, child) for node in sibship.drop[-1:] for child in sibship.children]
        for one, other in pairs:
            links[one].append(other)
            links[other].append(one)
    nodes = list(links)
    for start in nodes[:: max(1, len(nodes) // STARTS)][:STARTS]:
        met: dict[Node, None] = {}
        for first in (start, *nodes):
            waiting = [first]
            while waiting:
                node = waiting.pop()
                if node not in met:
                    met[node] = None
                    waiting += [other for other in reversed(links[node]) if other not in met]
        yield [tuple(node for node in met if node in set(row)) for row in chart.rows]


def _improved(rows: list[Row], prices: _Prices) -> tuple[float, list[Row]]:
    """The rows after all steps that pay, and what they cost."""
    steps = 0
    total = prices.total(rows)
    moved = True
    while moved and total >= MALE_RIGHT / 10:
        moved = False
        for at in range(len(rows)):
            here = prices.around(rows, at)
            for row in _variants(rows[at]):
                steps += 1
                if steps > STEPS:
                    return total, rows
                old, rows[at] = rows[at], row
                there = prices.around(rows, at)
                if there < here - 1e-9:
                    total += there - here
                    moved = True
                    break
                rows[at] = old
    return total, rows


def _variants(row: Row) -> Iterator[Row]:
    """The row with a part of it moved elsewhere, or turned round."""
    n = len(row)
    for length in range(1, n):
        for start in range(n - length + 1):
            part, rest = row[start : start + length], row[:start] + row[start + length :]
            for place in range(len(rest) + 1):
                if place != start:
                    yield rest[:place] + part + rest[place:]
                if length > 1:
                    yield rest[:place] + part[::-1] + rest[place:]
    if n > 1:
        yield row[::-1]


class _Prices:
    """What an order costs, row by row and gap by gap."""

    def __init__(self, chart: Chart) -> None:
        """Sort what counts by row and by gap; the gap below a row has its number."""
        row_of = {node: at for at, row in enumerate(chart.rows) for node in row}
        empty: list[list[tuple[Node, ...]]] = [[] for _ in chart.rows]
        self._couples, self._twins, self._children, self._partners = (
            [list(row) for row in empty] for _ in range(4)
        )
        self._edges: list[list[Edge]] = [[] for _ in chart.rows]
        partners: dict[Node, set[Node]] = {}
        for sibship in chart.sibships:
            if sibship.mates:
                self._couples[row_of[sibship.mates[0]]].append(sibship.mates)
                for one, other in (sibship.mates, sibship.mates[::-1]):
                    partners.setdefault(one, set()).add(other)
        for group in chart.twins:
            self._twins[row_of[group[0]]].append(group)
        for sibship in chart.sibships:
            row = row_of[sibship.children[0]]
            self._children[row].append(sibship.children)
            of_them = {mate for child in sibship.children for mate in partners.get(child, ())}
            self._partners[row].append(tuple(of_them - set(sibship.children)))
            chain = [(node,) for node in sibship.wire]
            self._add_edges(chain, row_of)
            if sibship.mates:
                line = [sibship.mates, *((node,) for node in sibship.drop)]
                self._add_edges(line, row_of)
                self._edges[row - 1] += [(line[-1], child) for child in sibship.children]

    def _add_edges(self, chain: Sequence[tuple[Node, ...]], row_of: Mapping[Node, int]) -> None:
        """The pieces of a wire."""
        for above, below in pairwise(chain):
            self._edges[row_of[above[0]]].append((above, below[0]))

    def total(self, rows: Sequence[Row]) -> float:
        """Of the whole picture."""
        places = [_places(row) for row in rows]
        gaps = (self._gap(at, places[at], places[at + 1]) for at in range(len(rows) - 1))
        return sum(self._row(at, place) for at, place in enumerate(places)) + sum(gaps)

    def around(self, rows: Sequence[Row], at: int) -> float:
        """Of one row and the gaps above and below it."""
        here = _places(rows[at])
        price = self._row(at, here)
        if at > 0:
            price += self._gap(at - 1, _places(rows[at - 1]), here)
        if at + 1 < len(rows):
            price += self._gap(at, here, _places(rows[at + 1]))
        return price

    def _row(self, at: int, places: Mapping[Node, int]) -> float:
        """Partners and twins apart, strangers between siblings, habits not kept."""
        price = 0.0
        for father, mother in self._couples[at]:
            between = places[mother] - places[father]
            price += APART * (abs(between) - 1) + (MALE_RIGHT if between < 0 else 0.0)
        for group in self._twins[at]:
            place = [places[node] for node in group]
            price += TWINS_APART * (max(place) - min(place) + 1 - len(place))
        for children, partners in zip(self._children[at], self._partners[at], strict=True):
            place = [places[child] for child in children]
            first, last = min(place), max(place)
            strangers = last - first + 1 - len(children)
            in_laws = sum(first < places[node] < last for node in partners)
            price += INTRUDER * strangers - (INTRUDER - IN_LAW) * in_laws
            price += ELDER_RIGHT * sum(b < a for a, b in pairwise(place))
        return price

    def _gap(self, at: int, above: Mapping[Node, int], below: Mapping[Node, int]) -> float:
        """Crossings between a row and the next one."""
        ends = sorted(
            (sum(above[node] for node in top) / len(top), below[node])
            for top, node in self._edges[at]
        )
        crossings = 0
        for i, (x, y) in enumerate(ends):
            crossings += sum(x < x2 and y > y2 for x2, y2 in ends[i + 1 :])
        return CROSSING * crossings


def _places(row: Row) -> dict[Node, int]:
    """Where each node of a row stands."""
    return {node: place for place, node in enumerate(row)}
