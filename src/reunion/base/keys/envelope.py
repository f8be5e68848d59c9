"""Sealing bytes: AES-256-GCM bound to one place in the database, and boxes for a public key.

An envelope is `RN1 | algorithm (1) | key number (2) | nonce (12) | ciphertext and tag`, 34 bytes
more than the padded text. A box for a public key is `RN1 | algorithm | box of libsodium`. What is
unknown in either is an error, never a reason to try another way.

>>> place = Place("persons.person", "name", UUID(int=7))
>>> sealed = seal(bytes(32), 1, "王小明".encode(), place)
>>> open_envelope({1: bytes(32)}.__getitem__, sealed, place).decode()
'王小明'
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from reunion.base.errors import ReunionError

MAGIC = b"RN1"
AES_256_GCM = 1
X25519_BOX = 2
NONCE = 12
TAG = 16
HEADER = len(MAGIC) + 1 + 2
OVERHEAD = HEADER + NONCE + TAG
_BOX_HEADER = MAGIC + bytes([X25519_BOX])
SHORT = 64
"""Fields are padded to a multiple of this, so that a length does not tell one name from another."""
LONG = 1024
"""The same for bodies and messages."""


@dataclass(eq=False)
class EnvelopeUnknown(ReunionError):
    """These bytes are no envelope of ours, or name an algorithm or key that is not known."""

    part: str


@dataclass(eq=False)
class EnvelopeDamaged(ReunionError):
    """The envelope was changed, moved from its place, or sealed with another key."""

    place: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an envelope belongs; it opens nowhere else.

    Args:
        model: label of the model, as in persons.person.
        field: name of the field.
        row: id of the row.
        schema: version of what the text means; raised when its form changes.
    """

    model: str
    field: str
    row: UUID
    schema: int = 1

    def __str__(self) -> str:
        """The associated data of the cipher, before UTF-8."""
        return f"{self.model}|{self.field}|{self.row}|{self.schema}"


def seal(key: bytes, number: int, text: bytes, place: Place, *, block: int = SHORT) -> bytes:
    """An envelope with this text.

    Args:
        key: 32 bytes.
        number: of the key, 0 to 65,535; whoever opens the envelope finds the key by it.
        block: the text is padded to a multiple of so many bytes.

    Source:
        NIST SP 800-38D: random 96-bit nonces allow 2^32 envelopes for each key.
    """
    nonce = os.urandom(NONCE)
    closed = AESGCM(key).encrypt(nonce, pad(text, block), str(place).encode())
    return MAGIC + bytes([AES_256_GCM]) + number.to_bytes(2) + nonce + closed


def open_envelope(key_of: Callable[[int], bytes], sealed: bytes, place: Place) -> bytes:
    """The text of an envelope.

    Args:
        key_of: the key with a number; KeyError where there is none.

    Raises:
        EnvelopeUnknown: it is of another kind, or of a key that `key_of` does not know.
        EnvelopeDamaged: it was changed or moved.
    """
    number = key_number(sealed)
    try:
        key = key_of(number)
    except KeyError as error:
        raise EnvelopeUnknown(part="key") from error
    nonce, closed = sealed[HEADER : HEADER + NONCE], sealed[HEADER + NONCE :]
    try:
        return unpad(AESGCM(key).decrypt(nonce, closed, str(place).encode()))
    except InvalidTag as error:
        raise EnvelopeDamaged(place=str(place)) from error


def key_number(sealed: bytes) -> int:
    """The number of the key that an envelope was sealed with.

    Raises:
        EnvelopeUnknown: the bytes are no envelope of a known kind.
    """
    if len(sealed) < OVERHEAD or sealed[: len(MAGIC)] != MAGIC:
        raise EnvelopeUnknown(part="form")
    if sealed[len(MAGIC)] != AES_256_GCM:
        raise EnvelopeUnknown(part="algorithm")
    return int.from_bytes(sealed[len(MAGIC) + 1 : HEADER])


def pad(text: bytes, block: int) -> bytes:
    """The text, a byte 0x80, and zeros up to a multiple of `block` bytes.

    >>> pad(b"abc", 8).hex()
    '6162638000000000'
    """
    return text + b"\x80" + bytes(-(len(text) + 1) % block)


def unpad(padded: bytes) -> bytes:
    """The text without its padding; zeros at the end of the text itself stay.

    >>> text = b"ends with zeros" + bytes(2)
    >>> unpad(pad(text, 64)) == text
    True
    """
    return padded.rstrip(b"\x00")[:-1]


def seal_to(public: bytes, text: bytes) -> bytes:
    """A box that only the owner of a private X25519 key opens; 52 bytes more than the text."""
    return _BOX_HEADER + SealedBox(PublicKey(public)).encrypt(text)


def open_sealed_to(private: bytes, box: bytes) -> bytes:
    """What a box of `seal_to` holds.

    Raises:
        EnvelopeUnknown: it is no box of a known kind.
        EnvelopeDamaged: it was changed, or sealed to somebody else.
    """
    if not box.startswith(_BOX_HEADER):
        raise EnvelopeUnknown(part="algorithm" if box.startswith(MAGIC) else "form")
    try:
        return SealedBox(PrivateKey(private)).decrypt(box[len(_BOX_HEADER) :])
    except CryptoError as error:
        raise EnvelopeDamaged(place="box") from error


def new_pair() -> tuple[bytes, bytes]:
    """A new private X25519 key and its public key, 32 bytes each."""
    private = PrivateKey.generate()
    return bytes(private), public_of(bytes(private))


def public_of(private: bytes) -> bytes:
    """The public key of a private X25519 key."""
    return bytes(PrivateKey(private).public_key)
