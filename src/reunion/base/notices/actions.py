"""Telling a unit or a post something, and marking it as read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from reunion.base.actor import Actor
from reunion.base.audit.actions import record
from reunion.base.notices.models import Notice
from reunion.base.permissions.decide import require
from reunion.base.records import Record, locked

TOLD: list[Callable[[Actor, Notice], None]] = []
"""What rooms above do with each notice, in the same transaction, such as telling a program."""


@transaction.atomic
def notify(
    *,
    actor: Actor,
    what: str,
    subject: Record,
    at: datetime,
    unit: UUID | None = None,
    post: UUID | None = None,
) -> Notice:
    """Tell a unit, or else a post, something about a record.

    Called by the action that it follows from. It opens nothing: whoever may not see the record
    reads that there is something, and no more.

    Args:
        what: a code such as assignment.overdue; the page has the words.
    """
    notice = Notice.objects.create(
        unit=unit, post=post, what=what, kind=subject._meta.label_lower, subject=subject.pk, at=at
    )
    record(actor=actor, act="notify", subject=subject, at=at, after={"what": what})
    for tell in TOLD:
        tell(actor, notice)
    return notice


@transaction.atomic
def mark_read(*, actor: Actor, notice_id: UUID, at: datetime, version: int | None = None) -> Notice:
    """Mark a notice to the actor's unit or post as read; again does nothing.

    Raises:
        NotPermitted: the role sees no notices.
        NotFound: there is none to this actor.
        ChangedMeanwhile: it was shown as another version.
    """
    require(actor, "notices.see")
    notice = locked(Notice.objects.to(actor), notice_id, version=version)
    if notice.read_at is None and actor.staff is not None:
        notice.read_at, notice.read_by = at, actor.staff
        notice.save_changes("read_at", "read_by")
        record(actor=actor, act="mark_read", subject=notice, at=at)
    return notice
