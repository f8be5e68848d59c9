"""How an item and its messages are sealed: one data key for each item, three ways to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from reunion.base.inbox.rules import Direction
from reunion.base.keys.envelope import (
    LONG,
    EnvelopeDamaged,
    Place,
    open_envelope,
    open_sealed_to,
    seal,
    seal_to,
)

ITEM_KEY = 1
"""The number in envelopes under an item's data key: an item has one."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A public key that items are sealed to: that of a desk, or the escrow.

    Args:
        name: id of the desk's key pair, or number of the escrow.
    """

    name: str
    public: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """A text with the moment at which it was written, which is told to those only who open it."""

    text: str
    at: datetime


def wrap_for_sender(kek: bytes, item: UUID, key: bytes) -> bytes:
    """The data key, for whoever has the receipt."""
    return seal(kek, ITEM_KEY, key, _place(item, "for_sender"))


def unwrap_for_sender(kek: bytes, item: UUID, wrapped: bytes) -> bytes:
    """The data key out of the sender's wrap.

    Raises:
        EnvelopeUnknown, EnvelopeDamaged: it is not of this receipt and item.
    """
    return open_envelope({ITEM_KEY: kek}.__getitem__, wrapped, _place(item, "for_sender"))


def wrap_for(recipient: Recipient, item: UUID, key: bytes) -> bytes:
    """The data key and whose it is, for the owner of a private key."""
    return seal_to(recipient.public, item.bytes + key)


def unwrap_for(private: bytes, item: UUID, box: bytes) -> bytes:
    """The data key out of the wrap of a desk or the escrow.

    Raises:
        EnvelopeUnknown, EnvelopeDamaged: it is not for this private key, or of another item.
    """
    text = open_sealed_to(private, box)
    if text[:16] != item.bytes:
        raise EnvelopeDamaged(place=str(_place(item, "box")))
    return text[16:]


def seal_body(key: bytes, item: UUID, written: Written) -> bytes:
    """The first text of an item."""
    return seal(key, ITEM_KEY, _as_json(written), _place(item, "body"), block=LONG)


def open_body(key: bytes, item: UUID, sealed: bytes) -> Written:
    """The first text.

    Raises:
        EnvelopeUnknown, EnvelopeDamaged: it is of another item, or was changed.
    """
    return _written(open_envelope({ITEM_KEY: key}.__getitem__, sealed, _place(item, "body")))


def seal_message(
    key: bytes, item: UUID, number: int, direction: Direction, written: Written
) -> bytes:
    """One message; it opens in this item, at this number, in this direction only."""
    place = _message(item, number, direction)
    return seal(key, ITEM_KEY, _as_json(written), place, block=LONG)


def open_message(
    key: bytes, item: UUID, number: int, direction: Direction, sealed: bytes
) -> Written:
    """One message.

    Raises:
        EnvelopeUnknown, EnvelopeDamaged: it is of another item, place or direction.
    """
    place = _message(item, number, direction)
    return _written(open_envelope({ITEM_KEY: key}.__getitem__, sealed, place))


def _place(item: UUID, field: str) -> Place:
    return Place("inbox.item", field, item)


def _message(item: UUID, number: int, direction: Direction) -> Place:
    return Place("inbox.message", f"{direction.value}|{number}", item)


def _as_json(written: Written) -> bytes:
    content = {"text": written.text, "at": written.at.isoformat()}
    return json.dumps(content, ensure_ascii=False).encode()


def _written(text: bytes) -> Written:
    content = json.loads(text)
    return Written(content["text"], datetime.fromisoformat(content["at"]))
