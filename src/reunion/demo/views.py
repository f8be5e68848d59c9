"""The pages of the demonstration: practice cases, and the guided tour."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from reunion.base.attachments import access as attachments
from reunion.base.lists import page_of
from reunion.base.permissions.declare import ActorRequest, needs, public
from reunion.demo.access import (
    SEE,
    is_synthetic,
    one_elsewhere,
    practice_case_for,
    practice_cases_for,
)
from reunion.demo.cast import has_tour
from reunion.demo.guide import stops, walkers

TOUR_COOKIE = "__Host-t" if settings.TLS else "t"
"""The places of the steps that are done. A session ends with each sign-out, and the tour has many:
the browser keeps them itself, until it is closed."""


@needs(SEE)
@require_safe
def practice_case_list(request: ActorRequest) -> HttpResponseBase:
    at = timezone.now()
    found = practice_cases_for(request.actor, at)
    opens = request.actor.may("emergency.open")
    elsewhere = one_elsewhere(request.actor, at) if opens else None
    context = {"page": page_of(request, found), "elsewhere": elsewhere}
    return render(request, "demo/practicecase_list.html", context)


@needs(SEE)
@require_safe
def practice_case(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    found = practice_case_for(request.actor, pk, timezone.now())
    sees_files = request.actor.may(attachments.SEE)
    files = attachments.attachments_of(request.actor, found) if sees_files else None
    return render(request, "demo/practicecase.html", {"case": found, "attachments": files})


@public()
def tour(request: HttpRequest) -> HttpResponseBase:
    """The guided tour, with what this browser has done of it; of invented people alone."""
    if not (has_tour() and is_synthetic()):
        raise Http404
    done = {
        int(text) for text in request.COOKIES.get(TOUR_COOKIE, "").split(".") if _is_place(text)
    }
    if request.method == "POST":
        place = request.POST.get("done", "")
        done = (
            set()
            if "again" in request.POST
            else done | ({int(place)} if _is_place(place) else set())
        )
    shown = stops(done)
    following = next((stop for stop in shown if not stop.is_done), None)
    if request.method != "POST":
        context = {"stops": shown, "next": following, "walkers": walkers(shown)}
        return render(request, "demo/tour.html", context)
    answer = redirect(reverse("tour") + (f"#step-{following.number}" if following else ""))
    text = ".".join(str(stop.step.place) for stop in shown if stop.is_done)
    answer.set_cookie(TOUR_COOKIE, text, secure=settings.TLS, httponly=True, samesite="Strict")
    return answer


def _is_place(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 6
