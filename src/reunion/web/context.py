"""What every template of the internal site knows."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from reunion.web.languages import others


def site(request: HttpRequest) -> dict[str, object]:
    """The other languages, whether the data are synthetic, and as what the reader acts."""
    return {
        "languages": others(),
        "is_synthetic": settings.MODE == "demo",
        "actor": getattr(request, "actor", None),
        "gate": getattr(request, "gate", None),
    }
