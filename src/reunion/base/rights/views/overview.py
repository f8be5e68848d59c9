"""The data-protection officer's start page, and what data were searched and read for."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from reunion.base.actor import Purpose
from reunion.base.emergency.access import unreviewed_for
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.rights.access import (
    SEE,
    breaches_for,
    clocks_due_for,
    destroyed_for,
    open_requests_for,
    published_searches,
    reads_by_purpose,
    searches_by_purpose,
)
from reunion.base.rights.forms import PeriodForm
from reunion.base.rights.rules import ClockState, RequestKind
from reunion.base.rights.words import KINDS, PURPOSES
from reunion.base.units.pack import day_of

SHOWN = 10
"""Rows of each list on the start page."""


@needs(SEE)
@require_GET
def start(request: ActorRequest) -> HttpResponseBase:
    """Requests with their clocks first, then what nobody has reviewed, then what has run out."""
    actor, at = request.actor, timezone.now()
    today = day_of(at)
    requests = open_requests_for(actor, at)
    clocks = clocks_due_for(actor, at).filter(state=ClockState.TICKING)
    breaches = breaches_for(actor, at).filter(notified_at__isnull=True)
    openings = unreviewed_for(actor, at)
    context = {
        "requests": [
            (one, KINDS[RequestKind(one.kind)], one.is_overdue(today)) for one in requests[:SHOWN]
        ],
        "request_count": requests.count(),
        "breaches": [(one, one.is_late(at)) for one in breaches[:SHOWN]],
        "openings": [(one, one.review_due <= at) for one in openings[:SHOWN]],
        "opening_count": openings.count(),
        "clock_count": clocks.count(),
        "destroyed_count": destroyed_for(actor, at),
    }
    return render(request, "rights/start.html", context)


@needs(SEE)
@require_GET
def uses(request: ActorRequest) -> HttpResponseBase:
    """True counts of a period, and beside them what the public sees of the last whole month."""
    actor, at = request.actor, timezone.now()
    today = day_of(at)
    form = PeriodForm(request.GET or {"first": today.replace(day=1), "last": today})
    first, last = _period(form, today)
    searches = searches_by_purpose(actor, first, last)
    reads = reads_by_purpose(actor, first, last)
    month = today.replace(day=1) - timedelta(1)
    public = published_searches(month, at=at)
    context = {
        "form": form,
        "rows": [
            (PURPOSES[one], searches[one], reads.get(one.value, 0), public.cells[one])
            for one in Purpose
        ],
        "without_purpose": reads.get("", 0),
        "public_total": public.total,
        "month": month,
    }
    return render(request, "rights/uses.html", context)


def _period(form: PeriodForm, today: date) -> tuple[date, date]:
    if form.is_valid():
        return form.cleaned_data["first"], form.cleaned_data["last"]
    return today.replace(day=1), today
