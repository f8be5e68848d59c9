"""Retention: what has run out, what is held, and proposing that it be destroyed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from reunion.base.accounts.freshness import fresh
from reunion.base.actor import Actor
from reunion.base.errors import REFUSED
from reunion.base.permissions.buttons import buttons
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.permissions.exports import file_of
from reunion.base.rights.access import SEE, clock_for, clocks_due_for
from reunion.base.rights.actions import move_clock, propose_destruction
from reunion.base.rights.forms import ReasonForm
from reunion.base.rights.rules import CLOCK, ClockState
from reunion.base.rights.tables import ClockTable, class_name
from reunion.base.rights.words import sentence
from reunion.base.units.pack import day_of, in_language, jurisdiction

RETAIN = "rights.retain"


@needs(SEE)
@require_GET
def clock_list(request: ActorRequest) -> HttpResponseBase:
    at = timezone.now()
    empty = _("Nothing. A record comes here when the time for which it is kept is over.")
    table = ClockTable(clocks_due_for(request.actor, at), request, at, empty_text=empty)
    return file_of(request, table) or render(request, "rights/clock_list.html", {"table": table})


@needs(SEE)
@require_GET
def clock(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = clock_for(request.actor, pk, at)
    kind = jurisdiction().rights.retention.get(found.retention)
    context = {
        "clock": found,
        "class_name": class_name(found.retention),
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
            form.refused(error, sentence)
    context = {"form": form, "clock": found, "class_name": class_name(found.retention)}
    return render(request, "rights/destruction_propose.html", context)


def _make(actor: Actor, pk: UUID, version: int, move: str, reason: str, at: datetime) -> None:
    move_clock(actor=actor, clock_id=pk, version=version, move=move, reason=reason, at=at)


BUTTONS = buttons(CLOCK, "retentionclock", _make, sentence)
