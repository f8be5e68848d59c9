"""Counts as they may be published: none below 11, and none that follows from the others.

Threat T25. Each table is a list of cells with their total; tables of one release must not share
cells or lie within one another, so a count is published for whole months that are over, each once.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from reunion.base.errors import RuleBroken

SMALLEST = 11
"""No published count is smaller: a small cell can point at a person (DESIGN.md, section 5)."""

K = TypeVar("K", bound=Hashable)


def whole_month(day: date, *, today: date) -> tuple[date, date]:
    """The first day of the month of a day, and that of the month after it, which has begun.

    Counts are published of whole months only: of two overlapping periods the difference would be a
    table of its own.

    Raises:
        RuleBroken: the month is not over.

    >>> whole_month(date(2026, 12, 31), today=date(2027, 1, 1))
    (datetime.date(2026, 12, 1), datetime.date(2027, 1, 1))
    """
    first = day.replace(day=1)
    end = (first + timedelta(31)).replace(day=1)
    if today < end:
        raise RuleBroken(rule="month_is_over")
    return first, end


@dataclass(frozen=True, slots=True)
class Published(Generic[K]):
    """A table as the public sees it; None: suppressed."""

    cells: Mapping[K, int | None]
    total: int | None


def published(counts: Mapping[K, int]) -> Published[K]:
    """The cells and their total, with all suppressed that is small or would follow.

    The suppressed cells are two at least, and their sum, which is the total less what is shown, is
    itself large enough to be published: otherwise the smallest shown cell is suppressed with them.

    >>> published({"a": 40, "b": 20, "c": 3})
    Published(cells={'a': 40, 'b': None, 'c': None}, total=63)
    >>> published({"a": 4, "b": 6})
    Published(cells={'a': None, 'b': None}, total=None)
    """
    total = sum(counts.values())
    small_first = sorted(counts, key=lambda key: counts[key])
    hidden = [key for key in small_first if counts[key] < SMALLEST]
    for key in small_first[len(hidden) :]:
        if not hidden or (len(hidden) > 1 and sum(map(counts.__getitem__, hidden)) >= SMALLEST):
            break
        hidden.append(key)
    return Published(
        {key: None if key in hidden else count for key, count in counts.items()},
        total if total >= SMALLEST else None,
    )
