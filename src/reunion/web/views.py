"""The first page after sign-in, and the box that finds everything."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django.views.decorators.http import require_safe

from reunion.base.actor import Actor
from reunion.base.agenda import agenda_of
from reunion.base.finding import SHORTEST, find
from reunion.base.permissions.declare import signed_in

autodiscover_modules("agenda", "finders")


@signed_in()
@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """What is late, what waits for the reader, what has changed."""
    actor = _actor(request)
    parts = agenda_of(actor, timezone.now()) if actor else []
    return render(request, "home.html", {"parts": parts})


@signed_in()
@require_safe
def search(request: HttpRequest) -> HttpResponseBase:
    """Records of all rooms by `?q=`, as far as the reader may see them."""
    actor, words = _actor(request), request.GET.get("q", "")
    kinds = find(actor, words, timezone.now()) if actor else []
    context = {"kinds": kinds, "searched": words.strip(), "shortest": SHORTEST}
    return render(request, "find.html", context)


def _actor(request: HttpRequest) -> Actor | None:
    """As what the reader acts; None: they have not chosen a post, or hold none."""
    return getattr(request, "actor", None)
