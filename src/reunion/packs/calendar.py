"""Working days of a jurisdiction, and the days on which something is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from reunion.packs.basis import Basis, basis_of
from reunion.packs.errors import BadReference, BadValue, PackError, raise_all
from reunion.packs.rows import Row, each, in_each, read_table
from reunion.packs.shape import Entry, read_toml

MOST_WORKING_DAYS = 3660
"""The longest period that a due date is worked out for; more is taken for a mistake."""


class DayKind(StrEnum):
    """What a table of holidays says about a day; a make-up day is worked on though a weekend."""

    HOLIDAY = "holiday"
    MAKE_UP = "make_up"


class Coverage(StrEnum):
    """How well the holidays of a year are known; weekends_only: not at all."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    WEEKENDS_ONLY = "weekends_only"


@dataclass(frozen=True, slots=True)
class Special:
    """Days that are not what their day of the week says, from one to another, both included."""

    first: date
    last: date
    kind: DayKind
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DueDate:
    """The day on which something is due.

    `weekends_only` are the years on the way whose holidays the pack does not know: there, only
    weekends were left out, and the day must be looked at again once they are known.
    """

    day: date
    weekends_only: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekends (1 is Monday), the years whose holidays are known, and the special days."""

    weekend: frozenset[int]
    years: Mapping[int, Basis]
    specials: tuple[Special, ...]
    days: Mapping[date, Special]

    def coverage(self, year: int) -> Coverage:
        """How well the holidays of a year are known.

        >>> Calendar(frozenset({6, 7}), {}, (), {}).coverage(2031).value
        'weekends_only'
        """
        basis = self.years.get(year)
        if basis is None:
            return Coverage.WEEKENDS_ONLY
        return Coverage.VERIFIED if basis.status == "verified" else Coverage.UNVERIFIED

    def special(self, day: date) -> Special | None:
        """The holiday or make-up day that a day belongs to."""
        return self.days.get(day)

    def is_working_day(self, day: date) -> bool:
        """Whether offices work; in a year that is not covered, every day that is no weekend.

        >>> Calendar(frozenset({6, 7}), {}, (), {}).is_working_day(date(2031, 1, 1))
        True
        """
        special = self.days.get(day)
        if special is not None:
            return special.kind is DayKind.MAKE_UP
        return day.isoweekday() not in self.weekend

    def due_date(self, start: date, working_days: int) -> DueDate:
        """The last of so many working days, the first of which comes after `start`.

        With 0 working days: `start` itself, or the next working day where it is none.

        >>> Calendar(frozenset({6, 7}), {2026: None}, (), {}).due_date(date(2026, 3, 6), 2).day
        datetime.date(2026, 3, 10)
        """
        if not 0 <= working_days <= MOST_WORKING_DAYS:
            raise ValueError(f"0 to {MOST_WORKING_DAYS} working days are possible")
        day, left, years = start, working_days, {start.year}
        while left or not self.is_working_day(day):
            day += timedelta(1)
            years.add(day.year)
            left -= left > 0 and self.is_working_day(day)
        return DueDate(day, tuple(sorted(years - set(self.years))))


def read_calendar(file: Path, holidays: Path, languages: tuple[str, ...]) -> Calendar:
    """The calendar of a pack: its weekends and years, and the table of its special days.

    Raises:
        PackError: names the places that are wrong.
    """
    top = read_toml(file)
    top.only("weekend", "year")
    weekend = _weekend(top)
    years: dict[int, Basis] = {}
    for year, basis in each(_year, top.entries("year")):
        if years.setdefault(year, basis) is not basis:
            raise BadValue(file=file, path="year", reason=f"{year} is there twice")
    columns = ("first", "last", "kind", *in_each("name", languages))
    specials = read_table(holidays, columns, lambda row: _special(row, languages))
    return Calendar(weekend, years, specials, _days(holidays, specials, weekend, years))


def _weekend(top: Entry) -> frozenset[int]:
    days = top.values.get("weekend")
    if not isinstance(days, list) or not days or not all(day in range(1, 8) for day in days):
        raise top.wrong("weekend", "a list of days of the week is wanted, 1 is Monday")
    return frozenset(days)


def _year(entry: Entry) -> tuple[int, Basis]:
    entry.only("year", "source", "status")
    return entry.whole("year", 1900), basis_of(entry)


def _special(row: Row, languages: tuple[str, ...]) -> Special:
    first, last = row.day("first"), row.day("last")
    if not first <= last or first.year != last.year:
        raise row.wrong("last", "it must not come before the first day, nor in another year")
    return Special(first, last, row.member("kind", DayKind), row.translated("name", languages))


def _days(
    file: Path, specials: tuple[Special, ...], weekend: frozenset[int], years: Mapping[int, Basis]
) -> dict[date, Special]:
    """The special days one by one; a contradiction among them is refused."""
    days: dict[date, Special] = {}
    faults: list[PackError] = []
    for line, special in enumerate(specials, 2):
        if special.first.year not in years:
            reason = f"the calendar does not list the year {special.first.year}"
            faults.append(BadReference(file=file, path=f"line {line}, first", reason=reason))
        for offset in range((special.last - special.first).days + 1):
            day = special.first + timedelta(offset)
            if day in days:
                faults.append(
                    BadValue(file=file, path=f"line {line}", reason=f"{day} is there twice")
                )
            if special.kind is DayKind.MAKE_UP and day.isoweekday() not in weekend:
                reason = f"{day} is no weekend, so it is worked on anyway"
                faults.append(BadValue(file=file, path=f"line {line}, kind", reason=reason))
            days[day] = special
    raise_all(faults)
    return days
