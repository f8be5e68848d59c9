"""Duties for the rooms below, which cannot register any."""

from __future__ import annotations

from datetime import datetime, timedelta

from reunion.base.accounts.actions import forget_stale
from reunion.base.jobs.registry import duty


@duty("forget_stale_sign_ins", every=timedelta(minutes=10))
def forget_stale_sign_ins(at: datetime) -> None:
    """Delete ended sessions, and what signing in left behind."""
    forget_stale(at=at)
