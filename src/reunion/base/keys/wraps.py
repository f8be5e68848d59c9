"""The data keys of persons: how they are wrapped, and how they come out again."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from reunion.base.keyring import Keyring
from reunion.base.keys.envelope import Place, key_number, seal_to
from reunion.base.keys.errors import EscrowMissing, KeyDestroyed
from reunion.base.keys.models import Escrow, PersonKey
from reunion.base.keys.vault import open_with, seal_with

KEK = "kek"
DATA_KEY = 1
"""The number in an envelope under a person's data key: a person has one key."""


def ring() -> Keyring:
    """The keys of this process."""
    keyring: Keyring = settings.KEYRING
    return keyring


def place_of(subject: UUID) -> Place:
    """Where the wrapped key of a person belongs: it opens in no other row."""
    return Place("keys.personkey", "wrapped", subject)


def wrap(subject: UUID, key: bytes) -> tuple[bytes, int]:
    """The data key, sealed under the newest KEK, and the version of that."""
    wrapped = seal_with(ring(), KEK, key, place_of(subject))
    return wrapped, key_number(wrapped)


def unwrap(subject: UUID, wrapped: bytes | memoryview) -> bytes:
    """The data key out of a wrap.

    Raises:
        KeyMissing: this process holds no such KEK.
        EnvelopeDamaged: it was changed or moved, or the KEK is another one of the same number.
    """
    return open_with(ring(), KEK, bytes(wrapped), place_of(subject))


def open_key(row: PersonKey) -> bytes:
    """The data key of a person.

    Raises:
        KeyDestroyed: there is none any more.
    """
    if row.wrapped is None:
        raise KeyDestroyed(subject=str(row.subject))
    return unwrap(row.subject, row.wrapped)


def newest_escrow() -> Escrow | None:
    """The escrow that keys are sealed for.

    Raises:
        EscrowMissing: there is none, and this is production.
    """
    escrow = Escrow.objects.order_by("-number").first()
    if escrow is None and settings.MODE == "production":
        raise EscrowMissing(mode=settings.MODE)
    return escrow


def escrowed(escrow: Escrow | None, subject: UUID, key: bytes) -> bytes | None:
    """The data key and whose it is, sealed so that only the escrow opens it."""
    return seal_to(bytes(escrow.public), subject.bytes + key) if escrow else None
