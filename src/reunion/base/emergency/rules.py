"""How long an opened record stays open, and until when the opening must be reviewed."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

OPEN_FOR = timedelta(minutes=60)
REVIEWED_WITHIN = timedelta(hours=72)
"""Whoever's opening is not reviewed by then cannot work until it is."""

REMINDED_BEFORE = timedelta(hours=24)
"""The reviewers are told again so long before."""

OPENED, REVIEW_DUE = "emergency.opened", "emergency.review_due"
"""What supervisors are told."""


class Finding(StrEnum):
    """What a review of an opening found."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"
