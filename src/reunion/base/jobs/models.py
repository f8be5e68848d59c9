"""Jobs with their progress, and the runs of duties."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from reunion.base.jobs.rules import LEASE, JobState
from reunion.base.records import Record, one_of


class JobQuerySet(models.QuerySet["Job"]):
    def abandoned(self, at: datetime) -> JobQuerySet:
        """Running jobs whose worker has shown no sign of life for too long."""
        return self.filter(state=JobState.RUNNING, alive_at__lt=at - LEASE)

    def waiting(self, queues: tuple[str, ...], at: datetime) -> JobQuerySet:
        """Jobs that may be claimed now, the oldest first."""
        due = Q(not_before__isnull=True) | Q(not_before__lte=at)
        return self.filter(due, state=JobState.QUEUED, queue__in=queues).order_by("queued_at")


class Job(Record):
    """A piece of long work. Its values are ids and plain settings, never names or genotypes."""

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


class DutyRun(models.Model):
    """One run of a duty: the unique row is the claim, so no period is worked on twice."""

    id = models.BigAutoField(primary_key=True)
    duty = models.CharField(max_length=80)
    period = models.BigIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["duty", "period"], name="duty_once_a_period"),
        )
