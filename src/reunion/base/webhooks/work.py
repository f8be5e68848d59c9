"""Deliveries in the background, and what comes round: old ones are forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from reunion.base.actor import system
from reunion.base.jobs.registry import duty, job
from reunion.base.jobs.running import Running
from reunion.base.webhooks.actions import DELIVER, deliver, forget_deliveries


@job(DELIVER)
def send(running: Running) -> None:
    """One attempt; the next one is a job of its own."""
    pk = UUID(str(running.values["delivery"]))
    deliver(actor=system(DELIVER), delivery_id=pk, at=running.now)


@duty("webhooks.forget", every=timedelta(days=1))
def forget(at: datetime) -> None:
    """Delete the deliveries that were over a month ago."""
    forget_deliveries(at=at)
