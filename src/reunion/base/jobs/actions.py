"""Asking for jobs, and taking them up, by workers that may die at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from django.db import connection, transaction

from reunion.base.actor import Actor
from reunion.base.audit.actions import record, record_move
from reunion.base.jobs.models import DutyState, Job
from reunion.base.jobs.registry import KINDS, Duty
from reunion.base.jobs.rules import ATTEMPTS, JOB, SEE, JobState, pause_after
from reunion.base.permissions.decide import require
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
    """Stop a job; a worker that is at it notices at its next checkpoint.

    Raises:
        NotPermitted: the role sees no jobs.
        NotFound: there is none that the actor sees.
        MoveRefused: it is over.
    """
    return _moved(actor, job_id, "cancel", at, ended_at=at)


@transaction.atomic
def retry(*, actor: Actor, job_id: UUID, at: datetime) -> Job:
    """Queue a job again that failed or was cancelled; it goes on from where it was.

    Raises:
        as `cancel`.
    """
    return _moved(actor, job_id, "retry", at, attempts=0, fault="", ended_at=None, not_before=None)


def _moved(
    actor: Actor, job_id: UUID, name: str, at: datetime, **changes: datetime | int | str | None
) -> Job:
    require(actor, SEE)
    job = locked(Job.objects.seen_by(actor), job_id)
    source = JobState(job.state)
    move = JOB.move(source, name)
    job.state = move.target
    for field, value in changes.items():
        setattr(job, field, value)
    job.save_changes("state", *changes)
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


@transaction.atomic
def claim_duty(*, duty: Duty, worker: str, at: datetime) -> DutyState | None:
    """The duty, now this worker's own; None where it is not due.

    The pause after the attempt is written before it: whoever is killed writes nothing.
    """
    DutyState.objects.get_or_create(duty=duty.name)
    state = DutyState.objects.select_for_update().get(duty=duty.name)
    if not state.is_due(duty.every, at):
        return None
    if state.worker:
        state.fault = "WorkerLost"
    state.worker, state.alive_at, state.attempts = worker, at, state.attempts + 1
    state.not_before = at + pause_after(state.attempts)
    state.save()
    return state
