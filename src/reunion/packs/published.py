"""Figures that others have published, each with whom it counts, how, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from reunion.packs.basis import by_code
from reunion.packs.errors import PackError
from reunion.packs.rows import Row, each, read_table
from reunion.packs.shape import Entry, read_toml


class PeriodKind(StrEnum):
    """What a figure says about its period; figures of different kinds are never joined."""

    YEAR = "year"
    WINDOW = "window"
    CUMULATIVE = "cumulative"
    STOCK = "stock"
    RATE_PER_YEAR = "rate_per_year"
    RATIO = "ratio"
    SHARE = "share"


class Counted(StrEnum):
    """At which point a case is counted."""

    FILED = "filed"
    OCCURRED = "occurred"
    SOLVED = "solved"
    CLOSED = "closed"


class Victims(StrEnum):
    """Whom a figure is about."""

    WOMEN = "women"
    CHILDREN = "children"
    BOTH = "women_and_children"


class Qualifier(StrEnum):
    """How the publisher puts the figure: "more than 350" is not 350."""

    EXACT = "exact"
    MORE_THAN = "more_than"
    FEWER_THAN = "fewer_than"
    ALMOST = "almost"


class FigureBasis(StrEnum):
    """Where the figure was read; a pack ships only those read on a page of a publication."""

    PAGE = "page"


class FigureScope(StrEnum):
    """What the figure covers; a sample must never be shown as the whole."""

    NATIONAL = "national"
    SAMPLED = "sampled"


@dataclass(frozen=True, slots=True)
class Series:
    """A published series, or a unit of one, with its name."""

    code: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Observation:
    """One published figure.

    `counted` is none where it does not count cases, `victims` where it is about nobody in
    particular. `published` is as precise as the source: a year, a month or a day.
    """

    series: str
    kind: PeriodKind
    period_from: date
    period_to: date
    counted: Counted | None
    victims: Victims | None
    qualifier: Qualifier
    value: Decimal
    unit: str
    scope: FigureScope
    publisher: str
    published: str
    basis: FigureBasis
    note: str

    @property
    def line(self) -> tuple[str | None, ...]:
        """What must agree before two figures may be drawn as one line."""
        return (self.series, self.kind, self.counted, self.victims, self.unit, self.scope)


@dataclass(frozen=True, slots=True)
class Statistics:
    """Series and units by code, and the figures in the order of the file."""

    series: Mapping[str, Series]
    units: Mapping[str, Series]
    observations: tuple[Observation, ...]

    def of(self, series: str) -> tuple[Observation, ...]:
        """The figures of one series, contradictions included."""
        return tuple(found for found in self.observations if found.series == series)


COLUMNS = (
    "series",
    "kind",
    "period_from",
    "period_to",
    "counted",
    "victims",
    "qualifier",
    "value",
    "unit",
    "scope",
    "publisher",
    "published",
    "basis",
    "note",
)


def read_statistics(series: Path, figures: Path, languages: tuple[str, ...]) -> Statistics:
    """The series of a pack and their figures.

    Raises:
        PackError: names the places that are wrong.
    """

    def named(entry: Entry) -> Series:
        entry.only("code", "name")
        return Series(entry.code("code"), entry.translated("name", languages))

    top = read_toml(series)
    top.only("series", "unit")
    by_series = by_code(series, "series", each(named, top.entries("series")))
    by_unit = by_code(series, "unit", each(named, top.entries("unit")))
    seen: set[Observation] = set()

    def observation(row: Row) -> Observation:
        found = _observation(row, by_series, by_unit)
        if found in seen:
            raise row.wrong("series", "the very same figure is there twice")
        seen.add(found)
        return found

    return Statistics(by_series, by_unit, read_table(figures, COLUMNS, observation))


def _observation(
    row: Row, series: Mapping[str, Series], units: Mapping[str, Series]
) -> Observation:
    for column, known in (("series", series), ("unit", units)):
        if row.text(column) not in known:
            raise _unknown(row, column)
    first, last = row.day("period_from"), row.day("period_to")
    if first > last:
        raise row.wrong("period_to", "it comes before period_from")
    return Observation(
        series=row.text("series"),
        kind=row.member("kind", PeriodKind),
        period_from=first,
        period_to=last,
        counted=row.member("counted", Counted) if row.optional("counted") else None,
        victims=row.member("victims", Victims) if row.optional("victims") else None,
        qualifier=row.member("qualifier", Qualifier),
        value=row.decimal("value"),
        unit=row.text("unit"),
        scope=row.member("scope", FigureScope),
        publisher=row.text("publisher"),
        published=row.about_day("published"),
        basis=row.member("basis", FigureBasis),
        note=row.optional("note"),
    )


def _unknown(row: Row, column: str) -> PackError:
    return row.wrong(column, f"{row.text(column)} is not in the list of series and units")
