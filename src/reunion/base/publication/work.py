"""The duty of publication."""

from __future__ import annotations

from datetime import datetime, timedelta

from reunion.base.jobs.registry import duty
from reunion.base.publication import actions


@duty("publication.carry_over", every=timedelta(minutes=1))
def carry_over(at: datetime) -> None:
    """Carry over what a process could not, because it was stopped."""
    actions.carry_over(at=at)
