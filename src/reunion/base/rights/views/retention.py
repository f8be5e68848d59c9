"""Retention: what has run out, what is held, and proposing that it be destroyed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from reunion.base.accounts.freshness import fresh
from reunion.base.actor import Actor
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.rights.access import SEE, clock_for, clocks_due_for
from reunion.base.rights.actions import move_clock, propose_destruction
from reunion.base.rights.forms import ReasonForm
from reunion.base.rights.models import RetentionClock
from reunion.base.rights.rules import CLOCK, ClockState
from reunion.base.rights.views.buttons import REFUSED, buttons
from reunion.base.rights.words import sentence
from reunion.base.units.pack import day_of, in_language, jurisdiction

RETAIN = "rights.retain"


@needs(SEE)
@require_GET
def clock_list(request: ActorRequest) -> HttpResponseBase:
    found = clocks_due_for(request.actor, timezone.now())
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    rows = [(one, _class_name(one)) for one in page]
    return render(request, "rights/clock_list.html", {"rows": rows, "page": page})


@needs(SEE)
@require_GET
def clock(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = clock_for(request.actor, pk, at)
    kind = jurisdiction().rights.retention.get(found.retention)
    context = {
        "clock": found,
        "class_name": _class_name(found),
        "note": in_language(kind.note) if kind else "",
        "source": kind.basis if kind else None,
        "can_propose": found.state == ClockState.TICKING
        and found.due <= day_of(at)
        and request.actor.may(RETAIN),
    }
    return render(request, "rights/clock.html", context)


@needs(RETAIN)
@fresh
def destruction_propose(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = clock_for(request.actor, pk, at)
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    if form.is_valid():
        try:
            proposal = propose_destruction(
                actor=request.actor, clock_id=pk, at=at, **form.cleaned_data
            )
            return redirect("proposal", pk=proposal.pk)
        except REFUSED as error:
            form.add_error(None, str(sentence(error)))
    context = {"form": form, "clock": found, "class_name": _class_name(found)}
    return render(request, "rights/destruction_propose.html", context)


def _class_name(found: RetentionClock) -> str:
    kind = jurisdiction().rights.retention.get(found.retention)
    return in_language(kind.names) if kind else found.retention


def _make(actor: Actor, pk: UUID, version: int, move: str, reason: str, at: datetime) -> None:
    move_clock(actor=actor, clock_id=pk, version=version, move=move, reason=reason, at=at)


BUTTONS = buttons(CLOCK, "retentionclock", _make)
