"""Keys of the shared cache: keyed hashes, so that its table shows neither codes nor names.

A code is refused when it is shown a second time, and attempts are counted, in whichever process
of the site they happen: so this is shared by all, in the database. A memory of each process would
let a code be used once in each.
"""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings


def hidden_key(key: str, prefix: str, version: int) -> str:
    """The name under which something is remembered: Django's setting KEY_FUNCTION."""
    secret = settings.SECRET_KEY.encode()
    return hmac.new(secret, f"{prefix}:{version}:{key}".encode(), hashlib.sha256).hexdigest()
