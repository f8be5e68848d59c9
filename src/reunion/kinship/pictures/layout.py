"""Where the symbols and texts of a pedigree stand, in pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reunion.kinship.pedigree import Pedigree
from reunion.kinship.pictures.generations import Chart, Node, chart
from reunion.kinship.pictures.order import Row, ordered_rows
from reunion.kinship.pictures.places import placed
from reunion.kinship.pictures.routes import Routes
from reunion.kinship.pictures.svg import Point, text_width

RADIUS = 12.0
NAME, CAPTION = 12.0, 10.0
NAME_HEIGHT, CAPTION_HEIGHT = 14.0, 12.0
COLUMN, WIDEST_NAME = 60.0, 84.0
MARGIN, DROP, LANE = 14.0, 20.0, 9.0
BESIDE_TEXT = 5.0
MOST_LINES = 3

Captions = Mapping[str, Sequence[str]]
"""Lines of text under a person, below the name."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A pedigree that is laid out.

    Args:
        chart: the rows and sibships.
        rows: from the top, each from left to right.
        row_of: the row of each node.
        column: the room of one person.
        x: the middle of each node.
        y: the middle of each row.
        under_text: of each row, where the texts end.
        routes: the lines.
    """

    chart: Chart
    rows: tuple[Row, ...]
    row_of: Mapping[Node, int]
    column: float
    x: Mapping[Node, float]
    y: Sequence[float]
    under_text: Sequence[float]
    routes: Routes

    @property
    def width(self) -> float:
        """Of everything."""
        return max(self.x.values(), default=0.0) + self.column / 2 + MARGIN

    @property
    def height(self) -> float:
        """Down to the last text."""
        return max(self.under_text, default=0.0)

    def position(self, node: Node) -> Point:
        """The middle of a person's symbol, or of the place where a wire passes a row."""
        return self.x[node], self.y[self.row_of[node]]

    def detour_y(self, gap: int, number: int) -> float:
        """The height of a lane for couples."""
        return self.under_text[gap] + LANE * self.routes.detours[gap][number]

    def bar_y(self, gap: int, number: int) -> float:
        """The height of a lane for children, below those for couples."""
        used = max(self.routes.detours[gap], default=-1) + 1
        return self.under_text[gap] + LANE * (used + self.routes.bars[gap][number])


def layout(pedigree: Pedigree, captions: Captions | None = None) -> Layout:
    """Lay a pedigree out.

    >>> from reunion.kinship.pedigree import trio
    >>> found = layout(trio())
    >>> found.position("father")[1] < found.position("child")[1]
    True
    """
    captions = captions or {}
    drawn = chart(pedigree)
    rows = ordered_rows(drawn)
    widths = [min(WIDEST_NAME, text_width(person.id, NAME)) for person in pedigree]
    widths += [text_width(line, CAPTION) for lines in captions.values() for line in lines]
    column = max(COLUMN, max(widths, default=0.0) + 16)
    x = {node: MARGIN + (place + 0.5) * column for node, place in placed(drawn, rows).items()}
    routes = Routes(drawn, rows, x, column / 2 - BESIDE_TEXT)
    y: list[float] = []
    under_text: list[float] = []
    top = DROP
    for at, row in enumerate(rows):
        y.append(top + RADIUS)
        texts = [_text_height(node, column, captions) for node in row if isinstance(node, str)]
        under_text.append(top + 2 * RADIUS + 8 + max(texts, default=0.0))
        lanes = max(routes.detours[at], default=-1) + max(routes.bars[at], default=-1) + 2
        top = under_text[-1] + lanes * LANE + DROP
    row_of = {node: at for at, row in enumerate(rows) for node in row}
    return Layout(drawn, rows, row_of, column, x, y, under_text, routes)


def name_lines(name: str, column: float) -> list[str]:
    """A name on a few lines, broken at a blank, `_` or `-` if it can be; ends in dots if too long.

    >>> name_lines("child (unknown father)", 76.0)
    ['child', '(unknown', 'father)']
    >>> name_lines("mothers_father", 76.0)
    ['mothers_', 'father']
    """
    lines = [""]
    for character in name:
        if text_width(lines[-1] + character, NAME) > column - 6:
            place = max(map(lines[-1].rfind, " _-")) + 1
            lines[-1:] = [lines[-1][:place], lines[-1][place:]] if place else [lines[-1], ""]
        lines[-1] += character
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][:-1] + "…"]
    return [line.strip() for line in lines]


def _text_height(person: str, column: float, captions: Captions) -> float:
    """Room for the name and the lines below it."""
    names = len(name_lines(person, column)) * NAME_HEIGHT
    return names + len(captions.get(person, ())) * CAPTION_HEIGHT
