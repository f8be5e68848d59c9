"""The way from a request to subscriptions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from reunion.base.actor import Actor
from reunion.base.permissions.decide import fetch, require
from reunion.base.webhooks.models import Delivery, Subscription

ADMINISTER = "webhooks.administer"


def subscriptions_for(actor: Actor, at: datetime) -> QuerySet[Subscription]:
    """The subscriptions of units in the actor's region, the newest first."""
    require(actor, ADMINISTER)
    visible = Subscription.objects.visible_to(actor, at)
    return visible.select_related("unit").order_by("-made_at", "pk")


def subscription_for(actor: Actor, pk: UUID, at: datetime) -> Subscription:
    """One subscription, or NotFound."""
    return fetch(Subscription.objects, actor, pk, needs=ADMINISTER, at=at)


def deliveries_of(subscription: Subscription) -> QuerySet[Delivery]:
    """What was sent, or is to be, the newest first."""
    return subscription.deliveries.order_by("-at", "pk")
