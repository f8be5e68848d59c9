"""Charts: figures with a summary in words, a table beside, and a file of the same figures.

    @needs("statistics.see")
    @draws_charts
    def page(request):
        chart = Chart(...)
        return csv_answer(request, chart) or render(request, "page.html", {"chart": chart})

The template includes components/chart.html, and components/chart_scripts.html in its block of
scripts. Without JavaScript the table is all there is, and it is enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias, TypeVar, cast

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext

from reunion.base.documents.sheets import Form, Value, sheet_answer
from reunion.base.errors import RuleBroken
from reunion.base.small_cells import SMALLEST

V = TypeVar("V", bound=Callable[..., HttpResponseBase])

PALETTE = ("#12436d", "#28a197", "#801650", "#f46a25", "#111111", "#a285d1")
"""Each differs from white by 3 to 1 at least, and from its neighbours to every kind of colour
sight; a pattern on each says the same once more. tests/base/test_pages_charts.py measures it."""

_ID = re.compile(r"[a-z][a-z0-9-]*")


class Gap(Enum):
    """A cell without a figure."""

    SMALL = "small"
    """Below 11, or it would give such a figure away (base/small_cells)."""
    MISSING = "missing"
    """Nobody has counted."""


Figure: TypeAlias = int | float | Decimal | Gap


class Kind(Enum):
    """How figures are drawn."""

    LINE = "line"
    BAR = "bar"
    STACKED = "stacked"
    ACROSS = "across"
    """Bars that lie, for long names."""


def figure_of(published: int | None) -> Figure:
    """A cell as `small_cells.published` gives it."""
    return Gap.SMALL if published is None else published


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with everything that a reader needs to judge it.

    Args:
        id: short, and of one chart of a page only.
        summary: one sentence that says what the figures show.
        columns: what the rows are (a year, a region), then the name of each series.
        rows: a label, then a figure for each series.
        unit: what is counted, as "cases".
        source: who counted, and when.

    Raises:
        RuleBroken: a row has too few figures, there are more series than colours, or a word lacks.
    """

    id: str
    title: str
    summary: str
    kind: Kind
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Figure]]]
    unit: str
    source: str
    is_synthetic: bool

    def __post_init__(self) -> None:
        series = len(self.columns) - 1
        fits = 0 < series <= len(PALETTE) and all(len(row) == series for _, row in self.rows)
        said = all((self.title, self.summary, self.unit, self.source))
        if not _ID.fullmatch(self.id) or not fits or not said:
            raise RuleBroken(rule="chart_is_whole")

    @property
    def table(self) -> list[tuple[str, list[str]]]:
        """The rows as they are read."""
        return [(label, [_words(figure) for figure in row]) for label, row in self.rows]

    @property
    def has_small_cells(self) -> bool:
        """Whether a note must say what the sign of a small cell means."""
        return any(figure is Gap.SMALL for _, row in self.rows for figure in row)

    @property
    def drawing(self) -> dict[str, Any]:
        """What chart.js draws; values of JSON."""
        return {
            "kind": self.kind.value,
            "unit": self.unit,
            "summary": self.summary,
            "labels": [label for label, _ in self.rows],
            "series": [
                {
                    "name": name,
                    "colour": PALETTE[at],
                    "values": [_drawn(row[at]) for _, row in self.rows],
                    "words": [_words(row[at]) for _, row in self.rows],
                }
                for at, name in enumerate(self.columns[1:])
            ],
        }


def draws_charts(view: V) -> V:
    """For the views of pages with charts: the library that draws sets styles on its own elements.

    Style sheets and scripts stay as strict as on every page.
    """
    relax = csp_update({"style-src-attr": [UNSAFE_INLINE]})
    relaxed = cast(V, relax(cast(Any, view)))
    relaxed.draws_charts = True  # type: ignore[attr-defined]  # functions carry it; tests read it
    return relaxed


def csv_answer(request: HttpRequest, *charts: Chart) -> HttpResponseBase | None:
    """The file of the chart that `?csv=` names; none where the page itself is wanted."""
    for chart in charts:
        if request.GET.get("csv") == chart.id:
            rows: list[list[Value]] = [[label, *map(_cell, row)] for label, row in chart.rows]
            return sheet_answer(
                Form.CSV,
                chart.columns,
                rows,
                title=chart.title,
                name=chart.id,
                is_synthetic=chart.is_synthetic,
            )
    return None


def _words(figure: Figure) -> str:
    match figure:
        case Gap.SMALL:
            return f"<{SMALLEST}"
        case Gap.MISSING:
            return gettext("no figure")
    return f"{figure:,}"


def _cell(figure: Figure) -> Value:
    return _words(figure) if isinstance(figure, Gap) else figure


def _drawn(figure: Figure) -> float | None:
    return None if isinstance(figure, Gap) else float(figure)
