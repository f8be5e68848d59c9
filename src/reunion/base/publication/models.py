"""The acts of publication: decided in one store, carried over into another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from reunion.base.records import REGION_LENGTH, Record


class Outgoing(Record):
    """One act: publish this, or withdraw it. Its number orders the acts about one publication.

    The row is written with the act's audit entry, in one transaction; the published store is
    written after that, until `carried_at` says that it is done. Two databases cannot commit
    together, but what is written down here is repeated until it has happened.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    region = models.CharField(max_length=REGION_LENGTH)
    body = models.JSONField(default=dict)
    shown_from = models.DateTimeField()
    shown_until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # of a withdrawal: since when it is asked for
    withdrawn_at = models.DateTimeField(null=True)
    unit = models.UUIDField(null=True)
    carried_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        verbose_name = "act of publication"
        constraints = (
            models.UniqueConstraint(fields=["kind", "key", "number"], name="outgoing_in_order"),
            models.CheckConstraint(
                condition=Q(shown_until__isnull=True) | Q(shown_until__gt=F("shown_from")),
                name="outgoing_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=True, withdrawn_at__isnull=True)
                | Q(asked_at__isnull=False, withdrawn_at__isnull=False),
                name="withdrawn_because_asked",
            ),
        )
