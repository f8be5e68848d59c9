"""What the public does: leave an item, come back to it, write on.

Each act is one transaction of the inbox, with its entry; the receipt is shown after it, never
before. What happened once does not happen again when a form is sent twice.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from reunion.base.actor import Actor
from reunion.base.errors import RuleBroken
from reunion.base.inbox.access import hour_of, item_of
from reunion.base.inbox.models import (
    Excluded,
    FailedLookups,
    InboxEntry,
    Item,
    Message,
    SpentTicket,
)
from reunion.base.inbox.receipts import ReceiptKeys
from reunion.base.inbox.rules import (
    ITEM,
    LONGEST_TEXT,
    MOST_MESSAGES,
    Direction,
    ItemState,
    day_of,
    recorded_at,
)
from reunion.base.inbox.sealing import (
    Recipient,
    Written,
    seal_body,
    seal_message,
    unwrap_for_sender,
    wrap_for,
    wrap_for_sender,
)
from reunion.base.records import locked

STORE = "inbox"

FAILURES_KEPT = timedelta(days=2)
"""How long counts of failed look-ups are kept: longer than the desks look back for guessing."""

PUBLIC = Actor(role="public", region="")
"""Whoever sends something: nobody is known."""


def leave(
    *,
    actor: Actor,
    kind: str,
    region: str,
    excluded: Iterable[str],
    text: str,
    desk: Recipient,
    escrow: Recipient | None,
    keys: ReceiptKeys,
    kdf_version: int,
    at: datetime,
) -> Item:
    """Put an item into the inbox; with a receipt that has one already, it is that one.

    Args:
        region: what the item is about; `excluded`: regions that must not read it.
        desk, escrow: whom it is sealed to, beside whoever has the receipt.
        keys: of the receipt, under the newest pepper.

    Raises:
        RuleBroken: the text is empty or too long.
    """
    _check(text)
    try:
        with transaction.atomic(using=STORE):
            found = item_of([keys])
            if found is not None:
                return found[0]
            return _leave(actor, kind, region, excluded, text, desk, escrow, keys, kdf_version, at)
    except IntegrityError:  # the same form, at the same time, in another process
        found = item_of([keys])
        if found is None:
            raise
        return found[0]


def _leave(
    actor: Actor,
    kind: str,
    region: str,
    excluded: Iterable[str],
    text: str,
    desk: Recipient,
    escrow: Recipient | None,
    keys: ReceiptKeys,
    kdf_version: int,
    at: datetime,
) -> Item:
    item = Item(kind=kind, region=region, kdf_version=kdf_version)
    item.received_on = item.waits_since = day_of(at)
    key = secrets.token_bytes(32)
    item.lookup, item.pepper_version = keys.lookup, keys.pepper
    item.for_sender = wrap_for_sender(keys.kek, item.pk, key)
    item.for_desk, item.desk_key = wrap_for(desk, item.pk, key), UUID(desk.name)
    if escrow is not None:
        item.for_escrow, item.escrow = wrap_for(escrow, item.pk, key), int(escrow.name)
    item.body = seal_body(key, item.pk, Written(text, at))
    item.save(force_insert=True)
    Excluded.objects.bulk_create(Excluded(item=item, path=path) for path in sorted(set(excluded)))
    _enter(actor, "leave_item", item, item.body, at)
    return item


def come_back(
    *, actor: Actor, keys: Sequence[ReceiptKeys], at: datetime
) -> tuple[Item, bytes] | None:
    """The item of a receipt and its data key; the desk's messages count as read from now on.

    Args:
        keys: of the receipt, under each version of the pepper, the newest first; what is still
            under an older one moves to the newest.

    Returns:
        None where the receipt opens nothing. It is counted then.
    """
    with transaction.atomic(using=STORE):
        found = item_of(keys)
        if found is not None:
            item = locked(Item.objects.unscoped(), found[0].pk)
            key = unwrap_for_sender(found[1].kek, item.pk, bytes(item.for_sender))
            if found[1].pepper != keys[0].pepper:
                _move_to(item, key, keys[0])
            item.messages.filter(direction=Direction.OUT, read_on=None).update(read_on=day_of(at))
            return item, key
    count_failure(at=at)
    return None


def _move_to(item: Item, key: bytes, keys: ReceiptKeys) -> None:
    item.lookup, item.pepper_version = keys.lookup, keys.pepper
    item.for_sender = wrap_for_sender(keys.kek, item.pk, key)
    item.save_changes("lookup", "pepper_version", "for_sender")


@transaction.atomic(using=STORE)
def count_failure(*, at: datetime) -> None:
    """Count a receipt that opens nothing; counts of hours that are long over are deleted."""
    FailedLookups.objects.filter(hour__lt=hour_of(at - FAILURES_KEPT)).delete()
    hour, _new = FailedLookups.objects.get_or_create(hour=hour_of(at))
    FailedLookups.objects.filter(pk=hour.pk).update(failed=F("failed") + 1)


def spend(*, ticket: bytes, at: datetime) -> bool:
    """Use a wait ticket up; whether it was still good. The insert is the check."""
    day = day_of(at)
    digest = hashlib.sha256(ticket).digest()
    try:
        with transaction.atomic(using=STORE):
            # Those of yesterday can still be good: around midnight.
            SpentTicket.objects.filter(day__lt=day - timedelta(days=1)).delete()
            SpentTicket.objects.create(ticket=digest, day=day)
    except IntegrityError:
        return False
    return True


@transaction.atomic(using=STORE)
def write_on(
    *, actor: Actor, item_id: UUID, key: bytes, message_id: UUID, text: str, at: datetime
) -> Message:
    """Add a message of the sender; the desk has the item before it again.

    Args:
        message_id: from the form, so that a form that is sent twice writes once.

    Raises:
        RuleBroken: the text is empty or too long, or there are too many messages.
        NotFound: there is no such item.
    """
    item = locked(Item.objects.unscoped(), item_id)
    written = Message.objects.filter(pk=message_id, item=item).first()
    if written is not None:
        return written
    message = add_message(
        item=item, key=key, direction=Direction.IN, text=text, message_id=message_id, at=at
    )
    state = ItemState(item.state)
    if state is not ItemState.RECEIVED:
        item.state = ITEM.move(state, "write_on").target
        item.waits_since = day_of(at)
        item.save_changes("state", "waits_since")
    _enter(actor, "write_on", item, bytes(message.text), at)
    return message


def add_message(
    *, item: Item, key: bytes, direction: Direction, text: str, message_id: UUID, at: datetime
) -> Message:
    """Write the next message of an item that is locked; its act writes the entry.

    Raises:
        RuleBroken: the text is empty or too long, or there are too many messages.
    """
    _check(text)
    number = item.messages.count() + 1
    if number > MOST_MESSAGES:
        raise RuleBroken(rule="messages_of_one_item")
    return Message.objects.create(
        pk=message_id,
        item=item,
        number=number,
        direction=direction,
        text=seal_message(key, item.pk, number, direction, Written(text, at)),
        created_on=day_of(at),
    )


def _check(text: str) -> None:
    if not text.strip():
        raise RuleBroken(rule="text_is_there")
    if len(text) > LONGEST_TEXT:
        raise RuleBroken(rule="text_is_short_enough")


def _enter(actor: Actor, act: str, item: Item, sealed: bytes, at: datetime) -> None:
    """Write the entry; `after` is the hash of the ciphertext, which tells nothing of the text."""
    InboxEntry.objects.create(
        at=recorded_at(at),
        act=act,
        kind=item._meta.label_lower,
        subject=item.pk,
        role=actor.role,
        region=actor.region,
        after=hashlib.sha256(sealed).digest(),
    )
