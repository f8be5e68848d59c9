"""What comes round: assignments that are late are escalated."""

from __future__ import annotations

from datetime import datetime, timedelta

from reunion.base.actor import system
from reunion.base.assignments.escalation import escalate_overdue
from reunion.base.jobs.registry import duty


@duty("assignments.escalate", every=timedelta(hours=1))
def escalate(at: datetime) -> None:
    """Tell whoever must know of what is late, each once."""
    escalate_overdue(actor=system("assignments.escalate"), at=at)
