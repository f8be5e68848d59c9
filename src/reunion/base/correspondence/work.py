"""The duties of correspondence."""

from __future__ import annotations

from datetime import datetime, timedelta

from reunion.base.actor import system
from reunion.base.correspondence.actions import (
    announce_escrow,
    tell_of_guessing,
    tell_of_late_items,
)
from reunion.base.jobs.registry import duty


@duty("correspondence.announce_escrow", every=timedelta(minutes=10))
def announce(at: datetime) -> None:
    """Let the public process seal to the newest escrow."""
    announce_escrow(actor=system("correspondence.announce_escrow"), at=at)


@duty("correspondence.watch_lookups", every=timedelta(minutes=5))
def watch(at: datetime) -> None:
    """Raise the alarm where somebody guesses receipts."""
    tell_of_guessing(actor=system("correspondence.watch_lookups"), at=at)


@duty("correspondence.tell_late", every=timedelta(hours=1))
def tell(at: datetime) -> None:
    """Tell the units above of what waits too long at a desk."""
    tell_of_late_items(actor=system("correspondence.tell_late"), at=at)
