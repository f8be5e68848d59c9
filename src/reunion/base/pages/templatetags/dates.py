"""Dates in words: `{% load dates %}`.

{{ case.opened_at|when }}    Tuesday, March 3, 2026, 14:05 (3 days ago)
{{ task.due|when }}          Friday, March 6, 2026 (in 3 days)
{{ person.born|stated }}     a date as somebody stated it
{{ day|lunar }}              the day of the Chinese calendar
"""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from reunion.base.pages.calendars import StatedDate
from reunion.base.pages.dates import (
    day_words,
    distance_words,
    lunar_words,
    moment_words,
    stated_words,
)
from reunion.base.pages.lunar import NoSuchDay, lunar_day
from reunion.base.zone import here

register = template.Library()


@register.filter
def when(at: date | datetime | None) -> SafeString:
    """A day or a moment with its weekday, and how long ago it was or how far it is."""
    if at is None:
        return SafeString("—")
    now = here(timezone.now())
    if isinstance(at, datetime):
        local = here(at)
        machine, words, day = local.isoformat(), moment_words(at), local.date()
    else:
        machine, words, day = at.isoformat(), day_words(at), at
    return format_html(
        gettext("{when} ({distance})"),
        when=format_html('<time datetime="{}">{}</time>', machine, words),
        distance=distance_words(day, now.date()),
    )


@register.filter
def stated(said: StatedDate | None) -> str:
    """A date as somebody stated it."""
    return stated_words(said) if said else "—"


@register.filter
def lunar(day: date) -> str:
    """The day of the Chinese calendar; blank outside the years that we know."""
    try:
        return lunar_words(lunar_day(day))
    except NoSuchDay:
        return ""
