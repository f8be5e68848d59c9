"""Openings in an emergency, each with its reason and its review."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import F, Min, Q

from reunion.base.actor import CASE_LENGTH, Actor
from reunion.base.emergency.rules import Finding
from reunion.base.permissions.models import ScopedManager
from reunion.base.records import Placed


class OpeningManager(ScopedManager["BreakGlass"]):
    """Openings, by whoever asks."""

    def due_by(self, moment: datetime) -> models.QuerySet[BreakGlass]:
        """Those that nobody has reviewed, and that must be until a moment."""
        return self.unscoped().filter(reviewed_at__isnull=True, review_due__lte=moment)

    def first_due(self, staff: UUID) -> datetime | None:
        """Until when the first unreviewed opening of somebody must be reviewed; None: all are."""
        waiting = self.unscoped().filter(staff=staff, reviewed_at__isnull=True)
        first: datetime | None = waiting.aggregate(first=Min("review_due"))["first"]
        return first


class BreakGlass(Placed):
    """One record that somebody opened in an emergency. Its region is that of who opened it."""

    staff = models.UUIDField(db_index=True)
    unit = models.UUIDField()
    kind = models.CharField(max_length=80)
    subject = models.UUIDField()
    case = models.CharField(max_length=CASE_LENGTH)
    reason = models.TextField()
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    review_due = models.DateTimeField(db_index=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewer = models.UUIDField(null=True)
    reviewer_unit = models.UUIDField(null=True)
    finding = models.CharField(max_length=20, blank=True)
    remark = models.TextField(blank=True)

    objects = OpeningManager()

    class Meta:
        verbose_name = "emergency opening"
        constraints = (
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(case=""), name="break_glass_has_a_reason_and_a_case"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("opened_at"), review_due__gt=F("ends_at")),
                name="break_glass_ends_before_its_review",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewer__isnull=True)
                & Q(reviewer_unit__isnull=True, finding="")
                | (
                    Q(reviewed_at__isnull=False, reviewer__isnull=False)
                    & Q(reviewer_unit__isnull=False, finding__in=[f.value for f in Finding])
                    & ~Q(reviewer=F("staff"))
                    & ~Q(reviewer_unit=F("unit"))
                ),
                name="break_glass_reviewed_by_another_unit",
            ),
        )

    def may_review(self, actor: Actor) -> bool:
        """Whether somebody is another person, of another unit, than whoever opened the record."""
        return actor.staff not in {None, self.staff} and actor.unit not in {None, self.unit}
