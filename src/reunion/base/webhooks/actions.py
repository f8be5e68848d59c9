"""Subscribing a program of a unit, passing notices on to it, and trying to deliver them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from reunion.base.actor import Actor
from reunion.base.audit.actions import record
from reunion.base.errors import RuleBroken
from reunion.base.jobs.actions import ask_for
from reunion.base.keys.envelope import Place
from reunion.base.keys.vault import open_with, seal_with
from reunion.base.notices.models import Notice
from reunion.base.permissions.decide import require
from reunion.base.records import locked
from reunion.base.units.models import Unit
from reunion.base.webhooks.access import ADMINISTER
from reunion.base.webhooks.models import Delivery, Subscription
from reunion.base.webhooks.rules import ATTEMPTS, EVENTS, pause_after, signature, url_obstacle
from reunion.base.webhooks.sending import NotSent, post

KEY = "webhooks"
DELIVER = "webhooks.deliver"
KEPT = timedelta(days=30)
"""What is over is kept so long, to be looked at."""


@transaction.atomic
def subscribe(
    *, actor: Actor, unit_id: UUID, label: str, url: str, events: Collection[str], at: datetime
) -> tuple[Subscription, str]:
    """Let a program of a unit be told of these notices to the unit.

    Returns:
        The subscription, and the secret that the program checks signatures with: shown once.

    Raises:
        NotPermitted: the actor may not administer webhooks.
        NotFound: there is no such unit in the actor's region.
        RuleBroken: the address or the list of events is not as it must be.
    """
    require(actor, ADMINISTER)
    unit = locked(Unit.objects.visible_to(actor, at), unit_id)
    if actor.staff is None:
        raise RuleBroken(rule="webhook_of_a_person")
    if rule := url_obstacle(url, on_loopback=is_demo()):
        raise RuleBroken(rule=rule)
    if not events or not set(events) <= set(EVENTS):
        raise RuleBroken(rule="webhook_events")
    pk, secret = uuid4(), secrets.token_urlsafe(32)
    made = Subscription.objects.unscoped().create(
        pk=pk,
        unit=unit,
        region=unit.region,
        label=label,
        url=url,
        events=sorted(events),
        secret=seal_with(settings.KEYRING, KEY, secret.encode(), _place(pk)),
        made_by=actor.staff,
        made_at=at,
    )
    after = {"url": url, "events": " ".join(made.events)}
    record(actor=actor, act="subscribe", subject=made, at=at, after=after)
    return made, secret


@transaction.atomic
def unsubscribe(*, actor: Actor, subscription_id: UUID, at: datetime) -> Subscription:
    """End a subscription; what is on its way is given up.

    Raises:
        NotPermitted: the actor may not administer webhooks.
        NotFound: there is none in the actor's region.
    """
    require(actor, ADMINISTER)
    ended = locked(Subscription.objects.visible_to(actor, at), subscription_id)
    if ended.ended_at is None:
        ended.ended_at = at
        ended.save_changes("ended_at")
        record(actor=actor, act="unsubscribe", subject=ended, at=at)
    return ended


def pass_on(actor: Actor, notice: Notice) -> None:
    """Send a notice to the programs of its unit; part of the act that the notice follows from."""
    if notice.unit is None:
        return
    for subscription in Subscription.objects.of(notice.unit):
        if notice.what in subscription.events:
            delivery = Delivery.objects.create(
                subscription=subscription,
                notice=notice.pk,
                what=notice.what,
                kind=notice.kind,
                subject=notice.subject,
                at=notice.at,
            )
            _ask(actor, delivery, notice.at)


def deliver(*, actor: Actor, delivery_id: UUID, at: datetime) -> Delivery:
    """Try to deliver once; where nobody takes it, ask for another attempt later.

    A worker that dies in between sends it a second time: a receiver knows it by its id.
    """
    delivery = Delivery.objects.select_related("subscription").get(pk=delivery_id)
    if delivery.is_over:
        return delivery
    answer, is_taken = ("ended", False) if _has_ended(delivery) else _sent(delivery, at)
    with transaction.atomic():
        delivery = locked(Delivery.objects.select_related("subscription"), delivery_id)
        delivery.attempts += 1
        delivery.answer = answer
        if is_taken:
            delivery.delivered_at = at
        elif _has_ended(delivery) or delivery.attempts >= ATTEMPTS:
            delivery.given_up_at = at
        else:
            _ask(actor, delivery, at, not_before=at + pause_after(delivery.attempts))
        delivery.save_changes("attempts", "answer", "delivered_at", "given_up_at")
        if delivery.is_over:
            record(
                actor=actor, act="deliver", subject=delivery, at=at,
                after={"answer": answer, "attempts": delivery.attempts},
            )  # fmt: skip
    return delivery


def forget_deliveries(*, at: datetime) -> int:
    """Delete the deliveries that were over long ago; how many there were."""
    return Delivery.objects.over_before(at - KEPT).delete()[0]


def is_demo() -> bool:
    """Whether a program on this machine may be told."""
    return bool(settings.MODE == "demo")


def _ask(
    actor: Actor, delivery: Delivery, at: datetime, not_before: datetime | None = None
) -> None:
    values = {"delivery": str(delivery.pk)}
    ask_for(actor=actor, kind=DELIVER, values=values, at=at, not_before=not_before)


def _has_ended(delivery: Delivery) -> bool:
    return delivery.subscription.ended_at is not None


def _sent(delivery: Delivery, at: datetime) -> tuple[str, bool]:
    """What was answered, in a word, and whether it was taken."""
    subscription = delivery.subscription
    secret = open_with(
        settings.KEYRING, KEY, bytes(subscription.secret), _place(subscription.pk)
    ).decode()
    body = _body(delivery)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Reunion",
        "Reunion-Delivery": str(delivery.pk),
        "Reunion-Signature": signature(secret, body, at),
    }
    try:
        status = post(subscription.url, body, headers, on_loopback=is_demo())
    except NotSent as error:
        return error.why[:40], False
    return str(status), 200 <= status < 300


def _body(delivery: Delivery) -> bytes:
    """The same bytes at each attempt: ids and kinds, and nothing about anybody."""
    return json.dumps(
        {
            "id": str(delivery.pk),
            "event": delivery.what,
            "kind": delivery.kind,
            "subject": str(delivery.subject),
            "unit": str(delivery.subscription.unit_id),
            "at": delivery.at.isoformat(),
            "synthetic": is_demo(),
        }
    ).encode()


def _place(pk: UUID) -> Place:
    return Place("webhooks.subscription", "secret", pk)
