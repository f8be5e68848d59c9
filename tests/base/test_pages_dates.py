"""Days and moments in words, and dates as people state them, in both languages and calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from reunion.base.pages.calendars import Exactness, StatedDate, StatedDateField
from reunion.base.pages.dates import distance_words, moment_words, stated_words
from reunion.base.pages.lunar import LunarDay, NoSuchDay
from reunion.web.picture_examples import DateForm

TODAY = date(2026, 3, 3)


def sent(**fields: object) -> DateForm:
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data[f"born_{name}"] = str(value)
    return DateForm(data)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (TODAY, "today"),
        (date(2026, 3, 2), "1 day ago"),
        (date(2026, 3, 6), "in 3 days"),
        (date(2026, 1, 3), "59 days ago"),
        (date(2026, 1, 2), "2 months ago"),
        (date(2024, 3, 4), "23 months ago"),
        (date(2024, 3, 3), "2 years ago"),
        (date(1994, 3, 4), "31 years ago"),
        (date(2027, 3, 3), "in 12 months"),
    ],
)
def test_how_long_ago_a_day_was(day: date, words: str) -> None:
    assert distance_words(day, TODAY) == words


def test_a_moment_is_shown_in_the_zone_of_the_country_with_its_weekday() -> None:
    late = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # already the next day in China
    assert moment_words(late) == "Tuesday, March 3, 2026, 00:30"
    with translation.override("zh-hans"):
        assert moment_words(late).startswith("2026年3月3日")
        assert "星期二" in moment_words(late)
        assert "00:30" in moment_words(late)


def test_the_filters_give_a_time_for_machines_and_words_for_people() -> None:
    page = Template(
        "{% load dates %}{{ at|when }}|{{ day|lunar }}|{{ said|stated }}|{{ none|when }}"
    )
    at = timezone.now() - timedelta(days=3)
    said = StatedDate(1994, 8, 15, is_lunar=True, about=True)
    shown = page.render(Context({"at": at, "day": date(1994, 9, 20), "said": said, "none": None}))
    when, lunar, stated, none = shown.split("|")
    assert when.startswith('<time datetime="20')
    assert when.endswith("</time> (3 days ago)")
    assert lunar == "Chinese calendar: day 15 of month 8, 1994"
    assert stated == f"about {lunar} (Tuesday, Sept. 20, 1994)"
    assert none == "—"


def test_a_month_or_a_year_is_shown_as_the_days_that_it_can_mean() -> None:
    month = StatedDate(1995, 8, is_lunar=True, leap=True)
    assert (month.first, month.last) == (date(1995, 9, 25), date(1995, 10, 23))
    assert stated_words(month).endswith("leap month 8, 1995 (Sept. 25, 1995 to Oct. 23, 1995)")
    assert stated_words(StatedDate(1994, about=True)) == "about the year 1994"
    assert stated_words(StatedDate(1994, 8)) == "August 1994"
    year = StatedDate(2020, is_lunar=True)
    assert (year.first, year.last) == (date(2020, 1, 25), date(2021, 2, 11))
    with translation.override("zh-hans"):
        assert "一九九五年闰八月" in stated_words(month)


@given(st.dates(date(1900, 2, 1), date(2100, 12, 31)), st.booleans(), st.sampled_from(Exactness))
def test_a_stored_date_is_read_back_and_holds_its_day(
    day: date, about: bool, exactness: Exactness
) -> None:
    keep_month, keep_day = exactness is not Exactness.YEAR, exactness is Exactness.DAY
    said = StatedDate(
        day.year, day.month if keep_month else None, day.day if keep_day else None, about=about
    )
    assert StatedDate.read(str(said)) == said
    assert said.first <= day <= said.last
    assert said.exactness is exactness


def test_the_months_of_a_year_of_the_chinese_calendar_fill_it() -> None:
    said = [StatedDate(2033, month, is_lunar=True) for month in range(1, 12)]
    said.append(StatedDate(2033, 11, is_lunar=True, leap=True))
    said.append(StatedDate(2033, 12, is_lunar=True))
    assert all(after.first - before.last == timedelta(1) for before, after in pairwise(said))
    whole = StatedDate(2033, is_lunar=True)
    assert (said[0].first, said[-1].last) == (whole.first, whole.last)


@pytest.mark.parametrize("text", ["1994", "solar:1994-02-30", "lunar:1994-08+", "solar:1994-08+",
                                  "solar:1994--05", "lunar:1850", "solar:1994-13", ""])  # fmt: skip
def test_what_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(NoSuchDay):
        StatedDate.read(text)


def test_a_day_of_the_chinese_calendar_is_entered_with_its_leap_month() -> None:
    form = sent(calendar="lunar", year=1995, month=8, leap="on", day=15, about="on")
    assert form.is_valid(), form.errors
    said = form.cleaned_data["born"]
    assert said == StatedDate(1995, 8, 15, is_lunar=True, leap=True, about=True)
    assert said.first == LunarDay(1995, 8, 15, leap=True).solar == date(1995, 10, 9)


def test_only_a_year_can_be_entered_and_nothing_at_all_where_nothing_is_asked() -> None:
    form = sent(calendar="solar", year=1994)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"] == StatedDate(1994)
    empty = sent(calendar="solar", year="")
    assert empty.is_valid()
    assert empty.cleaned_data["born"] is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"calendar": "lunar", "year": 1994, "month": 8, "leap": "on"}, "That year of the Chinese"),
        ({"calendar": "solar", "year": 1995, "month": 8, "leap": "on"}, "Only the Chinese"),
        ({"calendar": "solar", "year": 1995, "month": 2, "day": 30}, "Enter a day of that month."),
        ({"calendar": "lunar", "year": 1995, "month": 1, "day": 31}, "That year of the Chinese"),
        ({"calendar": "solar", "year": 1995, "day": 3}, "Enter the month of that day."),
        ({"calendar": "solar", "year": 1850}, "Enter a year from 1900 to 2100."),
        ({"calendar": "solar", "year": "x"}, "Enter a year from 1900 to 2100."),
        ({"calendar": "solar", "year": 1994, "month": 13}, "Enter a month from 1 to 12."),
        ({"calendar": "solar", "month": 8, "day": 5}, "Enter a year from 1900 to 2100."),
    ],
)
def test_a_wrong_entry_says_what_to_do(fields: dict[str, object], sentence: str) -> None:
    form = sent(**fields)
    assert not form.is_valid()
    assert any(str(error).startswith(sentence) for error in form.errors["born"])


def test_each_part_of_the_entry_has_its_label() -> None:
    shown = str(sent(calendar="lunar", year=1994)["born"])
    for part in range(6):
        assert f'for="id_born_{part}"' in shown
        assert f'id="id_born_{part}"' in shown
    assert isinstance(sent().fields["born"], StatedDateField)
