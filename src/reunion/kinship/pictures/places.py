"""Where the nodes of each row stand, left to right, in columns of the width 1.

Children are drawn under the middle of their parents, and parents over the middle of their children,
as far as the order of the row and the room that each node needs allow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from reunion.kinship.pictures.generations import Chart, Node, Sibship
from reunion.kinship.pictures.order import Row

SWEEPS = 160
BESIDE_WIRE = 0.65
"""Distance of a wire from its neighbour; that of two persons is 1."""

LINE_WEIGHT = 1.0
WIRE_WEIGHT = 3.0
MATE_WEIGHT = 0.4
NEIGHBOUR_WEIGHT = 0.04


def placed(chart: Chart, rows: Sequence[Row]) -> dict[Node, float]:
    """The place of every node; the least one is 0.

    >>> from reunion.kinship.pedigree import trio
    >>> from reunion.kinship.pictures.generations import chart
    >>> found = placed(chart(trio()), (("father", "mother"), ("child",)))
    >>> [round(found[person], 2) for person in ("father", "child", "mother")]
    [0.0, 0.5, 1.0]
    """
    x: dict[Node, float] = {}
    for row in rows:
        room = _room(row)
        middle = room[-1] / 2 if room else 0.0
        x.update({node: place - middle for node, place in zip(row, room, strict=True)})
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 else rows[::-1]:
            wishes = _wishes(chart.sibships, row, x)
            x.update(zip(row, _kept_apart(row, wishes), strict=True))
    left = min(x.values(), default=0.0)
    return {node: place - left for node, place in x.items()}


def middle(x: Mapping[Node, float], nodes: Iterable[Node]) -> float:
    """The middle between the outermost of some nodes."""
    places = [x[node] for node in nodes]
    return (min(places) + max(places)) / 2


def _room(row: Row) -> list[float]:
    """Places as close together as may be, from 0 on."""
    places: list[float] = []
    for at, node in enumerate(row):
        if at:
            wired = isinstance(node, tuple) or isinstance(row[at - 1], tuple)
            places.append(places[-1] + (BESIDE_WIRE if wired else 1.0))
        else:
            places.append(0.0)
    return places


def _wishes(
    sibships: Sequence[Sibship], row: Row, x: Mapping[Node, float]
) -> list[tuple[float, float]]:
    """Where each node of a row would stand if it were alone, and how much it insists."""
    pulls: dict[Node, list[tuple[float, float]]] = {node: [] for node in row}
    room = _room(row)
    for at in range(1, len(row)):
        one, other, width = row[at - 1], row[at], room[at] - room[at - 1]
        pulls[one].append((x[other] - width, NEIGHBOUR_WEIGHT))
        pulls[other].append((x[one] + width, NEIGHBOUR_WEIGHT))

    def pull(nodes: Iterable[Node], by: float, weight: float) -> None:
        for node in nodes:
            if node in pulls:
                pulls[node].append((x[node] + by, weight))

    for sibship in sibships:
        chain: list[tuple[Node, ...]] = [sibship.mates] if sibship.mates else []
        chain += [(node,) for node in sibship.drop]
        chain.append(sibship.children)
        wire = [(node,) for node in sibship.wire]
        for line, weight in ((chain, LINE_WEIGHT), (wire, WIRE_WEIGHT)):
            for above, below in pairwise(line):
                by = middle(x, above) - middle(x, below)
                pull(below, by, weight)
                pull(above, -by, weight)
        if sibship.mates:
            left, right = sorted(sibship.mates, key=lambda node: x[node])
            by = (x[right] - x[left] - 1) / 2
            pull((left,), by, MATE_WEIGHT)
            pull((right,), -by, MATE_WEIGHT)
    return [_mean(pulls[node] or [(x[node], 1.0)]) for node in row]


def _mean(wishes: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The weighted mean of places, and the sum of the weights."""
    total = sum(weight for _, weight in wishes)
    return sum(place * weight for place, weight in wishes) / total, total


def _kept_apart(row: Row, wishes: Sequence[tuple[float, float]]) -> list[float]:
    """The places nearest to the wishes (least squares) with the room that each node needs.

    Source:
        Pool adjacent violators: nodes that would stand too close move as one block.
    """
    room = _room(row)
    blocks: list[tuple[float, float, int]] = []
    for (place, weight), offset in zip(wishes, room, strict=True):
        at, total, size = place - offset, weight, 1
        while blocks and blocks[-1][0] > at:
            before, more, count = blocks.pop()
            at = (at * total + before * more) / (total + more)
            total, size = total + more, size + count
        blocks.append((at, total, size))
    shifts = [at for at, _, size in blocks for _ in range(size)]
    return [shift + offset for shift, offset in zip(shifts, room, strict=True)]
