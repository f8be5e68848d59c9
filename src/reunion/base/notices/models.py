"""Notices to a unit or a post."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from reunion.base.actor import Actor
from reunion.base.records import Record


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Questions about notices."""

    def to(self, actor: Actor) -> NoticeQuerySet:
        """Those to the actor's post or unit, newest first."""
        mine = Q(pk__in=[])
        if actor.unit is not None:
            mine |= Q(unit=actor.unit)
        if actor.post is not None:
            mine |= Q(post=actor.post)
        return self.filter(mine).order_by("-at", "pk")

    def unread(self) -> NoticeQuerySet:
        """Those that nobody has marked as read."""
        return self.filter(read_at__isnull=True)


class Notice(Record):
    """One thing that a unit or a post is told, with the record that it is about. No free text."""

    unit = models.UUIDField(null=True, db_index=True)
    post = models.UUIDField(null=True, db_index=True)
    what = models.CharField(max_length=60)  # a code, such as assignment.overdue
    kind = models.CharField(max_length=80)
    subject = models.UUIDField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by = models.UUIDField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(unit__isnull=False, post__isnull=True)
                | Q(unit__isnull=True, post__isnull=False),
                name="notice_is_to_a_unit_or_a_post",
            ),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True, read_by__isnull=True)
                | Q(read_at__isnull=False, read_by__isnull=False),
                name="notice_read_by_somebody",
            ),
        )
