"""Published records, as the public process reads them."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from reunion.base.records import REGION_LENGTH


class PublishedQuerySet(models.QuerySet["Published"]):
    """Questions about what is published."""

    def shown(self, at: datetime) -> PublishedQuerySet:
        """What the public may see at a moment."""
        ends = Q(shown_until__isnull=True) | Q(shown_until__gt=at)
        return self.filter(ends, withdrawn_at=None, shown_from__lte=at)


class Published(models.Model):
    """One record: the content by language, and from when until when it is shown.

    `version` is the number of the act that it comes of; an older act changes nothing. What was
    withdrawn has no content left; the row stays, so that a late older act cannot bring it back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    region = models.CharField(max_length=REGION_LENGTH, db_index=True)
    body = models.JSONField(default=dict)
    shown_from = models.DateTimeField()
    shown_until = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    unit = models.UUIDField(null=True)
    version = models.BigIntegerField()

    objects = PublishedQuerySet.as_manager()

    class Meta:
        verbose_name = "published record"
        constraints = (
            models.UniqueConstraint(fields=["kind", "key"], name="published_once"),
            models.CheckConstraint(
                condition=Q(shown_until__isnull=True) | Q(shown_until__gt=F("shown_from")),
                name="published_ends_after_it_starts",
            ),
        )
