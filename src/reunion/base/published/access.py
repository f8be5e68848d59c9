"""Reads of what is published, for the public process and for whoever publishes."""

from __future__ import annotations

from datetime import datetime

from reunion.base.published.models import Published, PublishedQuerySet

DESK_KEY, ESCROW_KEY = "desk_key", "escrow_key"
"""Kinds: the public key of a desk, by its region; that of the escrow."""

HEAD = "tree_head"
"""Kind and key: the newest head of the audit trail that was published."""


def shown(kind: str, at: datetime) -> PublishedQuerySet:
    """What the public may see of a kind at a moment."""
    return Published.objects.shown(at).filter(kind=kind)


def one_shown(kind: str, key: str, at: datetime) -> Published | None:
    """One record, if the public may see it."""
    return shown(kind, at).filter(key=key).first()


def version_of(kind: str, key: str) -> int:
    """The number of the last act that reached the store; 0: none did."""
    found = Published.objects.filter(kind=kind, key=key).values_list("version", flat=True).first()
    return found or 0
