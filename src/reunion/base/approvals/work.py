"""What comes round: proposals that lapsed or became void are marked."""

from __future__ import annotations

from datetime import datetime, timedelta

from reunion.base.actor import system
from reunion.base.approvals.actions import settle
from reunion.base.jobs.registry import duty


@duty("approvals.settle", every=timedelta(minutes=10))
def settle_proposals(at: datetime) -> None:
    """Mark what lapsed or is void; using it was refused before that already."""
    settle(actor=system("approvals.settle"), at=at)
