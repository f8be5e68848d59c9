"""The zone of the country: in it days begin, and moments are shown, whatever process shows them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from reunion.packs.jurisdiction import load_jurisdiction


def here(at: datetime) -> datetime:
    """A moment in the zone of the country."""
    return at.astimezone(ZoneInfo(load_jurisdiction(settings.JURISDICTION).zone))
