"""Requests about one's data: their clocks, and how they are answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from reunion.base.actor import Actor
from reunion.base.errors import REFUSED
from reunion.base.permissions.buttons import buttons
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.permissions.exports import file_of
from reunion.base.rights.access import HANDLE, SEE, open_requests_for, request_for, requests_for
from reunion.base.rights.actions import extend_request, move_request, receive_request
from reunion.base.rights.forms import IdentityForm, ReasonForm, RequestForm
from reunion.base.rights.rules import OPEN_REQUESTS, REQUEST, RequestKind
from reunion.base.rights.tables import RequestTable
from reunion.base.rights.words import KINDS, sentence
from reunion.base.units.pack import day_of


@needs(SEE)
@require_GET
def request_list(request: ActorRequest) -> HttpResponseBase:
    """The open ones; with `?all=1`, the answered ones too."""
    at = timezone.now()
    show_all = bool(request.GET.get("all"))
    found = requests_for(request.actor, at) if show_all else open_requests_for(request.actor, at)
    empty = _("No open requests. Requests of people about their own data come here.")
    table = RequestTable(found, request, at, empty_text=empty)
    tabs = [(_("Not answered yet"), "?", not show_all), (_("All"), "?all=1", show_all)]
    context = {"table": table, "tabs": tabs}
    return file_of(request, table) or render(request, "rights/request_list.html", context)


@needs(HANDLE)
def request_new(request: ActorRequest) -> HttpResponseBase:
    at = timezone.now()
    form = RequestForm(request.POST or None, initial={"received": day_of(at)})
    if form.is_valid():
        try:
            made = receive_request(actor=request.actor, at=at, **form.cleaned_data)
            return redirect("rightsrequest", pk=made.pk)
        except REFUSED as error:
            form.add_error(None, str(sentence(error)))
    return render(request, "rights/request_new.html", {"form": form})


@needs(SEE)
@require_GET
def request_page(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = request_for(request.actor, pk, at)
    context = {
        "found": found,
        "kind": KINDS[RequestKind(found.kind)],
        "overdue": found.is_overdue(day_of(at)),
        "can_extend": found.state in OPEN_REQUESTS
        and not found.extended
        and request.actor.may(HANDLE),
    }
    return render(request, "rights/request.html", context)


@needs(HANDLE)
def show_identity(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """Whoever handles it has seen the identity of the person in front of them."""
    at = timezone.now()
    found = request_for(request.actor, pk, at)
    shown = {"version": found.version, "person": found.person}
    form = IdentityForm(request.POST or None, initial=shown)
    if form.is_valid():
        try:
            move_request(
                actor=request.actor, request_id=pk, move="show_identity", at=at, **form.cleaned_data
            )
            return redirect("rightsrequest", pk=pk)
        except REFUSED as error:
            form.refused(error, sentence)
    return render(request, "rights/request_identity.html", {"form": form, "found": found})


@needs(HANDLE)
def extend(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = request_for(request.actor, pk, at)
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    if form.is_valid():
        try:
            extend_request(actor=request.actor, request_id=pk, at=at, **form.cleaned_data)
            return redirect("rightsrequest", pk=pk)
        except REFUSED as error:
            form.refused(error, sentence)
    return render(request, "rights/request_extend.html", {"form": form, "found": found})


def _make(actor: Actor, pk: UUID, version: int, move: str, reason: str, at: datetime) -> None:
    move_request(actor=actor, request_id=pk, version=version, move=move, reason=reason, at=at)


BUTTONS = buttons(REQUEST, "rightsrequest", _make, sentence)
