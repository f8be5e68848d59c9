"""The states of an item, whom it is routed to, and how much of it there may be: plain values."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from reunion.base.regions import upwards
from reunion.base.transitions import Machine, Move
from reunion.packs.calendar import Calendar

MOST_MESSAGES = 50
"""Messages in one conversation, both sides together."""

LONGEST_TEXT = 20_000
"""Characters in one message."""

READ_WITHIN = timedelta(days=7)
ANSWER_WITHIN = timedelta(days=90)
"""When a desk must have read an item, and answered it. ISO 37002 asks for such limits."""

SEE, WORK = "correspondence.see", "correspondence.work"
"""Permissions: to see that there are items and read them; to take up, answer and close them."""


class Direction(StrEnum):
    """Which way a message goes."""

    IN = "in"
    OUT = "out"


class ItemState(StrEnum):
    """Where an item stands; the sender sees it too."""

    RECEIVED = "received"
    READ = "read"
    IN_WORK = "in_work"
    ANSWERED = "answered"
    CLOSED = "closed"


_KNOWN = frozenset({ItemState.READ, ItemState.IN_WORK, ItemState.ANSWERED})

ITEM = Machine(
    "item",
    ItemState.RECEIVED,
    (
        Move("read", frozenset({ItemState.RECEIVED}), ItemState.READ, needs=SEE),
        Move(
            "take_up",
            frozenset({ItemState.READ, ItemState.ANSWERED}),
            ItemState.IN_WORK,
            needs=WORK,
        ),
        Move("answer", _KNOWN, ItemState.ANSWERED, needs=WORK, page=True),
        Move("close", _KNOWN, ItemState.CLOSED, needs=WORK, reasoned=True),
        # The sender's own move: whatever the desk did, it must look again.
        Move("write_on", _KNOWN | {ItemState.CLOSED}, ItemState.RECEIVED),
    ),
)


def is_hidden(region: str, excluded: Collection[str]) -> bool:
    """Whether a region lies in one that the sender does not trust.

    >>> is_hidden("cn/15/1506/", ["cn/15/1506/"]), is_hidden("cn/15/", ["cn/15/1506/"])
    (True, False)
    """
    return any(region.startswith(path) for path in excluded)


def route(region: str, excluded: Collection[str], desks: Collection[str]) -> str | None:
    """The region whose desk gets an item: the nearest one that the sender trusts; None: none does.

    Args:
        region: what the item is about.
        excluded: regions that must not read it, with all below them.
        desks: regions that have a desk.

    >>> route("cn/15/1506/", ["cn/15/1506/"], ["cn/", "cn/15/", "cn/15/1506/"])
    'cn/15/'
    """
    trusted = (path for path in upwards(region) if not is_hidden(path, excluded))
    return next((path for path in trusted if path in desks), None)


def recorded_at(at: datetime) -> datetime:
    """The moment that an entry about something the public did bears: the end of its day, in UTC.

    A finer one would tell when somebody sat at a computer.

    >>> recorded_at(datetime(2026, 3, 2, 9, 41, tzinfo=UTC)).isoformat()
    '2026-03-03T00:00:00+00:00'
    """
    return datetime.combine(at.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


def day_of(at: datetime) -> date:
    """The day of a moment in UTC: all that is kept of it in clear."""
    return at.astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class Limits:
    """The last days on which what waits too long today began to wait.

    Args:
        read: of what a desk has not read; `answer`: of what it has read and not answered.
    """

    read: date
    answer: date


def last_day(within: timedelta, waits_since: date, calendar: Calendar) -> date:
    """The last day of a time; where offices are closed then, the next one on which they work."""
    return calendar.due_date(waits_since + within, 0).day


def limits(today: date, calendar: Calendar) -> Limits:
    """The limits of a day."""

    def first(within: timedelta) -> date:
        since = today - within - timedelta(1)
        while last_day(within, since, calendar) >= today:
            since -= timedelta(1)
        return since

    return Limits(first(READ_WITHIN), first(ANSWER_WITHIN))


def is_late(state: ItemState, waits_since: date, limits: Limits) -> bool:
    """Whether a desk has let an item wait for too long.

    >>> march = Limits(date(2026, 3, 2), date(2025, 12, 1))
    >>> is_late(ItemState.RECEIVED, date(2026, 3, 2), march)
    True
    >>> is_late(ItemState.READ, date(2026, 3, 2), march)
    False
    """
    match state:
        case ItemState.RECEIVED:
            return waits_since <= limits.read
        case ItemState.READ | ItemState.IN_WORK:
            return waits_since <= limits.answer
        case _:
            return False
