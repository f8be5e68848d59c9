"""What a form of the public site carries, in place of a cookie: a ticket, or a capability.

A ticket says which form was given out and until when, and holds a random secret. Sending a form
twice is sending one secret twice, from which the same item and receipt come. A capability keeps a
conversation open for some minutes after its receipt was typed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from reunion.base.errors import ReunionError

VALID_FOR = timedelta(hours=2)
OPEN_FOR = timedelta(minutes=15)
_BUCKET = 600
"""Seconds: the moment when a form was given out is rounded to this."""
_SECRET, _MAC, _NONCE = 32, 16, 12


@dataclass(eq=False)
class TicketUnknown(ReunionError):
    """The form was not given out by this site, or too long ago."""

    form: str


@dataclass(frozen=True, slots=True)
class Visit:
    """An open conversation.

    Args:
        item: its id.
        key: its data key.
        mark: keyed hash of the receipt, so that the receipt is recognised in a message.
    """

    item: UUID
    key: bytes
    mark: bytes


def issue(key: bytes, form: str, at: datetime, *, not_before: timedelta = timedelta(0)) -> str:
    """A new ticket for a form; with `not_before`, one that is good only after some time."""
    start = int((at + not_before).timestamp())
    start = start if not_before else start // _BUCKET * _BUCKET
    payload = secrets.token_bytes(_SECRET) + start.to_bytes(8)
    return _text(payload + _mac(key, form, payload))


def redeem(key: bytes, form: str, ticket: str, at: datetime) -> bytes:
    """The secret of a ticket, 32 bytes.

    Raises:
        TicketUnknown: it is not of this key and form, not good yet, or no more.
    """
    data = _bytes(ticket)
    payload, mac = data[: _SECRET + 8], data[_SECRET + 8 :]
    if len(data) != _SECRET + 8 + _MAC or not hmac.compare_digest(mac, _mac(key, form, payload)):
        raise TicketUnknown(form=form)
    age = at.timestamp() - int.from_bytes(payload[_SECRET:])
    if not 0 <= age <= VALID_FOR.total_seconds() + _BUCKET:
        raise TicketUnknown(form=form)
    return payload[:_SECRET]


def derived(key: bytes, what: str, secret: bytes) -> bytes:
    """Something random that one ticket always gives: a receipt, or the id of a message."""
    return hmac.digest(key, what.encode() + b"|" + secret, hashlib.sha256)


def open_for(key: bytes, visit: Visit, at: datetime) -> str:
    """A capability: the conversation, sealed for this process alone."""
    ends = int((at + OPEN_FOR).timestamp())
    nonce = os.urandom(_NONCE)
    text = visit.item.bytes + visit.key + visit.mark + ends.to_bytes(8)
    return _text(nonce + AESGCM(key).encrypt(nonce, text, b"capability"))


def visit_of(key: bytes, capability: str, at: datetime) -> Visit:
    """The conversation that a capability keeps open.

    Raises:
        TicketUnknown: it is no capability of this process, or its time is over.
    """
    data = _bytes(capability)
    try:
        text = AESGCM(key).decrypt(data[:_NONCE], data[_NONCE:], b"capability")
    except (InvalidTag, ValueError) as error:
        raise TicketUnknown(form="conversation") from error
    if at.timestamp() > int.from_bytes(text[64:]):
        raise TicketUnknown(form="conversation")
    return Visit(UUID(bytes=text[:16]), text[16:48], text[48:64])


def mark_of(key: bytes, code: str) -> bytes:
    """A receipt as a capability holds it."""
    return hmac.digest(key, b"mark|" + code.encode(), hashlib.sha256)[:16]


def _mac(key: bytes, form: str, payload: bytes) -> bytes:
    return hmac.digest(key, b"ticket|" + form.encode() + b"|" + payload, hashlib.sha256)[:_MAC]


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text.encode())
    except (binascii.Error, ValueError) as error:
        raise TicketUnknown(form="") from error
