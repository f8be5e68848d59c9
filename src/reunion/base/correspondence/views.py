"""The pages of a desk: what came, one item, the answer; and the list of desks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reunion.base.actor import Actor
from reunion.base.correspondence.access import (
    desks_for,
    item_for,
    items_for,
    keys_of_desks,
    limits_at,
    units_without_desk,
)
from reunion.base.correspondence.actions import (
    ADMINISTER,
    answer,
    close,
    close_desk,
    open_desk,
    read_item,
    rotate_desk,
    route_up,
    take_up,
)
from reunion.base.correspondence.forms import AnswerForm, DeskForm, RouteForm
from reunion.base.correspondence.tables import ItemTable, title_of
from reunion.base.correspondence.words import sentence
from reunion.base.errors import REFUSED
from reunion.base.inbox.rules import ITEM, SEE, WORK, ItemState
from reunion.base.lists import ROWS, matching, page_of
from reunion.base.permissions.buttons import buttons
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.permissions.exports import file_of
from reunion.base.units.access import NAMES


@needs(SEE)
@require_GET
def item_list(request: ActorRequest) -> HttpResponseBase:
    """What is open; with `?all=1`, what is closed too; with `?late=1`, what waits too long."""
    at = timezone.now()
    shown = items_for(request.actor).order_by("received_on", "pk")
    show_all, late = bool(request.GET.get("all")), bool(request.GET.get("late"))
    if late:
        shown = shown.late(limits_at(at))
    elif not show_all:
        shown = shown.exclude(state=ItemState.CLOSED)
    is_desk = bool(keys_of_desks(request.actor))
    if not is_desk:
        empty = _("Your unit is not a desk. An administrator makes it one.")
    elif late:
        empty = _("Nothing waits for too long.")
    else:
        empty = _("Nothing waits for your desk.")
    table = ItemTable(shown, request, at, empty_text=empty)
    tabs = [
        (_("Not closed"), "?", not (late or show_all)),
        (_("Overdue"), "?late=1", late),
        (_("All"), "?all=1", show_all and not late),
    ]
    context = {"table": table, "tabs": tabs if is_desk else []}
    return file_of(request, table) or render(request, "correspondence/item_list.html", context)


@needs(SEE)
@require_GET
def item(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """One item, opened. That it was read stands in the audit trail before the page is sent."""
    found, lines = read_item(actor=request.actor, item_id=pk, at=timezone.now())
    context = {
        "item": found,
        "title": title_of(found.kind),
        "lines": lines,
        "excluded": list(found.excluded.values_list("path", flat=True)),
        "may_route": request.actor.may(WORK),
    }
    return render(request, "correspondence/item.html", context)


@needs(WORK)
def item_answer(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = item_for(request.actor, pk, needs=WORK)
    form = AnswerForm(request.POST or None, initial={"version": found.version})
    if form.is_valid():
        try:
            answer(actor=request.actor, item_id=pk, at=at, **form.cleaned_data)
            return redirect("item", pk=pk)
        except REFUSED as error:
            form.refused(error, sentence)
    return render(request, "correspondence/item_answer.html", {"form": form, "item": found})


@needs(WORK)
def item_route(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = item_for(request.actor, pk, needs=WORK)
    initial = {"version": found.version}
    form = RouteForm(request.POST or None, region=found.region, initial=initial)
    if form.is_valid():
        try:
            route_up(actor=request.actor, item_id=pk, at=at, **form.cleaned_data)
            return redirect("item_list")
        except REFUSED as error:
            form.refused(error, sentence)
    return render(request, "correspondence/item_route.html", {"form": form, "item": found})


@needs(ADMINISTER)
def desk_list(request: ActorRequest) -> HttpResponseBase:
    """The desks of the region, and a form for another one."""
    at = timezone.now()
    units = units_without_desk(request.actor, at)
    form = DeskForm(request.POST or None, units=units)
    if form.is_valid():
        try:
            open_desk(actor=request.actor, unit_id=form.cleaned_data["unit"].pk, at=at)
            return redirect("desk_list")
        except REFUSED as error:
            form.add_error(None, str(sentence(error)))
    desks = desks_for(request.actor, ADMINISTER, at)
    context = {
        "page": page_of(request, matching(request, desks, *(f"unit__{name}" for name in NAMES))),
        "form": form,
        "suggested": matching(request, units, *NAMES)[:ROWS],
    }
    return render(request, "correspondence/desk_list.html", context)


@needs(ADMINISTER)
@require_POST
def desk_rotate(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    try:
        rotate_desk(actor=request.actor, desk_id=pk, at=timezone.now())
    except REFUSED as error:
        messages.error(request, str(sentence(error)))
    return redirect("desk_list")


@needs(ADMINISTER)
@require_POST
def desk_close(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    try:
        close_desk(actor=request.actor, desk_id=pk, at=timezone.now())
    except REFUSED as error:
        messages.error(request, str(sentence(error)))
    return redirect("desk_list")


def _make(actor: Actor, pk: UUID, version: int, move: str, reason: str, at: datetime) -> None:
    if move == "close":
        close(actor=actor, item_id=pk, version=version, reason=reason, at=at)
    else:
        take_up(actor=actor, item_id=pk, version=version, at=at)


BUTTONS = buttons(ITEM, "item", _make, sentence)
del BUTTONS["read"]  # an item is read by opening its page
