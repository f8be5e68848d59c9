"""What data may be used for and why; the states of requests, clocks and breaches."""

from __future__ import annotations

import calendar
from datetime import date
from enum import StrEnum

from reunion.base.transitions import Machine, Move


class Use(StrEnum):
    """What somebody's data are used for. Each use has a basis of its own."""

    IDENTIFICATION = "identification"
    COURT = "court"
    CONTACT = "contact"
    PUBLICATION = "publication"
    REFERRAL = "referral"
    MEDIA = "media"
    RESEARCH = "research"


class Basis(StrEnum):
    """Why a use is lawful."""

    CONSENT = "consent"
    GUARDIAN_CONSENT = "guardian_consent"
    LEGAL_DUTY = "legal_duty"
    VITAL_INTEREST = "vital_interest"


CONSENTS = frozenset({Basis.CONSENT, Basis.GUARDIAN_CONSENT})
"""They are given by somebody, and can be withdrawn."""

ONLY_BY_CONSENT = frozenset({Use.PUBLICATION, Use.MEDIA, Use.RESEARCH, Use.CONTACT})
"""For these nothing but a consent is a basis."""


def basis_obstacle(
    *, use: Use, basis: Basis, is_own: bool, is_named: bool, article: str, text_version: str
) -> str:
    """The rule that a basis breaks as it would be recorded; empty: none.

    Args:
        is_named: somebody gives it; `is_own`: that is the person whose data they are.
    """
    if use in ONLY_BY_CONSENT and basis not in CONSENTS:
        return "use_only_by_consent"
    if basis in CONSENTS and not (is_named and text_version):
        return "consent_is_given_and_witnessed"
    if basis is Basis.CONSENT and not is_own:
        return "consent_is_ones_own"
    if basis is Basis.GUARDIAN_CONSENT and is_own:
        return "guardian_is_another_person"
    if basis is Basis.LEGAL_DUTY and not article:
        return "legal_duty_names_its_article"
    return ""


class RequestKind(StrEnum):
    """What somebody asks about their own data."""

    SEE = "see"
    CORRECT = "correct"
    RESTRICT = "restrict"
    DELETE = "delete"
    HUMAN_REVIEW = "human_review"
    COMPLAINT = "complaint"


class RequestState(StrEnum):
    """Where a request about one's data stands."""

    RECEIVED = "received"
    IDENTITY_SHOWN = "identity_shown"
    IN_WORK = "in_work"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_R = RequestState

REQUEST = Machine(
    "rights_request",
    _R.RECEIVED,
    (
        Move(
            "show_identity",
            frozenset({_R.RECEIVED}),
            _R.IDENTITY_SHOWN,
            needs="rights.handle",
            page=True,
        ),
        Move("take_up", frozenset({_R.IDENTITY_SHOWN}), _R.IN_WORK, needs="rights.handle"),
        Move("fulfil", frozenset({_R.IN_WORK}), _R.GRANTED, needs="rights.handle", reasoned=True),
        Move("refuse", frozenset({_R.IN_WORK}), _R.REFUSED, needs="rights.handle", reasoned=True),
        Move(
            "withdraw",
            frozenset({_R.RECEIVED, _R.IDENTITY_SHOWN, _R.IN_WORK}),
            _R.WITHDRAWN,
            needs="rights.handle",
            reasoned=True,
        ),
        Move("reopen", frozenset({_R.REFUSED}), _R.IN_WORK, needs="rights.handle", reasoned=True),
    ),
)

OPEN_REQUESTS = frozenset({_R.RECEIVED, _R.IDENTITY_SHOWN, _R.IN_WORK})


class ClockState(StrEnum):
    """Where a retention clock stands. That it has run out is no state: it follows from the date."""

    TICKING = "ticking"
    HELD = "held"
    DESTROYED = "destroyed"


_C = ClockState

CLOCK = Machine(
    "retention_clock",
    _C.TICKING,
    (
        Move("hold", frozenset({_C.TICKING}), _C.HELD, needs="rights.retain", reasoned=True),
        Move("go_on", frozenset({_C.HELD}), _C.TICKING, needs="rights.retain", reasoned=True),
        Move("destroy", frozenset({_C.TICKING}), _C.DESTROYED),
    ),
)


class BreachState(StrEnum):
    """How far the answer to a breach has come."""

    FOUND = "found"
    CONTAINED = "contained"
    NOTIFIED = "notified"
    CLOSED = "closed"


_B = BreachState

BREACH = Machine(
    "breach",
    _B.FOUND,
    (
        Move("contain", frozenset({_B.FOUND}), _B.CONTAINED, needs="rights.handle", reasoned=True),
        Move(
            "notify",
            frozenset({_B.FOUND, _B.CONTAINED}),
            _B.NOTIFIED,
            needs="rights.handle",
            reasoned=True,
        ),
        Move("close", frozenset({_B.NOTIFIED}), _B.CLOSED, needs="rights.handle", reasoned=True),
    ),
)


RETENTION_OVER = "rights.retention_over"
REQUEST_OVERDUE = "rights.request_overdue"
BREACH_FOUND = "rights.breach_found"
BREACH_NOT_TOLD = "rights.breach_not_told"
"""What data-protection officers are told, each once for a record."""


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day.

    >>> months_after(date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
