"""What the first page tells a person: what is late, what waits for them, what has changed.

A room says its part in a module `agenda.py`, which is found by its name:

    @says
    def assignments(actor: Actor, at: datetime) -> Iterator[Part]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import TypeAlias, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import pgettext

from reunion.base.actor import Actor
from reunion.base.transitions import Moving, in_words, moves_for

M = TypeVar("M", bound=Model)

SHOWN = 5
"""Lines of one part; the others are a link away."""


class Urgency(IntEnum):
    """In the order of the page."""

    LATE = 1
    WAITING = 2
    CHANGED = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to look at.

    Args:
        due: the day until which something must be done; `is_late`: it is over.
        at: when it happened or came.
        steps: what the reader can do with it now, in words.
    """

    text: str
    url: str
    due: date | None = None
    is_late: bool = False
    at: datetime | None = None
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """The first lines of a list, and how many it has: the number leads to all of them."""

    urgency: Urgency
    title: str
    count: int
    lines: tuple[Line, ...]
    url: str


Source: TypeAlias = Callable[[Actor, datetime], Iterable[Part]]

SOURCES: list[Source] = []


def says(source: Source) -> Source:
    """Register what a room has to say; it says nothing to those who lack the permission."""
    SOURCES.append(source)
    return source


def agenda_of(actor: Actor, at: datetime) -> list[Part]:
    """All that there is to say to somebody, what is late first; no empty parts."""
    parts = (part for source in SOURCES for part in source(actor, at))
    return sorted((part for part in parts if part.count), key=lambda part: part.urgency)


def part_of(
    found: QuerySet[M],
    line: Callable[[M], Line],
    *,
    title: str,
    url: str,
    urgency: Urgency = Urgency.WAITING,
) -> Part:
    """The part of a list, in its order, which has what is late first.

    One query gives the lines, and another one the count where there are more.

    Args:
        url: the page with the same list: the count must be its own.
    """
    rows = list(found[: SHOWN + 1])
    count = len(rows) if len(rows) <= SHOWN else found.count()
    lines = tuple(map(line, rows[:SHOWN]))
    if any(one.is_late for one in lines):
        urgency = Urgency.LATE
    return Part(urgency, title, count, lines, url)


def steps_of(record: Moving, actor: Actor) -> tuple[str, ...]:
    """The moves that somebody can make now, in words."""
    return tuple(pgettext("move", in_words(move.name)) for move in moves_for(record, actor))
