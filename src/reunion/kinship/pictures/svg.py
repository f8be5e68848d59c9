"""A canvas that gathers SVG elements; sizes are in pixels, y runs downwards."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

FONTS = "Noto Sans CJK SC, Noto Sans SC, Noto Sans, sans-serif"
WEIGHT = 500
"""Not 400, the usual one: PDF files would show the thinnest shape of the variable font for it."""

INK = "#111"
GREY = "#666"
PAPER = "#fff"

Point = tuple[float, float]


@dataclass(slots=True)
class Canvas:
    """Elements in the order in which they are drawn.

    >>> canvas = Canvas()
    >>> canvas.line([(0, 0), (10, 5.5)])
    >>> print(canvas.svg(10, 6, title="A line", description="Steep").splitlines()[3])
    <path d="M0 0L10 5.5" fill="none" stroke="#111" stroke-width="1.5"/>
    """

    parts: list[str] = field(default_factory=list)

    def add(self, tag: str, content: str = "", **attributes: object) -> None:
        """One element; `content` is markup already, `_` in the name of an attribute means `-`."""
        words = "".join(f' {key.replace("_", "-")}="{_text(v)}"' for key, v in attributes.items())
        self.parts.append(f"<{tag}{words}>{content}</{tag}>" if content else f"<{tag}{words}/>")

    def line(
        self,
        points: Iterable[Point],
        *,
        width: float = 1.5,
        stroke: str = INK,
        dashes: str = "",
    ) -> None:
        """A line through some points."""
        d = "".join(f"{'L' if i else 'M'}{_text(x)} {_text(y)}" for i, (x, y) in enumerate(points))
        more = {"stroke_dasharray": dashes} if dashes else {}
        self.add("path", d=d, fill="none", stroke=stroke, stroke_width=width, **more)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 12,
        anchor: str = "middle",
        bold: bool = False,
        fill: str = INK,
    ) -> None:
        """A text whose base line begins, ends or has its middle at (x, y)."""
        more = {"font_weight": "bold"} if bold else {}
        words = escape(text, quote=False)
        self.add("text", words, x=x, y=y, font_size=size, text_anchor=anchor, fill=fill, **more)

    def svg(self, width: float, height: float, *, title: str, description: str) -> str:
        """The whole picture; a page that is narrower may shrink it."""
        w, h = _text(round(width)), _text(round(height))
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}"'
                f' viewBox="0 0 {w} {h}" role="img" font-family="{FONTS}"'
                f' font-weight="{WEIGHT}">',
                f"<title>{escape(title, quote=False)}</title>",
                f"<desc>{escape(description, quote=False)}</desc>",
                *self.parts,
                "</svg>\n",
            ]
        )


def text_width(text: str, size: float = 12) -> float:
    """About how wide a text is: a Chinese character is as wide as high, a Latin one some 0.58.

    >>> text_width("ab", 10), text_width("家系", 10)
    (11.6, 20.0)
    """
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return size * (wide + 0.58 * (len(text) - wide))


def _text(value: object) -> str:
    """An attribute: numbers with at most two decimals."""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".").replace("-0", "0", 1 if value == 0 else 0)
    return escape(str(value))
