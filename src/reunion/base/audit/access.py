"""The way to the audit trail: for pages, for checks and for third parties."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import QuerySet

from reunion.base.actor import Actor
from reunion.base.audit.heads import Head, Signature
from reunion.base.audit.models import AuditEntry, EntryQuerySet, Step, TreeHead, WitnessSignature
from reunion.base.audit.rules import entry_text
from reunion.base.audit.sources import seals_from, sources
from reunion.base.audit.trail import Trail
from reunion.base.errors import NotFound
from reunion.base.records import Record

SEE = "audit.see"


def entries_for(actor: Actor) -> EntryQuerySet:
    """The entries of acts done at posts within the actor's region.

    Raises:
        NotFound: the actor may not read the trail at all; nobody is told that there is one.
    """
    if not actor.may(SEE):
        raise NotFound(kind="auditentry")
    return AuditEntry.objects.filter(region__startswith=actor.region)


def entries_about(actor: Actor, subject: Record) -> EntryQuerySet:
    """What was done to a record, newest first, by whomever; whoever asks can see the record.

    Raises:
        NotFound: the actor may not read the trail.
    """
    if not actor.may(SEE):
        raise NotFound(kind="auditentry")
    return AuditEntry.objects.of(subject.pk).filter(kind=subject._meta.label_lower)


def steps_of(subject: Record) -> list[Step]:
    """The history of a record's states, oldest first; whoever sees the record sees it."""
    return list(
        Step.objects.filter(kind=subject._meta.label_lower, subject=subject.pk)
        .select_related("entry")
        .order_by("id")
    )


def heads_for(actor: Actor) -> QuerySet[TreeHead]:
    """The heads with the signatures of their witnesses, newest first; the same for every region.

    Raises:
        NotFound: the actor may not read the trail.
    """
    if not actor.may(SEE):
        raise NotFound(kind="treehead")
    return TreeHead.objects.order_by("-id").prefetch_related("witnesses")


def last_head() -> Head | None:
    """The newest head; None: none was signed yet."""
    row = TreeHead.objects.order_by("id").last()
    return None if row is None else _plain(row)


def latest_heads(most: int) -> list[Head]:
    """The newest heads, the newest first."""
    return [_plain(row) for row in TreeHead.objects.order_by("-id")[:most]]


def head_with(digest: bytes) -> TreeHead:
    """The head of a digest, as a witness names it.

    Raises:
        NotFound: there is none.
    """
    for row in TreeHead.objects.order_by("-id").iterator():
        if _plain(row).digest() == digest:
            return row
    raise NotFound(kind="treehead")


def heads() -> list[Head]:
    """All heads in their order."""
    return [_plain(row) for row in TreeHead.objects.order_by("id").iterator()]


def trail(witnesses: Mapping[str, bytes]) -> Trail:
    """All that a third party needs to check the trail.

    Args:
        witnesses: public keys of the units that are witnesses, by unit as hexadecimal digits.
    """
    found = Trail(witnesses=dict(witnesses))
    while page := seals_from(len(found.leaves)):
        found.leaves += [bytes(seal.leaf) for seal in page]
        found.entries += [seal.entry for seal in page]
    rows = list(TreeHead.objects.order_by("id"))
    found.heads = [_plain(row) for row in rows]
    digests = {row.pk: head.digest() for row, head in zip(rows, found.heads, strict=True)}
    found.signatures = [
        Signature(
            digests[signed.head_id], signed.unit.hex, bytes(signed.public_key),
            bytes(signed.signature),
        )
        for signed in WitnessSignature.objects.order_by("id")
    ]  # fmt: skip
    return found


def text_of(entry: UUID) -> bytes:
    """The canonical text of an entry, with which its place in the trail can be shown.

    Raises:
        NotFound: there is no such entry in any store.
    """
    for source in sources():
        if row := source.entry(entry.hex):
            return entry_text(source.store, row)
    raise NotFound(kind="auditentry")


def _plain(row: TreeHead) -> Head:
    return Head(
        size=row.size,
        root=bytes(row.root),
        day=row.day.isoformat(),
        at=row.at,
        previous=bytes(row.previous),
        key_version=row.key_version,
        public_key=bytes(row.public_key),
        announces=None if row.announces is None else bytes(row.announces),
        lag_p50=row.lag_p50,
        lag_p99=row.lag_p99,
        signature=bytes(row.signature),
    )
