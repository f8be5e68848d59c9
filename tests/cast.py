"""The cast of the tests: named people at invented agencies, each with a sentence.

All of them, and all of their agencies, are synthetic.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

from reunion.base.actor import Actor

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning; the tests' moment, passed in wherever time matters."""

TODAY = date(2026, 3, 2)


def acting(role: str, region: str, *permissions: str) -> Actor:
    """An actor of a role and region, as a signed-in session would make it."""
    return Actor(
        role=role, region=region, permissions=frozenset(permissions), staff=uuid4(), unit=uuid4()
    )


def administrator(region: str = "cn/") -> Actor:
    """Mr Deng, who keeps the list of agencies and posts."""
    return acting("administrator", region, "units.see", "units.administer", "accounts.administer")


def outsider() -> Actor:
    """Ms Qiao of another province, who must get nowhere."""
    return administrator("cn/65/")
