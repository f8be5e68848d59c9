"""The pieces of a page: texts, pairs, tables, pictures, and how figures are written."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

# Any: values of JSON, which the template reads.
Block = dict[str, Any]

WIDEST, HIGHEST = 480.0, 620.0
"""Room for a picture, in points."""

POINTS_PER_PIXEL = 0.75

LONGEST_WORD = 13
"""In the head of a table, a longer name may break; any name after `-` or `_`."""

_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')


def text_block(text: str) -> Block:
    """A paragraph."""
    return {"kind": "text", "text": text}


def code_block(text: str) -> Block:
    """A command."""
    return {"kind": "code", "text": text}


def pairs_block(rows: Iterable[tuple[str, str]]) -> Block:
    """Names and their values."""
    return {"kind": "pairs", "rows": [list(row) for row in rows]}


def table_block(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Block:
    """A table; long names in its head may break."""
    head = [_breakable(cell) for cell in head]
    return {"kind": "rows", "head": head, "rows": [list(row) for row in rows]}


def picture_block(svg: str, alt: str) -> Block:
    """A picture as large as its text wants it, or as the page allows."""
    width, factor, _ = fit(svg)
    return {"kind": "picture", "svg": svg, "alt": alt, "width": round(factor * width, 2)}


def fit(svg: str) -> tuple[float, float, float]:
    """How a picture fits the page: its width in pixels, points of each pixel, height in points."""
    size = _SIZE.search(svg)
    width, height = map(float, size.groups()) if size else (1.0, 1.0)
    factor = min(POINTS_PER_PIXEL, WIDEST / width, HIGHEST / height)
    return width, factor, factor * height


def figure(value: float) -> str:
    """A number with three figures, with a power of ten where it is very large or small.

    >>> figure(1234.5), figure(0.05), figure(3.21e-9), figure(0)
    ('1230', '0.05', '3.21 × 10^-9', '0')
    """
    if 1e-3 <= value < 1e5:
        return f"{float(f'{value:.3g}'):g}"
    return figure_of_log10(math.log10(value) if value > 0 else -math.inf)


def figure_of_log10(log10: float) -> str:
    """A number whose log10 is given, however large or small, always with three figures.

    >>> figure_of_log10(400.5), figure_of_log10(2.0), figure_of_log10(float("-inf"))
    ('3.16 × 10^400', '100', '0')
    >>> figure_of_log10(0.0), figure_of_log10(-1.0), figure_of_log10(math.log10(9.999))
    ('1.00', '0.100', '10.0')
    """
    if math.isinf(log10):
        return "∞" if log10 > 0 else "0"
    if -3 <= log10 < 5:
        value = float(f"{10**log10:.3g}")
        return f"{value:.{max(0, 2 - math.floor(math.log10(value)))}f}"
    exponent = math.floor(log10)
    mantissa = f"{10 ** (log10 - exponent):.2f}"
    if mantissa == "10.00":
        mantissa, exponent = "1.00", exponent + 1
    return f"{mantissa} × 10^{exponent}"


def log10_text(value: float) -> str:
    """A log10 LR with four decimals."""
    return f"{value:.4f}" if math.isfinite(value) else str(value)


def _breakable(text: str) -> str:
    """A text with unseen places where a line may break."""
    text = re.sub("[-_]", "\\g<0>\u200b", text)
    return re.sub(rf"[^\s\u200b]{{{LONGEST_WORD}}}(?=[^\s\u200b])", "\\g<0>\u200b", text)
