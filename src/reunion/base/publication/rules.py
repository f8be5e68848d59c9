"""How soon what must go has to be gone: plain values."""

from __future__ import annotations

from datetime import datetime, timedelta

TAKEDOWN_WITHIN = timedelta(hours=24)
"""From the moment when somebody asked that a publication be taken down."""


def is_late(asked_at: datetime, gone_at: datetime | None, at: datetime) -> bool:
    """Whether a publication was taken down too late, or should be gone by now."""
    return (gone_at or at) - asked_at > TAKEDOWN_WITHIN
