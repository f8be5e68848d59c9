"""The auditor's way to the audit trail; whoever reads in it is recorded in it.

It lies here, above all rooms: the trail itself is below them, and knows neither posts nor pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from django.apps import apps

from reunion.base.actor import Actor
from reunion.base.audit.access import entries_about, entries_for
from reunion.base.audit.actions import record, record_read
from reunion.base.audit.models import EntryQuerySet
from reunion.base.errors import NotFound
from reunion.base.permissions.models import ScopedManager
from reunion.base.records import Placed, Record
from reunion.base.units.pack import start_of


def entries_with(actor: Actor, *, act: str, role: str, day: date | None) -> EntryQuerySet:
    """The entries of acts done in the actor's region, newest first.

    Args:
        act, role: codes; empty: any. `day`: in the zone of the country; None: any.

    Raises:
        NotFound: the actor may not read the trail.
    """
    found = entries_for(actor).order_by("-id")
    if act:
        found = found.filter(act=act)
    if role:
        found = found.filter(role=role)
    if day is not None:
        found = found.between(start_of(day), start_of(day + timedelta(days=1)))
    return found


def entries_of(actor: Actor, kind: str, pk: UUID, at: datetime) -> tuple[Record, EntryQuerySet]:
    """What was done to one record, newest first, and what the entries name it by.

    By whomever, where the actor may open the record; else within their region, as in the list.

    Args:
        kind: label of its model.

    Raises:
        NotFound: the actor may read nothing about it, or there is nothing.
    """
    found = entries_for(actor).of(pk).filter(kind=kind)  # before the name of the kind is judged
    model = _model(kind)
    if issubclass(model, Placed):
        records = cast("ScopedManager[Placed]", model._default_manager)
        placed = records.named_by(actor, pk, at).first()
        if placed is not None:
            return placed, entries_about(actor, placed)
    if not found.exists():
        raise NotFound(kind="auditentry")
    return model(id=pk), found


def note_list(*, actor: Actor, looked_for: Mapping[str, str], at: datetime) -> None:
    """Write that somebody looked through the trail, and what for."""
    record(actor=actor, act="read_trail", subject=None, at=at, after=looked_for)


def note_record(*, actor: Actor, subject: Record, at: datetime) -> None:
    """Write that somebody looked at what was done to a record."""
    record_read(actor=actor, subject=subject, what="trail", at=at)


def _model(kind: str) -> type[Record]:
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError) as error:
        raise NotFound(kind="auditentry") from error
    if not issubclass(model, Record):
        raise NotFound(kind="auditentry")
    return model
