"""The pages about emergency openings: open one record, see one's own, review those of others."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from reunion.base.emergency.access import (
    OPEN,
    REVIEW,
    SEE,
    opening_for,
    openings_for,
    own_openings,
    unreviewed_for,
)
from reunion.base.emergency.actions import break_glass, review
from reunion.base.emergency.forms import OpenForm, ReviewForm
from reunion.base.emergency.models import BreakGlass
from reunion.base.emergency.rules import Finding
from reunion.base.emergency.tables import OpeningTable
from reunion.base.emergency.words import FINDINGS, sentence
from reunion.base.errors import REFUSED, NotFound
from reunion.base.lists import page_of
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.permissions.exports import file_of
from reunion.base.records import address_of
from reunion.base.units.models import Staff, Unit


@needs(SEE)
@require_GET
def opening_list(request: ActorRequest) -> HttpResponseBase:
    """Those without a review; with `?all=1`, the reviewed ones too."""
    at = timezone.now()
    show_all = bool(request.GET.get("all"))
    found = openings_for(request.actor, at) if show_all else unreviewed_for(request.actor, at)
    empty = _(
        "Nothing to review. When somebody of your region opens a record in an emergency, "
        "it comes here."
    )
    table = OpeningTable(found, request, at, empty_text=empty)
    tabs = [(_("Not reviewed yet"), "?", not show_all), (_("All"), "?all=1", show_all)]
    context = {"table": table, "tabs": tabs}
    return file_of(request, table) or render(request, "emergency/opening_list.html", context)


@needs(OPEN)
@require_GET
def own(request: ActorRequest) -> HttpResponseBase:
    """What one opened oneself; those still open lead to the page of the record."""
    at = timezone.now()
    page = page_of(request, own_openings(request.actor))
    rows = [(one, address_of(one.kind, one.subject), at < one.ends_at) for one in page]
    return render(request, "emergency/own.html", {"rows": rows, "page": page})


@needs(OPEN)
def opening_new(request: ActorRequest) -> HttpResponseBase:
    form = OpenForm(request.POST or None)
    if form.is_valid():
        try:
            break_glass(actor=request.actor, at=timezone.now(), **form.cleaned_data)
        except (*REFUSED, NotFound) as error:
            form.add_error(None, str(sentence(error)))
        else:
            messages.success(request, _("The record is open to you for 60 minutes."))
            return redirect("breakglass_own")
    return render(request, "emergency/opening_new.html", {"form": form})


@needs(SEE)
@require_GET
def opening(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = opening_for(request.actor, pk, at)
    can_review = found.reviewed_at is None and found.may_review(request.actor)
    context = {
        **_shown(found),
        "late": found.reviewed_at is None and found.review_due <= at,
        "finding": FINDINGS[Finding(found.finding)] if found.finding else "",
        "can_review": can_review and request.actor.may(REVIEW),
    }
    return render(request, "emergency/opening.html", context)


@needs(REVIEW)
def opening_review(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = opening_for(request.actor, pk, at)
    form = ReviewForm(request.POST or None, initial={"version": found.version})
    if form.is_valid():
        try:
            review(actor=request.actor, opening_id=pk, at=at, **form.cleaned_data)
            return redirect("breakglass", pk=pk)
        except REFUSED as error:
            form.refused(error, sentence)
    return render(request, "emergency/opening_review.html", {**_shown(found), "form": form})


def _shown(found: BreakGlass) -> dict[str, object]:
    return {
        "opening": found,
        "staff": Staff.objects.unscoped().filter(pk=found.staff).first(),
        "unit": Unit.objects.unscoped().filter(pk=found.unit).first(),
    }
