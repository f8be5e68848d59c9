"""Scope as plain values: what a region covers, and how long an opened record stays open."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

EMERGENCY = "emergency.break_glass"
"""The basis of a grant by which somebody opened a record in an emergency."""

STATED_FOR = timedelta(minutes=30)
"""How long a stated purpose holds for one record."""

REVEALED_PER_DAY = 200
"""Most records whose masked fields one staff member may open within 24 hours.

A working day of an officer with forty cases stays far below; who copies a register does not.
"""


def covers(scope: str, region: str) -> bool:
    """Whether a post for `scope` covers a region: the same, or one below it.

    >>> covers("cn/15/", "cn/15/1506/"), covers("cn/15/1506/", "cn/15/"), covers("", "cn/")
    (True, False, True)
    """
    return region.startswith(scope)


def is_visible(scope: str, region: str, *, granted: bool, excluded: Collection[str]) -> bool:
    """Whether a record of a region is visible to a post for `scope`.

    Args:
        granted: somebody opened the record to this actor.
        excluded: the regions that the record is hidden from; whoever's post lies in one of them,
            or in a region below it, sees nothing, with or without a grant.
    """
    hidden = any(covers(region_hidden, scope) for region_hidden in excluded)
    return (covers(scope, region) or granted) and not hidden
