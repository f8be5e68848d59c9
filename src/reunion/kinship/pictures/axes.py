"""A frame with scales for a curve, small enough to be read on a telephone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reunion.kinship.pictures.svg import GREY, Canvas, Point

WIDTH, HEIGHT = 360.0, 250.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 44.0, 58.0, 42.0
SIZE = 11.0
_STEPS = (1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class Axes:
    """A frame: `x` and `y` are the ranges of values that it shows."""

    x: tuple[float, float]
    y: tuple[float, float]

    def point(self, x: float, y: float) -> Point:
        """Where a pair of values lies; what is beyond the frame lies on its edge."""
        across = _share(x, *self.x)
        up = _share(y, *self.y)
        return (
            LEFT + across * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM),
        )

    def points(self, xs: Iterable[float], ys: Iterable[float]) -> list[Point]:
        """Where many pairs lie."""
        return [self.point(x, y) for x, y in zip(xs, ys, strict=True)]

    def draw(self, canvas: Canvas, label: str, *, is_left: bool = True) -> None:
        """The frame, and the scale of x with its label."""
        bottom, left = self.y[0], self.x[0]
        canvas.line([self.point(left, bottom), self.point(self.x[1], bottom)], width=1)
        if is_left:
            canvas.line([self.point(left, bottom), self.point(left, self.y[1])], width=1)
        for value in ticks(*self.x):
            x, y = self.point(value, bottom)
            canvas.line([(x, y), (x, y + 4)], width=1)
            canvas.text(x, y + 16, f"{value:g}", size=SIZE)
        canvas.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, label, size=SIZE + 1)

    def mark(self, canvas: Canvas, value: float, label: str) -> None:
        """A line from top to bottom at a value of x, with its label at the top."""
        x, _ = self.point(value, self.y[0])
        canvas.line([(x, TOP - 6), (x, HEIGHT - BOTTOM)], width=2, dashes="1 3")
        anchor = "start" if x < WIDTH / 3 else "end" if x > WIDTH * 2 / 3 else "middle"
        canvas.text(x, TOP - 10, label, size=SIZE, bold=True, anchor=anchor)


def legend(canvas: Canvas, entries: Sequence[tuple[str, str]]) -> None:
    """What each kind of line means: (dashes, words), one below the other."""
    for at, (dashes, words) in enumerate(entries):
        y = 14.0 + 15 * at
        canvas.line([(LEFT, y - 4), (LEFT + 26, y - 4)], width=2, dashes=dashes)
        canvas.text(LEFT + 32, y, words, size=SIZE, anchor="start")


def scale(canvas: Canvas, labels: Iterable[tuple[float, str]], axes: Axes, *, right: bool) -> None:
    """The scale of y, at the left or at the right."""
    x = axes.x[1] if right else axes.x[0]
    for value, label in labels:
        at, y = axes.point(x, value)
        canvas.line([(at, y), (at + (4 if right else -4), y)], width=1, stroke=GREY)
        anchor = "start" if right else "end"
        canvas.text(at + (6 if right else -6), y + 4, label, size=SIZE, anchor=anchor)


def ticks(low: float, high: float, most: int = 7) -> list[float]:
    """Round values between two others.

    >>> ticks(-1.5, 12.2)
    [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0]
    """
    size = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(
        step
        for size in (size, 10 * size)
        for factor in _STEPS
        if (high - low) / (step := size * factor) <= most
    )
    return [step * i + 0.0 for i in range(math.ceil(low / step), math.floor(high / step) + 1)]


def power_of_ten(exponent: int) -> str:
    """A power of ten: written out near 1, short elsewhere.

    >>> power_of_ten(2), power_of_ten(-5)
    ('100', '1e-5')
    """
    return f"{10.0**exponent:g}" if -3 <= exponent <= 3 else f"1e{exponent}"


def _share(value: float, low: float, high: float) -> float:
    """How far a value lies between two others, from 0 to 1."""
    return min(1.0, max(0.0, (value - low) / (high - low)))
