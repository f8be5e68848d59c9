"""The lines of a pedigree: where they run between the rows without lying on one another.

Below each row there are lanes: first for couples who do not stand side by side, then for the bars
from which the children hang. Two lines whose stretches overlap get different lanes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from reunion.kinship.pictures.generations import Chart, Node, Sibship
from reunion.kinship.pictures.order import Row
from reunion.kinship.pictures.places import middle

CLEAR = 7.0
"""Least distance of two lines that run side by side, in pixels."""

SNAP = 12.0
"""An only child that hangs less than this beside the middle of the couple is met straight."""

Stretch = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bar:
    """From above at `source` down to a lane, along it, and down to each of the targets."""

    gap: int
    source: float
    targets: tuple[float, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Detour:
    """The line of a couple, or of a wire, along a lane of the upper kind."""

    gap: int
    start: float
    end: float
    number: int


@dataclass(slots=True)
class Route:
    """All lines of one sibship.

    Args:
        sibship: whose lines they are.
        detour: where the couple does not stand side by side.
        wire: the detours of a wire, one in each gap that it crosses.
        bars: the last one carries the children, the ones before it lead past a row.
    """

    sibship: Sibship
    detour: Detour | None = None
    wire: list[Detour] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)


class Routes:
    """The routes of a chart; `detours` and `bars` tell the lanes of each gap."""

    def __init__(
        self, chart: Chart, rows: Sequence[Row], x: dict[Node, float], column: float
    ) -> None:
        """Lay all routes; `x` and `column` (half the room of a person) are in pixels."""
        self._row_of = {node: at for at, row in enumerate(rows) for node in row}
        self._place = {node: at for row in rows for at, node in enumerate(row)}
        self._x, self._column, self._twins = x, column, chart.twins
        self._detours: list[list[Stretch]] = [[] for _ in rows]
        self._bars: list[list[Stretch]] = [[] for _ in rows]
        self._sources: list[list[float]] = [[] for _ in rows]
        self.routes = [self._route(sibship) for sibship in chart.sibships]
        self.detours = [lanes(stretches) for stretches in self._detours]
        self.bars = [lanes(stretches) for stretches in self._bars]

    def apex(self, twins: Sequence[str]) -> float:
        """Where the two lines of twins meet."""
        return middle(self._x, twins)

    def _route(self, sibship: Sibship) -> Route:
        route = Route(sibship)
        for above, below in pairwise(sibship.wire):
            start = self._exit(above, self._x[below])
            route.wire.append(self._detour(self._row_of[above], start, self._x[below]))
        if not sibship.mates:
            return route
        gap = self._row_of[sibship.mates[0]]
        left, right = sorted(sibship.mates, key=lambda node: self._x[node])
        if self._place[right] - self._place[left] > 1:
            start, end = self._exit(left, self._x[right]), self._exit(right, self._x[left])
            route.detour = self._detour(gap, start, end)
        source = middle(self._x, sibship.mates)
        for node in (*sibship.drop, None):
            targets = self._targets(sibship.children) if node is None else (self._x[node],)
            if not route.bars:
                source = self._source(gap, source, targets)
            stretch = min(source, *targets), max(source, *targets)
            self._bars[gap].append(stretch)
            route.bars.append(Bar(gap, source, targets, len(self._bars[gap]) - 1))
            gap, source = gap + 1, targets[0]
        return route

    def _detour(self, gap: int, start: float, end: float) -> Detour:
        self._detours[gap].append((min(start, end), max(start, end)))
        return Detour(gap, start, end, len(self._detours[gap]) - 1)

    def _exit(self, node: Node, towards: float) -> float:
        """Where a line leaves a person sideways, to go down beside the text; a wire goes on."""
        x = self._x[node]
        if isinstance(node, tuple):
            return x
        return x + self._column if towards > x else x - self._column

    def _source(self, gap: int, x: float, targets: tuple[float, ...]) -> float:
        """The middle of the couple, or near it where another line comes down there already."""
        if len(targets) == 1 and abs(targets[0] - x) < SNAP:
            x = targets[0]
        while any(abs(x - other) < CLEAR for other in self._sources[gap]):
            x += CLEAR
        self._sources[gap].append(x)
        return x

    def _targets(self, children: tuple[str, ...]) -> tuple[float, ...]:
        """Where children hang; twins share one place."""
        twins = [group for group in self._twins if group[0] in children]
        alone = [child for child in children if not any(child in group for group in twins)]
        return (*(self._x[child] for child in alone), *map(self.apex, twins))


def lanes(stretches: Sequence[Stretch]) -> list[int]:
    """A lane for each stretch, as few as can be; the longest ones are served first.

    >>> lanes([(0, 10), (20, 30), (5, 25)])
    [1, 1, 0]
    """
    found = [0] * len(stretches)
    taken: list[list[Stretch]] = []
    longest_first = sorted(
        range(len(stretches)), key=lambda i: (stretches[i][0] - stretches[i][1], i)
    )
    for i in longest_first:
        left, right = stretches[i]
        lane = 0
        while lane < len(taken) and any(
            left - CLEAR < end and start < right + CLEAR for start, end in taken[lane]
        ):
            lane += 1
        if lane == len(taken):
            taken.append([])
        taken[lane].append((left, right))
        found[i] = lane
    return found
