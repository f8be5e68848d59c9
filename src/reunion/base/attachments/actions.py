"""Attaching a file to a record, opening it, and destroying what was handed in."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import partial
from hashlib import sha256
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, Sum

from reunion.base.actor import Actor
from reunion.base.attachments import store
from reunion.base.attachments.access import SEE, attachment_for
from reunion.base.attachments.models import Attachment
from reunion.base.attachments.rules import (
    BLOCK,
    BYTES_OF_A_RECORD,
    FILES_OF_A_RECORD,
    ORIGINAL,
    UNCLAIMED,
    Cleaned,
    OriginalState,
    size_bucket,
)
from reunion.base.attachments.sandbox import clean
from reunion.base.audit.actions import record, record_move, record_read
from reunion.base.errors import NotFound, PurposeMissing, RuleBroken
from reunion.base.keys import envelope
from reunion.base.keys.actions import data_key, forget_key, make_keys
from reunion.base.keys.envelope import Place
from reunion.base.keys.wraps import DATA_KEY
from reunion.base.permissions.decide import require
from reunion.base.records import Record, locked

ADD, OPEN_ORIGINAL = "attachments.add", "attachments.open_original"


def attach(
    *,
    actor: Actor,
    owner: Record,
    subject: UUID,
    data: bytes,
    at: datetime,
    keep_original: bool = True,
) -> Attachment:
    """Clean a file and add it to a record. Cleaning may take seconds: call it in no transaction.

    Args:
        owner: the record, as it was fetched for this actor.
        subject: whose key seals the files: of the person whom the record is about. When that key
            is destroyed, the files are unreadable.
        keep_original: the file as it was handed in may be evidence; it may also say who handed it
            in. Whoever did may choose that it is not kept.

    Raises:
        NotPermitted: the role may not add attachments.
        AttachmentRefused: the file is not taken; it says why.
        RuleBroken: the record has too many attachments; or nothing would be kept of a recording.
        KeyDestroyed: the key of the subject was destroyed.
    """
    require(actor, ADD)
    cleaned = clean(data)
    if not cleaned.data and not keep_original:
        raise RuleBroken(rule="recording_needs_its_original")
    return _add(actor, owner, subject, cleaned, data if keep_original else b"", at)


@transaction.atomic
def _add(
    actor: Actor, owner: Record, subject: UUID, cleaned: Cleaned, original: bytes, at: datetime
) -> Attachment:
    buckets = [size_bucket(len(part)) for part in (cleaned.data, original) if part]
    _require_room(owner, sum(buckets))
    row = Attachment(
        owner_kind=owner._meta.label_lower,
        owner=owner.pk,
        subject=subject,
        source=cleaned.source,
        kind=cleaned.kind,
        notes=[*cleaned.notes],
        size_bucket=sum(buckets),
        state=OriginalState.SEALED if original else OriginalState.DESTROYED,
        added_at=at,
        added_by=actor.staff,
    )
    key = make_keys(subjects=[subject])[subject]
    if cleaned.data:
        row.sha256 = sha256(cleaned.data).digest()
        row.stored = store.put(_seal(key, cleaned.data, row, "stored"), at)
    if original:
        row.original_key = uuid4()
        own = make_keys(subjects=[row.original_key])[row.original_key]
        # Under both keys: it is gone with the person's, and with its own.
        inner = _seal(own, original, row, "original")
        row.original = store.put(_seal(key, inner, row, "original"), at)
    row.save(force_insert=True)
    after = {"kind": row.kind, "source": row.source, "original": row.state}
    record(actor=actor, act="attach", subject=row, at=at, after=after)
    return row


def _require_room(owner: Record, more: int) -> None:
    """Refuse what goes beyond the bounds of a record, which is locked meanwhile."""
    locked(type(owner)._base_manager.all(), owner.pk)
    held = Attachment.objects.of(owner).aggregate(files=Count("pk"), size=Sum("size_bucket"))
    if held["files"] >= FILES_OF_A_RECORD:
        raise RuleBroken(rule="files_of_a_record")
    if (held["size"] or 0) + more > BYTES_OF_A_RECORD:
        raise RuleBroken(rule="bytes_of_a_record")


def open_attachment(*, actor: Actor, attachment: Attachment, at: datetime) -> bytes:
    """The clean file of an attachment that was fetched for this actor; the reading is recorded.

    The entry is written first, and stays: a reading that then fails was still tried.

    Raises:
        NotPermitted: the role may not see attachments.
        NotFound: it is not cleaned: there is only the original.
        KeyDestroyed: the key of the person was destroyed.
        EnvelopeDamaged: the file was changed, or belongs to another attachment.
    """
    require(actor, SEE)
    if attachment.stored is None:
        raise NotFound(kind="attachment")
    record_read(actor=actor, subject=attachment, what="attachment", at=at)
    key = data_key(attachment.subject)
    data = _open(key, store.get(attachment.stored), attachment, "stored")
    if not secrets.compare_digest(sha256(data).digest(), bytes(attachment.sha256 or b"")):
        raise RuleBroken(rule="attachment_as_it_was_added")
    return data


def open_original(*, actor: Actor, attachment: Attachment, at: datetime) -> bytes:
    """The file as it was handed in: it may say who did, and may harm the computer that shows it.

    Raises:
        NotPermitted: the role may not open originals.
        PurposeMissing: the actor has not said why.
        NotFound: the original was destroyed.
        KeyDestroyed: the key of the person was destroyed.
    """
    require(actor, OPEN_ORIGINAL)
    if actor.purpose is None:
        raise PurposeMissing(needs=OPEN_ORIGINAL)
    if attachment.original is None or attachment.original_key is None:
        raise NotFound(kind="attachment")
    record_read(actor=actor, subject=attachment, what="original", at=at)
    key, own = data_key(attachment.subject), data_key(attachment.original_key)
    outer = _open(key, store.get(attachment.original), attachment, "original")
    return _open(own, outer, attachment, "original")


@transaction.atomic
def destroy_original(
    *, actor: Actor, attachment_id: UUID, version: int, reason: str, at: datetime
) -> Attachment:
    """Destroy the file as it was handed in, and the key that it alone is sealed with.

    Raises:
        NotFound: there is no such attachment of a record that the actor may see.
        NotPermitted: the role may not destroy originals.
        MoveRefused: it is destroyed already.
        RuleBroken: no reason is given.
        ChangedMeanwhile: it has another version than the one that was shown.
    """
    attachment_for(actor, attachment_id, at)
    attachment = locked(Attachment.objects.all(), attachment_id, version=version)
    source = OriginalState(attachment.state)
    move = ORIGINAL.move(source, "destroy")
    require(actor, move.needs)
    if not reason.strip():
        raise RuleBroken(rule="reason_given")
    name, own = attachment.original, attachment.original_key
    attachment.state, attachment.original, attachment.original_key = move.target, None, None
    attachment.save_changes("state", "original", "original_key")
    if own is not None:
        forget_key(subject=own, at=at)
    record_move(
        actor=actor, subject=attachment, machine=ORIGINAL.name, move=move, source=source,
        at=at, reason=reason,
    )  # fmt: skip
    if name is not None:  # what a crash leaves here is swept
        transaction.on_commit(partial(store.remove, name))
    return attachment


def sweep(*, at: datetime) -> int:
    """Delete the files that no attachment names, such as of transactions that failed; how many."""
    swept = 0
    for names in store.older_than(at - UNCLAIMED):
        rows = Attachment.objects.filter(stored__in=names).values_list("stored", flat=True)
        more = Attachment.objects.filter(original__in=names).values_list("original", flat=True)
        for name in set(names) - {*rows, *more}:
            store.remove(name)
            swept += 1
    return swept


def _place(attachment: Attachment, field: str) -> Place:
    return Place(attachment._meta.label_lower, field, attachment.pk)


def _seal(key: bytes, data: bytes, attachment: Attachment, field: str) -> bytes:
    return envelope.seal(key, DATA_KEY, data, _place(attachment, field), block=BLOCK)


def _open(key: bytes, sealed: bytes, attachment: Attachment, field: str) -> bytes:
    keys = {DATA_KEY: key}
    return envelope.open_envelope(keys.__getitem__, sealed, _place(attachment, field))
