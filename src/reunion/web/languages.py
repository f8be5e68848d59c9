"""The languages that a page can be changed to."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language

from reunion.packs.jurisdiction import load_jurisdiction


def others() -> list[tuple[str, str]]:
    """Code and name of those beside the page's own that the jurisdiction's official terms have."""
    spoken = load_jurisdiction(settings.JURISDICTION).languages
    now = get_language()
    return [
        (code, name)
        for code, name in settings.LANGUAGES
        if code != now and code.split("-")[0] in spoken
    ]
