"""What every template of the public site knows."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from reunion.web.public_language import chosen, offered


def site(request: HttpRequest) -> dict[str, object]:
    """Whether the data are synthetic, the other languages, and what links carry of the choice."""
    language = chosen(request)
    return {
        "is_synthetic": settings.MODE == "demo",
        "languages": offered(request),
        "carried": f"?language={language}" if language else "",
    }
