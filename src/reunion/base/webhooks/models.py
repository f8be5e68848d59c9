"""Subscriptions of units, and what was delivered to them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Q

from reunion.base.permissions.models import ScopedManager
from reunion.base.records import Placed, Record
from reunion.base.units.models import Unit
from reunion.base.webhooks.rules import LONGEST_URL

LABEL = 120


class SubscriptionManager(ScopedManager["Subscription"]):
    """Subscriptions, by whoever asks."""

    def of(self, unit: UUID) -> models.QuerySet[Subscription]:
        """Those of a unit that have not ended."""
        return self.unscoped().filter(unit=unit, ended_at__isnull=True)


class Subscription(Placed):
    """A program of a unit is told of the unit's notices. Its region is that of the unit."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="subscriptions")
    label = models.CharField(max_length=LABEL)
    url = models.CharField(max_length=LONGEST_URL)
    events = models.JSONField(default=list)
    secret = models.BinaryField()  # sealed
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = SubscriptionManager()

    class Meta:
        verbose_name = "webhook"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def over_before(self, at: datetime) -> DeliveryQuerySet:
        """Those that came to an end before a moment."""
        return self.filter(Q(delivered_at__lt=at) | Q(given_up_at__lt=at))


class Delivery(Record):
    """One notice on its way to one program. It holds what is sent: ids and kinds, and no text."""

    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="deliveries"
    )
    notice = models.UUIDField()
    what = models.CharField(max_length=60)
    kind = models.CharField(max_length=80)
    subject = models.UUIDField()
    at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=40, blank=True)  # of the last attempt: status or fault
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "delivery"
        constraints = (
            models.UniqueConstraint(
                fields=["subscription", "notice"], name="delivery_once_for_each_notice"
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(given_up_at__isnull=True),
                name="delivery_has_one_end",
            ),
        )

    @property
    def is_over(self) -> bool:
        """Whether nothing more is sent."""
        return self.delivered_at is not None or self.given_up_at is not None
