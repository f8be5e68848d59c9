"""Reads about publications: what stands, and whether what had to go is gone in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reunion.base.publication.models import Outgoing
from reunion.base.publication.rules import is_late


@dataclass(frozen=True, slots=True)
class Takedown:
    """One withdrawal: since when it was asked for, and when it was gone (None: not yet)."""

    kind: str
    key: str
    asked_at: datetime
    gone_at: datetime | None
    is_late: bool


def last_act(kind: str, key: str) -> Outgoing | None:
    """The act that decides how a publication stands."""
    return Outgoing.objects.filter(kind=kind, key=key).order_by("-number").first()


def takedowns(at: datetime) -> list[Takedown]:
    """All withdrawals, oldest first."""
    rows = Outgoing.objects.filter(asked_at__isnull=False).order_by("asked_at", "pk")
    return [
        Takedown(row.kind, row.key, row.asked_at, row.carried_at,
                 is_late(row.asked_at, row.carried_at, at))
        for row in rows if row.asked_at is not None
    ]  # fmt: skip
