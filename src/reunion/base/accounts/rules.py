"""Rules of signing in: the factors that roles ask for, when a session ends, lost factors."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reunion.base.transitions import Machine, Move

ABSOLUTE = timedelta(hours=10)
"""A session ends so long after sign-in, used or not (ASVS 5.0, 7.3.2)."""

IDLE = timedelta(minutes=30)
"""And so long after its last request, where the role says nothing shorter (ASVS 5.0, 7.3.1)."""

SESSIONS = 5
"""Sessions of one account at a time: a computer, a telephone and some more. A further sign-in ends
the oldest, and does not wait: whoever changes machines must not be shut out."""

SEEN_EVERY = timedelta(minutes=1)
"""The use of a session is written down at most so often."""

CODE_LASTS = timedelta(hours=72)
"""A code for setting a password, given in person, is good so long."""

RECOVERY_LASTS = timedelta(hours=72)
"""Two officers must agree to a recovery within so long."""

ATTEMPTS_KEPT = timedelta(days=90)
"""Failed sign-ins are kept so long."""

_CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 20
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")


class Factor(StrEnum):
    """What a person can show beside the password."""

    TOTP = "totp"
    WEBAUTHN = "webauthn"
    RECOVERY_CODES = "recovery_codes"


class Standing(StrEnum):
    """How far a sign-in has come."""

    ENROLLING = "enrolling"
    PROVING = "proving"
    COMPLETE = "complete"


def standing(*, key_demanded: bool, enrolled: Collection[str], passed: Collection[str]) -> Standing:
    """How far a sign-in has come, from the factors of the account and those of this session.

    Whoever has a factor must show one before adding another: a password alone never leads to a new
    factor on an account that has one. Where a security key is demanded, nothing else replaces it,
    recovery codes neither; a lost key is recovered by two officers.

    >>> standing(key_demanded=False, enrolled={"totp"}, passed={"totp"}).value
    'complete'
    >>> standing(key_demanded=True, enrolled={"totp"}, passed={"totp"}).value
    'enrolling'
    >>> standing(key_demanded=True, enrolled={"webauthn"}, passed={"recovery_codes"}).value
    'proving'
    """
    devices = set(enrolled) - {Factor.RECOVERY_CODES}
    if not devices:
        return Standing.ENROLLING
    wanted = {Factor.WEBAUTHN} if key_demanded else {Factor.TOTP, Factor.WEBAUTHN}
    has_wanted = bool(devices & wanted)
    accepted = wanted if key_demanded and has_wanted else set(Factor)
    if not set(passed) & accepted:
        return Standing.PROVING
    return Standing.COMPLETE if has_wanted else Standing.ENROLLING


class SessionEnd(StrEnum):
    """Why a session has ended by itself."""

    IDLE = "idle"
    ABSOLUTE = "absolute"
    PAUSED = "paused"


def session_end(
    *,
    started_at: datetime,
    last_seen_at: datetime,
    idle: timedelta,
    at: datetime,
    is_paused: bool = False,
) -> SessionEnd | None:
    """Why a session has ended at a moment; None: it has not."""
    if is_paused:
        return SessionEnd.PAUSED
    if at - started_at >= ABSOLUTE:
        return SessionEnd.ABSOLUTE
    return SessionEnd.IDLE if at - last_seen_at >= idle else None


def is_login(text: str) -> bool:
    """Whether a text can be the name of an account.

    Small ASCII letters only: two spellings of one name would each have their own count of failures.

    >>> is_login("deng.y"), is_login("Deng"), is_login("邓")
    (True, False, False)
    """
    return _LOGIN.fullmatch(text) is not None


def new_code() -> str:
    """A code for setting a password: 20 letters and digits that look unlike, nearly 100 bits."""
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))


def plain_code(text: str) -> str:
    """A code as typed, without case, blanks and hyphens.

    >>> plain_code("ABCD-efgh 2345")
    'abcdefgh2345'
    """
    return "".join(letter for letter in text.lower() if letter.isalnum())


_BROWSERS = (
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_kind(user_agent: str) -> str:
    """The kind of browser and system, so that a person knows a session as theirs; no more is kept.

    >>> device_kind("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/131.0")
    'Firefox, Windows'
    """
    found = [_first(user_agent, _BROWSERS), _first(user_agent, _SYSTEMS)]
    return ", ".join(name for name in found if name)


def _first(text: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if mark in text), "")


class RecoveryState(StrEnum):
    """How far the recovery of a lost factor has come."""

    REQUESTED = "requested"
    APPROVED_ONCE = "approved_once"
    RECOVERED = "recovered"
    REFUSED = "refused"


_OPEN = frozenset({RecoveryState.REQUESTED, RecoveryState.APPROVED_ONCE})

RECOVERY = Machine(
    "factor_recovery",
    RecoveryState.REQUESTED,
    (
        Move(
            "approve",
            frozenset({RecoveryState.REQUESTED}),
            RecoveryState.APPROVED_ONCE,
            needs="accounts.recover",
        ),
        Move(
            "complete",
            frozenset({RecoveryState.APPROVED_ONCE}),
            RecoveryState.RECOVERED,
            needs="accounts.recover",
        ),
        Move("refuse", _OPEN, RecoveryState.REFUSED, needs="accounts.recover", reasoned=True),
    ),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a session has shown, by the library's records: factors passed, and when last."""

    factors: frozenset[str]
    password_at: float | None
    factor_at: float | None


def shown(records: Collection[Mapping[str, object]]) -> Shown:
    """Read what a session has shown out of allauth's records of authentication."""
    factors = [record for record in records if record.get("method") == "mfa"]
    passwords = [record for record in records if record.get("method") == "password"]
    return Shown(
        frozenset(str(record.get("type")) for record in factors), _last(passwords), _last(factors)
    )


def _last(records: list[Mapping[str, object]]) -> float | None:
    moments = [at for record in records if isinstance(at := record.get("at"), (int, float))]
    return max(moments, default=None)
