"""Masks: what stays hidden in a record until whoever looks has said why."""

from __future__ import annotations

from datetime import datetime

from reunion.base.actor import Actor, Purpose
from reunion.base.permissions.models import StatedPurpose
from reunion.base.records import Record


def with_purpose(actor: Actor, subject: Record, at: datetime) -> Actor:
    """The actor with the purpose that they stated for a record, while it holds; else as they are.

    A page passes the result on: with a purpose, the masked fields may be opened.
    """
    if actor.staff is None:
        return actor
    stated = (
        StatedPurpose.objects.filter(
            kind=subject._meta.label_lower,
            subject=subject.pk,
            staff=actor.staff,
            stated_at__lte=at,
            ends_at__gt=at,
        )
        .order_by("-stated_at")
        .first()
    )
    return actor.stating(Purpose(stated.purpose), stated.case) if stated else actor
