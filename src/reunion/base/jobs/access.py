"""The way from a request to jobs, and to the duties that are due or fail."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from reunion.base.actor import Actor
from reunion.base.errors import NotFound
from reunion.base.jobs.models import DutyState, Job, JobQuerySet
from reunion.base.jobs.registry import DUTIES, Duty
from reunion.base.jobs.rules import SEE
from reunion.base.permissions.decide import require


def jobs_for(actor: Actor) -> JobQuerySet:
    """The jobs that the actor asked for, or of everybody, newest first."""
    require(actor, SEE)
    return Job.objects.seen_by(actor).order_by("-queued_at", "pk")


def job_for(actor: Actor, pk: UUID) -> Job:
    """One job, or NotFound."""
    found = Job.objects.seen_by(actor).filter(pk=pk).first() if actor.may(SEE) else None
    if found is None:
        raise NotFound(kind="job")
    return found


def duties_due(at: datetime) -> list[Duty]:
    """The duties to be started now, by name."""
    states = DutyState.objects.in_bulk(sorted(DUTIES))
    return [
        duty
        for name, duty in sorted(DUTIES.items())
        if states.get(name, DutyState(duty=name)).is_due(duty.every, at)
    ]


def failing_duties(at: datetime) -> list[DutyState]:
    """The duties whose last attempt came to no end, by name."""
    states = DutyState.objects.filter(duty__in=sorted(DUTIES)).order_by("duty")
    return [state for state in states if state.is_failing(at)]
