"""Jobs with their progress, and where the duties stand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from reunion.base.actor import Actor
from reunion.base.jobs.rules import ADMINISTER, JOB, LEASE, JobState, period
from reunion.base.records import Record, one_of
from reunion.base.transitions import Machine


class JobQuerySet(models.QuerySet["Job"]):
    def abandoned(self, at: datetime) -> JobQuerySet:
        """Running jobs whose worker has shown no sign of life for too long."""
        return self.filter(state=JobState.RUNNING, alive_at__lt=at - LEASE)

    def waiting(self, queues: tuple[str, ...], at: datetime) -> JobQuerySet:
        """Jobs that may be claimed now, the oldest first."""
        due = Q(not_before__isnull=True) | Q(not_before__lte=at)
        return self.filter(due, state=JobState.QUEUED, queue__in=queues).order_by("queued_at")

    def seen_by(self, actor: Actor) -> JobQuerySet:
        """Those that the actor asked for; all of them for whoever keeps the system."""
        if actor.may(ADMINISTER):
            return self.all()
        return self.asked_by(actor)

    def asked_by(self, actor: Actor) -> JobQuerySet:
        """Those that the actor asked for."""
        return self.filter(asked_by=actor.staff) if actor.staff else self.none()


class Job(Record):
    """A piece of long work. Its values are ids and plain settings, never names or genotypes."""

    machine: ClassVar[Machine[JobState]] = JOB

    kind = models.CharField(max_length=80)
    queue = models.CharField(max_length=40)
    state = models.CharField(max_length=20, default=JobState.QUEUED)
    values = models.JSONField(default=dict)
    checkpoint = models.JSONField(default=dict)  # how far it is, for whoever goes on with it
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=120, blank=True)  # the code of an error, no text
    asked_by = models.UUIDField(null=True)
    worker = models.CharField(max_length=80, blank=True)
    queued_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    alive_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = (one_of("state", JobState, name="job_state"),)
        indexes = (models.Index(fields=["state", "queue", "queued_at"], name="job_waiting"),)

    @property
    def percent(self) -> int | None:
        """How much is done; None where the whole is not known."""
        return 100 * self.done // self.total if self.total else None

    def may_move(self, actor: Actor, move: str) -> bool:
        """Whoever sees a job may stop it."""
        return True


class DutyState(models.Model):
    """Where a duty stands; each has one row.

    It is done in a period once it came to its end there: whoever is killed at it leaves it undone.
    """

    duty = models.CharField(primary_key=True, max_length=80)
    period = models.BigIntegerField(null=True)  # the last one that it was done in
    done_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=80, blank=True)  # who is at it
    alive_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)  # since it was last done
    fault = models.CharField(max_length=120, blank=True)  # of the last attempt, as of a job
    not_before = models.DateTimeField(null=True)

    def is_held(self, at: datetime) -> bool:
        """Whether a worker is at it that has shown a sign of life."""
        return bool(self.worker) and self.alive_at is not None and self.alive_at >= at - LEASE

    def is_due(self, every: timedelta, at: datetime) -> bool:
        """Whether it is to be started now."""
        is_paused = self.not_before is not None and at < self.not_before
        return self.period != period(every, at) and not is_paused and not self.is_held(at)

    def is_failing(self, at: datetime) -> bool:
        """Whether the last attempt that is over came to no end."""
        return self.attempts > int(self.is_held(at))
