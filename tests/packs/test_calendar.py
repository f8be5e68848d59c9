"""Due dates: counted in working days, over holidays and make-up days, and honest about gaps."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reunion.packs.calendar import Calendar, Coverage
from reunion.packs.jurisdiction import load_jurisdiction


@pytest.fixture(scope="module")
def cn() -> Calendar:
    """A calendar with make-up days."""
    return load_jurisdiction("cn").calendar


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2026, 2, 13), True),
        (date(2026, 2, 14), True),  # a Saturday, made up for
        (date(2026, 2, 15), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),
        (date(2026, 3, 1), False),
        (date(2022, 12, 31), False),
        (date(2024, 10, 12), True),
    ],
)
def test_holidays_and_make_up_days_decide_before_weekends(
    cn: Calendar, day: date, is_working: bool
) -> None:
    assert cn.is_working_day(day) is is_working


def test_the_first_working_day_comes_after_the_start(cn: Calendar) -> None:
    assert cn.due_date(date(2026, 3, 2), 1).day == date(2026, 3, 3)
    assert cn.due_date(date(2026, 3, 6), 1).day == date(2026, 3, 9)


def test_no_working_days_mean_today_or_the_next_working_day(cn: Calendar) -> None:
    assert cn.due_date(date(2026, 3, 2), 0).day == date(2026, 3, 2)
    assert cn.due_date(date(2026, 3, 7), 0).day == date(2026, 3, 9)


def test_a_due_date_agrees_with_counting_day_by_day(cn: Calendar) -> None:
    for start in (date(2022, 1, 25), date(2023, 9, 20), date(2025, 12, 25)):
        for wanted in (1, 5, 30):
            days = [start + timedelta(n) for n in range(1, 120)]
            plain = [day for day in days if cn.is_working_day(day)][wanted - 1]
            assert cn.due_date(start, wanted).day == plain


def test_a_year_that_was_not_announced_is_said_and_not_guessed(cn: Calendar) -> None:
    assert cn.coverage(2026) is Coverage.VERIFIED
    assert cn.coverage(2027) is Coverage.WEEKENDS_ONLY
    assert cn.coverage(2027).value == "weekends_only"
    known = cn.due_date(date(2026, 12, 1), 5)
    assert known.weekends_only == ()
    over = cn.due_date(date(2026, 12, 28), 10)
    assert over.weekends_only == (2027,)
    assert over.day == date(2027, 1, 11)
    assert cn.is_working_day(date(2027, 10, 1))


def test_a_year_may_be_known_without_having_been_verified() -> None:
    assert load_jurisdiction("in").calendar.coverage(2025) is Coverage.UNVERIFIED


def test_a_day_says_which_holiday_it_is(cn: Calendar) -> None:
    special = cn.special(date(2026, 2, 14))
    assert special is not None
    assert special.names == {"zh": "春节", "en": "Spring Festival"}
    assert cn.special(date(2026, 3, 2)) is None


@pytest.mark.parametrize("days", [-1, 3661])
def test_a_period_that_must_be_a_mistake_is_refused(cn: Calendar, days: int) -> None:
    with pytest.raises(ValueError, match="working days are possible"):
        cn.due_date(date(2026, 3, 2), days)
