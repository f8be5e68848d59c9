"""What comes round: reviewers are reminded. The pause itself needs no clock job."""

from __future__ import annotations

from datetime import datetime, timedelta

from reunion.base.actor import system
from reunion.base.emergency.actions import remind_reviewers
from reunion.base.jobs.registry import duty


@duty("emergency.remind", every=timedelta(hours=1))
def remind(at: datetime) -> None:
    """Tell reviewers, a day before the accounts of whoever opened a record stop working."""
    remind_reviewers(actor=system("emergency.remind"), at=at)
