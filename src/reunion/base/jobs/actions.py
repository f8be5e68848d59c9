"""Asking for jobs, and taking them up, by workers that may die at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from reunion.base.actor import Actor
from reunion.base.audit.actions import record, record_move
from reunion.base.jobs.models import DutyRun, Job
from reunion.base.jobs.registry import KINDS, Duty
from reunion.base.jobs.rules import ATTEMPTS, JOB, JobState, period
from reunion.base.records import locked

Values: TypeAlias = Mapping[str, str | int | bool | None]


@transaction.atomic
def ask_for(
    *, actor: Actor, kind: str, values: Values, at: datetime, not_before: datetime | None = None
) -> Job:
    """Put a job into its queue. It starts after the transaction of the caller, or not at all.

    Args:
        values: ids, dates as texts, and settings; they lie in a table in clear.
    """
    job = Job.objects.create(
        kind=kind,
        queue=KINDS[kind].queue,
        values=dict(values),
        asked_by=actor.staff,
        queued_at=at,
        not_before=not_before,
    )
    record(actor=actor, act="ask_for_job", subject=job, at=at, after={"kind": kind})
    return job


@transaction.atomic
def cancel(*, actor: Actor, job_id: UUID, at: datetime) -> Job:
    """Stop a job; a worker that is at it notices at its next checkpoint."""
    job = locked(Job.objects.all(), job_id)
    source = JobState(job.state)
    move = JOB.move(source, "cancel")
    job.state, job.ended_at = move.target, at
    job.save_changes("state", "ended_at")
    record_move(actor=actor, subject=job, machine=JOB.name, move=move, source=source, at=at)
    return job


@transaction.atomic
def retry(*, actor: Actor, job_id: UUID, at: datetime) -> Job:
    """Queue a job again that failed or was cancelled; it goes on from where it was."""
    job = locked(Job.objects.all(), job_id)
    source = JobState(job.state)
    move = JOB.move(source, "retry")
    job.state, job.attempts, job.fault, job.ended_at = move.target, 0, "", None
    job.save_changes("state", "attempts", "fault", "ended_at")
    record_move(actor=actor, subject=job, machine=JOB.name, move=move, source=source, at=at)
    return job


@transaction.atomic
def claim(*, worker: str, queues: tuple[str, ...], at: datetime) -> Job | None:
    """The next job for a worker, now its own; None where nothing waits.

    On SQLite the IMMEDIATE transaction lets one worker claim at a time; on PostgreSQL a worker
    passes over what another one is just claiming.
    """
    waiting = Job.objects.waiting(queues, at)
    job = waiting.select_for_update(skip_locked=connection.features.has_select_for_update).first()
    if job is None:
        return None
    job.state = JOB.move(JobState(job.state), "claim").target
    job.worker, job.alive_at, job.attempts = worker, at, job.attempts + 1
    job.save_changes("state", "worker", "alive_at", "attempts")
    return job


@transaction.atomic
def release_abandoned(*, at: datetime) -> int:
    """Queue the jobs of dead workers again; how many there were.

    A job that took its worker down too often fails, so that it does not take down all of them.
    """
    abandoned = list(Job.objects.abandoned(at).select_for_update())
    for job in abandoned:
        name = "fail" if job.attempts >= ATTEMPTS else "release"
        job.state = JOB.move(JobState(job.state), name).target
        job.fault = "WorkerLost" if name == "fail" else ""
        job.ended_at = at if name == "fail" else None
        job.save_changes("state", "fault", "ended_at")
    return len(abandoned)


def claim_duty(*, duty: Duty, at: datetime) -> DutyRun | None:
    """The run of a duty in its period, now this worker's own; None if it was claimed already."""
    this = period(duty.every, at)
    if DutyRun.objects.filter(duty=duty.name, period=this).exists():
        return None
    try:
        with transaction.atomic():
            return DutyRun.objects.create(duty=duty.name, period=this, started_at=at)
    except IntegrityError:  # another worker was quicker
        return None
