"""Days and moments in words: with the weekday, and with how long ago, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, gettext, ngettext

from reunion.base.pages.calendars import Exactness, StatedDate
from reunion.base.pages.lunar import LunarDay, month_words, year_words
from reunion.base.zone import here

_DAYS_UNTIL_MONTHS, _MONTHS_UNTIL_YEARS = 60, 24


def day_words(day: date) -> str:
    """A day with its weekday."""
    return gettext("%(weekday)s, %(date)s") % {
        "weekday": date_format(day, "l"),
        "date": date_format(day, "DATE_FORMAT"),
    }


def moment_words(at: datetime) -> str:
    """A moment with its weekday, in the zone of the country."""
    local = here(at)
    return gettext("%(day)s, %(time)s") % {
        "day": day_words(local.date()),
        "time": time_format(local.time(), "H:i"),
    }


def distance_words(day: date, today: date) -> str:
    """How long ago a day was, or how far it is: days, from 60 on months, from 24 months on years.

    Months and years are whole ones, as people count birthdays.
    """
    if day == today:
        return gettext("today")
    past, (early, late) = day < today, sorted((day, today))
    days, months = (late - early).days, _months(early, late)
    if days < _DAYS_UNTIL_MONTHS:
        words = (
            ngettext("%(count)d day ago", "%(count)d days ago", days)
            if past
            else ngettext("in %(count)d day", "in %(count)d days", days)
        )
        return words % {"count": days}
    if months < _MONTHS_UNTIL_YEARS:
        words = (
            ngettext("%(count)d month ago", "%(count)d months ago", months)
            if past
            else ngettext("in %(count)d month", "in %(count)d months", months)
        )
        return words % {"count": months}
    years = months // 12
    words = (
        ngettext("%(count)d year ago", "%(count)d years ago", years)
        if past
        else ngettext("in %(count)d year", "in %(count)d years", years)
    )
    return words % {"count": years}


def lunar_words(day: LunarDay) -> str:
    """A day of the Chinese calendar."""
    if _is_chinese():
        return day.chinese
    month = _month_in_english(day.month, day.leap)
    return gettext("Chinese calendar: day %(day)d of %(month)s, %(year)d") % {
        "day": day.day,
        "month": month,
        "year": day.year,
    }


def stated_words(stated: StatedDate) -> str:
    """A date as somebody stated it, and beside a lunar one the days of the common calendar."""
    if stated.is_lunar:
        said, solar = _lunar(stated), _solar(stated)
        words = gettext("%(said)s (%(solar)s)") % {"said": said, "solar": solar}
    else:
        words = _solar(stated)
    return gettext("about %(date)s") % {"date": words} if stated.about else words


def _solar(stated: StatedDate) -> str:
    if stated.first == stated.last:
        return day_words(stated.first)
    if not stated.is_lunar:
        form = "Y" if stated.exactness is Exactness.YEAR else "YEAR_MONTH_FORMAT"
        written = date_format(stated.first, form)
        return gettext("the year %(year)s") % {"year": written} if form == "Y" else written
    return gettext("%(first)s to %(last)s") % {
        "first": date_format(stated.first, "DATE_FORMAT"),
        "last": date_format(stated.last, "DATE_FORMAT"),
    }


def _lunar(stated: StatedDate) -> str:
    if stated.month is None:
        words = year_words(stated.year) if _is_chinese() else f"{stated.year}"
    elif stated.day is None and _is_chinese():
        words = year_words(stated.year) + month_words(stated.month, stated.leap)
    elif stated.day is None:
        words = f"{_month_in_english(stated.month, stated.leap)}, {stated.year}"
    else:
        return lunar_words(LunarDay(stated.year, stated.month, stated.day, stated.leap))
    return gettext("Chinese calendar: %(date)s") % {"date": words}


def _month_in_english(month: int, leap: bool) -> str:
    return f"leap month {month}" if leap else f"month {month}"


def _months(early: date, late: date) -> int:
    """Whole months between two days."""
    return (late.year - early.year) * 12 + late.month - early.month - (late.day < early.day)


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")
