"""Invitations to meetings as .ics files (RFC 5545, RFC 5546), from office to office.

A meeting keeps its `uid`; each change raises its `sequence`, and so does its cancellation: a
calendar then changes or removes the entry that it has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext

from reunion.base.errors import RuleBroken
from reunion.base.zone import here

if TYPE_CHECKING:
    from icalendar import vCalAddress

TYPE = "text/calendar; charset=utf-8"
SIX_MONTHS = {"FREQ": "MONTHLY", "INTERVAL": 6}
LAST_SAFE_DAY = 28
"""A meeting on the 29th or later would fall out of the months that have no such day."""

_MAILBOX = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Office:
    """An office with a mailbox of its own; never a person's."""

    name: str
    mailbox: str

    def __post_init__(self) -> None:
        if not self.name.strip() or not _MAILBOX.fullmatch(self.mailbox):
            raise RuleBroken(rule="office_has_a_mailbox")


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting.

    Args:
        uid: of the meeting, for ever.
        sequence: 0, and one more with each change.
        starts: with its zone.
        is_six_monthly: it comes again every six months, on the same day.

    Raises:
        RuleBroken: it takes no time, or its day does not come in every month.
    """

    uid: UUID
    sequence: int
    title: str
    place: str
    agenda: str
    starts: datetime
    lasts: timedelta
    organiser: Office
    attendees: Sequence[Office]
    is_synthetic: bool
    is_six_monthly: bool = False

    def __post_init__(self) -> None:
        if self.lasts <= timedelta():
            raise RuleBroken(rule="meeting_takes_time")
        if self.is_six_monthly and here(self.starts).day > LAST_SAFE_DAY:
            raise RuleBroken(rule="day_is_in_every_month")


def invitation(meeting: Meeting, *, at: datetime) -> bytes:
    """The file that puts the meeting into a calendar, or changes it there."""
    return _file(meeting, at, "REQUEST", "CONFIRMED")


def cancellation(meeting: Meeting, *, at: datetime) -> bytes:
    """The file that takes it out; the meeting's `sequence` must be a higher one than before."""
    return _file(meeting, at, "CANCEL", "CANCELLED")


def _file(meeting: Meeting, at: datetime, method: str, status: str) -> bytes:
    from icalendar import Calendar, Event, vText  # slow to load: few pages need it

    event = Event()
    event.add("uid", f"{meeting.uid}@reunion")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", at.astimezone(UTC))
    starts = meeting.starts.astimezone(UTC)
    if meeting.is_six_monthly:
        # In UTC a series would move by an hour where clocks are changed.
        starts = here(meeting.starts)
        event.add("rrule", SIX_MONTHS)
    event.add("dtstart", starts)
    event.add("dtend", starts + meeting.lasts)
    event.add("summary", meeting.title)
    event.add("location", meeting.place)
    notes = [gettext("All people and data here are synthetic.")] if meeting.is_synthetic else []
    event.add("description", "\n\n".join([*notes, meeting.agenda]))
    event.add("status", status)
    event.add("organizer", _address(meeting.organiser), encode=False)
    for office in meeting.attendees:
        attendee = _address(office)
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        attendee.params["CUTYPE"] = vText("GROUP")
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        attendee.params["RSVP"] = vText("TRUE")
        event.add("attendee", attendee, encode=False)
    calendar = Calendar()
    calendar.add("prodid", "-//Reunion//Reunion//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    content: bytes = calendar.to_ical()
    return content


def _address(office: Office) -> vCalAddress:
    from icalendar import vCalAddress, vText

    address = vCalAddress(f"mailto:{office.mailbox}")
    address.params["CN"] = vText(office.name)
    return address
