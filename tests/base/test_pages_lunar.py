"""Every month of the Chinese calendar, against a second table that goes from 1901 to 2099."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from cnlunar import Lunar

from reunion.base.pages.lunar import (
    FIRST_DAY,
    LAST_DAY,
    LunarDay,
    LunarMonth,
    NoSuchDay,
    lunar_day,
    months,
)

# The new moon falls on midnight: the Hong Kong Observatory names the same three in the notes to its
# conversion tables, and says that a day more or less cannot be told today. `cnlunar` has the days
# that stand in those tables, `borax` the days after.
OPEN = [LunarMonth(2057, 9), LunarMonth(2089, 8), LunarMonth(2097, 7)]

# First days of the year, from the official tables.
NEW_YEARS = {
    1900: date(1900, 1, 31),
    1912: date(1912, 2, 18),
    1949: date(1949, 1, 29),
    1985: date(1985, 2, 20),
    2000: date(2000, 2, 5),
    2024: date(2024, 2, 10),
    2026: date(2026, 2, 17),
    2033: date(2033, 1, 31),
}
LEAP_MONTHS = {1995: 8, 2001: 4, 2004: 2, 2006: 7, 2009: 5, 2012: 4, 2014: 9, 2017: 6, 2020: 4,
               2023: 2, 2025: 6, 2033: 11}  # fmt: skip


def read(day: date) -> LunarDay:
    """A day, as the second table reads it."""
    other = Lunar(datetime.combine(day, time(12)), godType="8char")
    return LunarDay(other.lunarYear, other.lunarMonth, other.lunarDay, other.isLunarLeapMonth)


def test_every_month_agrees_with_a_second_table_but_for_three_that_are_open() -> None:
    """Both tables say which day is the first of each month; with that, they say every day."""
    every = [month for year in range(1901, 2100) for month in months(year)]
    different = {month: read(month.first) for month in every if read(month.first).day != 1}
    assert list(different) == OPEN
    assert all(other == LunarDay(one.year, one.month, 2) for one, other in different.items())
    same = [month for month in every if month not in different]
    assert all(read(one.first) == LunarDay(one.year, one.month, 1, one.leap) for one in same)


def test_days_follow_each_other_without_a_gap_and_go_back_to_themselves() -> None:
    count = (LAST_DAY - FIRST_DAY).days + 1
    days = [lunar_day(FIRST_DAY + timedelta(offset)) for offset in range(count)]
    assert (days[0], days[-1]) == (LunarDay(1900, 1, 1), LunarDay(2100, 12, 29))
    for offset, (before, after) in enumerate(pairwise(days)):
        assert after.day == before.day + 1 or (after.day == 1 and before.day in (29, 30))
        assert before.solar == FIRST_DAY + timedelta(offset)


def test_a_second_converter_reads_the_same_days_in_the_years_of_most_of_the_missing() -> None:
    day = date(1980, 1, 1)
    while day < date(2027, 1, 1):
        assert read(day) == lunar_day(day)
        day += timedelta(1)


def test_years_begin_on_the_published_days_and_have_the_published_leap_months() -> None:
    assert {year: LunarDay(year, 1, 1).solar for year in NEW_YEARS} == NEW_YEARS
    found = {m.year: m.month for year in LEAP_MONTHS for m in months(year) if m.leap}
    assert found == LEAP_MONTHS


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(1994, 9, 20), "农历一九九四年八月十五"),
        (date(2020, 5, 23), "农历二〇二〇年闰四月初一"),
        (date(2026, 2, 16), "农历二〇二五年十二月廿九"),
        (date(2024, 2, 9), "农历二〇二三年十二月三十"),
        (date(2026, 3, 8), "农历二〇二六年正月二十"),
        (date(2026, 3, 9), "农历二〇二六年正月廿一"),
    ],
)
def test_days_in_chinese(day: date, words: str) -> None:
    assert lunar_day(day).chinese == words


@pytest.mark.parametrize(
    "wrong",
    [
        (2020, 5, 30, True),
        (2020, 13, 1, False),
        (1899, 1, 1, False),
        (2021, 4, 1, True),
        (2026, 1, 31, False),
        (2026, 1, 0, False),
    ],
)
def test_days_that_are_not_there_are_refused(wrong: tuple[int, int, int, bool]) -> None:
    with pytest.raises(NoSuchDay):
        LunarDay(*wrong)


def test_days_before_and_after_the_table_are_refused() -> None:
    for day in (FIRST_DAY - timedelta(1), LAST_DAY + timedelta(1)):
        with pytest.raises(NoSuchDay):
            lunar_day(day)
