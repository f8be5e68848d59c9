"""What every template of the internal site knows."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from reunion.demo.cast import has_tour
from reunion.web.languages import others
from reunion.web.navigation import menu


def site(request: HttpRequest) -> dict[str, object]:
    """The other languages, whether the data are synthetic, who reads, and their menu."""
    actor, gate = getattr(request, "actor", None), getattr(request, "gate", None)
    return {
        "languages": others(),
        "is_synthetic": settings.MODE == "demo",
        "has_tour": has_tour(),
        "actor": actor,
        "gate": gate,
        "menu": menu(gate, actor, request.path),
    }
