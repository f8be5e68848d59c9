"""Sealing under the numbered keys of the process, such as second factors and keys of persons."""

from __future__ import annotations

from functools import partial

from reunion.base.keyring import Keyring
from reunion.base.keys.envelope import SHORT, Place, open_envelope, seal


def seal_with(ring: Keyring, name: str, text: bytes, place: Place, *, block: int = SHORT) -> bytes:
    """An envelope under the newest version of a key; its number is the key's version.

    Raises:
        KeyMissing: this process does not hold the key.
    """
    version = ring.newest(name)
    return seal(ring.key(name, version), version, text, place, block=block)


def open_with(ring: Keyring, name: str, sealed: bytes, place: Place) -> bytes:
    """The text of an envelope of `seal_with`, whichever version of the key it was sealed with.

    Raises:
        KeyMissing: this process does not hold that version.
        EnvelopeUnknown: these bytes are no envelope of ours.
        EnvelopeDamaged: it was changed or moved.
    """
    return open_envelope(partial(ring.key, name), sealed, place)
