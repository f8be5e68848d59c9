"""The one place that decides whether an actor may do something, with or to a record.

The role must have the permission, and the record must be in the actor's region or opened to them by
a grant, and not be hidden from them. What is masked in a record needs a stated purpose beside.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from reunion.base.actor import Actor, Purpose
from reunion.base.audit.actions import record_read
from reunion.base.errors import NotFound, NotPermitted
from reunion.base.permissions.models import Grant, ScopedManager
from reunion.base.permissions.rules import EMERGENCY, covers
from reunion.base.records import Placed

P = TypeVar("P", bound=Placed)


def require(actor: Actor, needs: str) -> None:
    """Refuse whoever's role lacks the permission.

    Raises:
        NotPermitted: names the permission.
    """
    if not actor.may(needs):
        raise NotPermitted(needs=needs)


def require_over(actor: Actor, needs: str, region: str) -> None:
    """Refuse whoever may not do this in a region, such as when a record is made there.

    Raises:
        NotPermitted: names the permission.
    """
    require(actor, needs)
    if not covers(actor.region, region):
        raise NotPermitted(needs=needs)


def fetch(records: ScopedManager[P], actor: Actor, pk: UUID, *, needs: str, at: datetime) -> P:
    """The record, for somebody who may do what `needs` says with it.

    That a record was looked at which an emergency alone opens is entered before it is given.

    Raises:
        NotFound: there is none, or it is not for this actor: they are not told which.
    """
    found = records.named_by(actor, pk, at).first() if actor.may(needs) else None
    if found is None:
        raise NotFound(kind=records.model._meta.model_name or "")
    if records.model.opens_in_emergency and not covers(actor.region, found.region):
        _note_emergency(records, actor, found, at)
    return found


def _note_emergency(records: ScopedManager[P], actor: Actor, found: P, at: datetime) -> None:
    opened = Grant.objects.to(actor, records.model, at).filter(subject=found.pk, basis=EMERGENCY)
    if opened.exists() and not records.visible_to(actor, at).filter(pk=found.pk).exists():
        stated = actor.stating(Purpose.EMERGENCY)
        record_read(actor=stated, subject=found, what="in_emergency", at=at)
