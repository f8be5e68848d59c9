"""The settings that the public process has beside Django's, with their types."""

from __future__ import annotations

from typing import Protocol, cast

from django.conf import settings

from reunion.base.inbox.receipts import Kdf
from reunion.base.keyring import Keyring


class PublicSettings(Protocol):
    """See reunion.settings.public."""

    MODE: str
    KEYRING: Keyring
    RECEIPT_KDF: Kdf
    CAPABILITY_KEY: bytes
    LARGEST_BODY: int
    HSTS: str


values = cast(PublicSettings, settings)
