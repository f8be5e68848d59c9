"""What comes round: answers to programs are forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from reunion.base.jobs.registry import duty
from reunion.base.tokens.actions import forget_answers


@duty("tokens.forget", every=timedelta(hours=1))
def forget(at: datetime) -> None:
    """Delete the answers that are a day old."""
    forget_answers(at=at)
