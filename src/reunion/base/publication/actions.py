"""Publishing and withdrawing.

The order: one transaction of `default` writes the act and its audit entry; after its commit the
act is carried over into the published store, and marked as carried. Killed between any two of
these steps, the system carries over again, as a duty does every minute; carrying over twice
changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.db import transaction

from reunion.base.actor import Actor
from reunion.base.audit.actions import record
from reunion.base.errors import ChangedMeanwhile, NotFound, RuleBroken
from reunion.base.permissions.decide import require_over
from reunion.base.publication.access import last_act
from reunion.base.publication.models import Outgoing
from reunion.base.published.actions import Content, put
from reunion.base.published.kinds import check_body
from reunion.base.records import unless_taken

PUBLISH = "publication.publish"

Body = Mapping[str, object]


def publish(
    *,
    actor: Actor,
    kind: str,
    key: str,
    region: str,
    body: Body,
    at: datetime,
    shown_from: datetime | None = None,
    shown_until: datetime | None = None,
) -> Outgoing:
    """Let the public read something, or something else in its place.

    Args:
        kind, key: which publication it is.
        body: by language.
        shown_from: since when; None: at once. `shown_until`: None: until it is withdrawn.

    Raises:
        NotPermitted: the actor may not publish for this region.
        RuleBroken: it would end before it starts; or its kind has pages, and the body no text.
        ChangedMeanwhile: somebody published or withdrew it at the same moment.
    """
    require_over(actor, PUBLISH, region)
    return put_out(
        actor=actor, kind=kind, key=key, region=region, body=body, at=at,
        shown_from=shown_from, shown_until=shown_until,
    )  # fmt: skip


@transaction.atomic
def put_out(
    *,
    actor: Actor,
    kind: str,
    key: str,
    region: str,
    body: Body,
    at: datetime,
    shown_from: datetime | None = None,
    shown_until: datetime | None = None,
) -> Outgoing:
    """The same as a step of another room's act, which has checked the actor."""
    check_body(kind, body)
    starts = shown_from or at
    if shown_until is not None and shown_until <= starts:
        raise RuleBroken(rule="ends_after_it_starts")
    act = Outgoing(
        kind=kind,
        key=key,
        region=region,
        body=dict(body),
        shown_from=starts,
        shown_until=shown_until,
        unit=actor.unit,
    )
    return _written(actor, "publish", act, last_act(kind, key), at)


def withdraw(
    *, actor: Actor, kind: str, key: str, at: datetime, asked_at: datetime | None = None
) -> Outgoing:
    """Take a publication away. Its content is deleted from the published store.

    Args:
        asked_at: since when somebody asks for it; None: nobody did before.

    Raises:
        NotFound: there is no such publication, or it is gone already.
        NotPermitted: the actor may not publish for its region.
    """
    act = last_act(kind, key)
    if act is None or act.withdrawn_at is not None:
        raise NotFound(kind="published")
    require_over(actor, PUBLISH, act.region)
    return take_back(actor=actor, kind=kind, key=key, at=at, asked_at=asked_at)


@transaction.atomic
def take_back(
    *, actor: Actor, kind: str, key: str, at: datetime, asked_at: datetime | None = None
) -> Outgoing:
    """The same as a step of another room's act, which has checked the actor.

    Raises:
        NotFound: there is no such publication, or it is gone already.
    """
    before = last_act(kind, key)
    if before is None or before.withdrawn_at is not None:
        raise NotFound(kind="published")
    act = Outgoing(
        kind=kind,
        key=key,
        region=before.region,
        shown_from=before.shown_from,
        shown_until=before.shown_until,
        asked_at=asked_at or at,
        withdrawn_at=at,
        unit=actor.unit,
    )
    return _written(actor, "withdraw", act, before, at)


def _written(
    actor: Actor, act: str, row: Outgoing, before: Outgoing | None, at: datetime
) -> Outgoing:
    """Of two acts at the same moment one stands; the other did not know how things stood."""
    shown = before.number if before else 0
    row.number = shown + 1
    with unless_taken(ChangedMeanwhile(kind="outgoing", shown=shown, now=row.number)):
        row.save(force_insert=True)
    what: dict[str, str | int | None] = {
        "publication": f"{row.kind}/{row.key}",
        "number": row.number,
    }
    record(actor=actor, act=act, subject=row, at=at, after=what)
    transaction.on_commit(partial(carry_over, at=at), robust=True)
    return row


def carry_over(*, at: datetime) -> int:
    """Bring the published store to what was decided; how many acts were carried over now.

    Called after each act has been committed, and as a duty; never inside the transaction of an act,
    which could still be undone.
    """
    waiting = Outgoing.objects.filter(carried_at=None).order_by("number")
    carried = 0
    for act in waiting:
        put(content=_content(act), number=act.number)
        carried += Outgoing.objects.filter(pk=act.pk, carried_at=None).update(carried_at=at)
    return carried


def _content(act: Outgoing) -> Content:
    return Content(
        kind=act.kind,
        key=act.key,
        region=act.region,
        body=act.body,
        shown_from=act.shown_from,
        shown_until=act.shown_until,
        withdrawn_at=act.withdrawn_at,
        unit=act.unit,
    )
