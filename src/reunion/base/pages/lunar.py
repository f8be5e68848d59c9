"""The Chinese calendar (农历) from 1900 to 2100: its days as days of the common calendar, and back.

Its months begin at new moon and have 29 or 30 days; a leap month has the number of the month before
it. tests/base/test_pages_lunar.py compares every day with a second table.

Three new moons fall so near midnight that nobody can say today on which day those months will
begin: in September 2057, September 2089 and August 2097 (Hong Kong Observatory, notes to its
conversion tables).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from borax.calendars.lunardate import (
    MAX_SOLAR_DATE,
    MIN_SOLAR_DATE,
    InvalidLunarDateError,
    LCalendars,
    LunarDate,
)

FIRST_YEAR, LAST_YEAR = 1900, 2100
FIRST_DAY: date = MIN_SOLAR_DATE
LAST_DAY: date = MAX_SOLAR_DATE

_MONTHS = "正 二 三 四 五 六 七 八 九 十 十一 十二".split()
_DIGITS = "〇一二三四五六七八九"
_NUMBERS = "十一二三四五六七八九"


class NoSuchDay(ValueError):
    """The calendar has no such year, month or day, or not in the years that we know."""


@dataclass(frozen=True, slots=True, order=True)
class LunarMonth:
    """A month; a leap month comes after the one of its number.

    Raises:
        NoSuchDay: that year has no such month.

    >>> LunarMonth(2020, 4, leap=True).first, LunarMonth(2020, 4, leap=True).days
    (datetime.date(2020, 5, 23), 29)
    """

    year: int
    month: int
    leap: bool = False

    def __post_init__(self) -> None:
        _ = self.days

    @property
    def days(self) -> int:
        """29 or 30."""
        try:
            return int(LCalendars.ndays(self.year, self.month, int(self.leap)))
        except InvalidLunarDateError as error:
            raise NoSuchDay(str(error)) from error

    @property
    def first(self) -> date:
        """Its first day, in the common calendar."""
        return LunarDay(self.year, self.month, 1, self.leap).solar

    @property
    def last(self) -> date:
        """Its last day, in the common calendar."""
        return self.first + timedelta(self.days - 1)


@dataclass(frozen=True, slots=True)
class LunarDay:
    """A day.

    Raises:
        NoSuchDay: there is none such.

    >>> LunarDay(1994, 8, 15).solar
    datetime.date(1994, 9, 20)
    >>> lunar_day(date(2026, 2, 17)).chinese
    '农历二〇二六年正月初一'
    """

    year: int
    month: int
    day: int
    leap: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.day <= LunarMonth(self.year, self.month, self.leap).days:
            raise NoSuchDay(f"{self}")

    @property
    def solar(self) -> date:
        """The day in the common calendar."""
        made = LunarDate(self.year, self.month, self.day, int(self.leap))
        found: date = made.to_solar_date()
        return found

    @property
    def chinese(self) -> str:
        """As it is written in Chinese, with the year as digits of the common calendar's era."""
        return f"农历{year_words(self.year)}{month_words(self.month, self.leap)}{_day(self.day)}"


def lunar_day(day: date) -> LunarDay:
    """The day of the Chinese calendar.

    Raises:
        NoSuchDay: it lies before 1900 or after 2100, years of the Chinese calendar.
    """
    if not FIRST_DAY <= day <= LAST_DAY:
        raise NoSuchDay(f"{day}")
    found = LunarDate.from_solar(day)
    return LunarDay(found.year, found.month, found.day, bool(found.leap))


def months(year: int) -> Iterator[LunarMonth]:
    """The 12 or 13 months of a year, in their order."""
    for month, _, leap in LCalendars.iter_year_month(year):
        yield LunarMonth(year, month, bool(leap))


def year_words(year: int) -> str:
    """A year in Chinese.

    >>> year_words(1994)
    '一九九四年'
    """
    return "".join(_DIGITS[int(digit)] for digit in str(year)) + "年"


def month_words(month: int, leap: bool = False) -> str:
    """A month in Chinese.

    >>> month_words(1), month_words(8, leap=True), month_words(12)
    ('正月', '闰八月', '十二月')
    """
    return f"{'闰' if leap else ''}{_MONTHS[month - 1]}月"


def _day(day: int) -> str:
    if day in (10, 20, 30):
        return ("初十", "二十", "三十")[day // 10 - 1]
    return "初十廿"[day // 10] + _NUMBERS[day % 10]
