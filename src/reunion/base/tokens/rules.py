"""Rules of tokens: what one looks like, how long it lasts, what it can be allowed at all."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from datetime import timedelta

from reunion.base.actor import Purpose

LONGEST = 90
"""Days after which a token ends at the latest; the database holds to it."""

KEPT = timedelta(hours=24)
"""The answer to an act is kept so long, for a program that asks again."""

REACHABLE = frozenset(
    {
        "units.see",
        "units.administer",
        "assignments.see",
        "assignments.work",
        "assignments.issue",
        "assignments.confirm",
        "notices.see",
        "jobs.see",
    }
)
"""The permissions that addresses for programs ask for; a test compares.

Acts that need a fresh sign-in or a second person are not among them, and would refuse a token all
the same: nobody signed in with one.
"""

PURPOSES = frozenset(Purpose) - {Purpose.EMERGENCY}
"""An emergency is a person's."""

_START = "reunion_"
_TOKEN = re.compile(_START + r"[A-Za-z0-9_-]{43}")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def new_token() -> str:
    """A token, 256 bits at random; the word in front lets searches for lost secrets find it."""
    return _START + secrets.token_urlsafe(32)


def token_in(header: str) -> str:
    """The token of a header `Authorization`; empty: there is none.

    >>> token_in("Basic dXNlcg=="), token_in("Bearer short")
    ('', '')
    """
    scheme, _, text = header.partition(" ")
    return text if scheme.lower() == "bearer" and _TOKEN.fullmatch(text) else ""


def is_key(text: str) -> bool:
    """Whether a text can be an Idempotency-Key: up to 255 visible characters of ASCII.

    >>> is_key("7d5f0a"), is_key(""), is_key("two words")
    (True, False, False)
    """
    return _KEY.fullmatch(text) is not None


def allowable(role: Collection[str]) -> frozenset[str]:
    """The permissions that a token of somebody with these can be given."""
    return REACHABLE & frozenset(role)
