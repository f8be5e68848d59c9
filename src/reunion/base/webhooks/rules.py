"""Rules of webhooks: where they may go, how they are signed, when they are tried again."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

EVENTS = (
    "assignment.issued",
    "assignment.disputed",
    "assignment.reported",
    "assignment.sent_back",
    "assignment.confirmed",
    "assignment.reopened",
    "assignment.withdrawn",
    "assignment.overdue",
    "assignment.refused",
    "correspondence.guessing",
    "correspondence.late",
)
"""The notices to units; those to posts are for people. A test compares them with the rooms."""

ATTEMPTS = 8
"""A delivery that nobody took so often, over four days, is given up."""

LONGEST_URL = 500

REPLAY = timedelta(minutes=5)
"""A receiver refuses a signature that is older, or newer."""

_UNICAST = IPv6Network("2000::/3")


def pause_after(attempts: int) -> timedelta:
    """How long a delivery rests after so many attempts: a minute, then four times as long each.

    >>> [int(pause_after(n).total_seconds()) for n in (1, 2, 7)]
    [60, 240, 245760]
    """
    return timedelta(minutes=int(4 ** (attempts - 1)))


def url_obstacle(url: str, *, on_loopback: bool) -> str:
    """The rule that an address breaks; empty: none.

    Args:
        on_loopback: this machine itself may be told, also without TLS: in a demonstration.

    >>> url_obstacle("http://example.org/", on_loopback=True)
    'webhook_over_https'
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "webhook_address"
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_URL
    if not plain or not parts.hostname or parts.username or parts.password or parts.fragment:
        return "webhook_address"
    if parts.scheme == "https" or (parts.scheme == "http" and on_loopback and _is_here(parts)):
        return ""
    return "webhook_over_https"


def is_allowed(address: str, *, on_loopback: bool) -> bool:
    """Whether a numeric address may be connected to: a public one, or as `url_obstacle` has it.

    >>> [is_allowed(a, on_loopback=False) for a in ("93.184.215.14", "10.0.0.1", "::ffff:10.0.0.1")]
    [True, False, False]
    """
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return _is_public(found) or (on_loopback and found.is_loopback)


def all_allowed(addresses: Iterable[str], *, on_loopback: bool) -> bool:
    """Whether a name leads to allowed addresses alone, and to one at least."""
    found = list(addresses)
    return bool(found) and all(is_allowed(one, on_loopback=on_loopback) for one in found)


def signature(secret: str, body: bytes, at: datetime) -> str:
    """What the header says: the moment, and HMAC-SHA-256 over it, a dot and the body.

    >>> from datetime import UTC
    >>> signature("s", b"{}", datetime(2026, 3, 2, tzinfo=UTC))[:20]
    't=1772409600,v1=8ae9'
    """
    moment = str(int(at.timestamp()))
    mark = hmac.new(secret.encode(), moment.encode() + b"." + body, sha256).hexdigest()
    return f"t={moment},v1={mark}"


def _is_here(parts: SplitResult) -> bool:
    return parts.hostname in {"localhost", "127.0.0.1", "::1"}


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, IPv4Address):
        return True
    # Those that lead to an IPv4 address in another dress are not looked into, but refused.
    return address in _UNICAST and address.sixtofour is None and address.teredo is None
