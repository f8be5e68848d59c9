"""The pages of a desk: what came, one item, the answer; and the list of desks."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from reunion.base.audit.forms import MoveForm
from reunion.base.correspondence.access import (
    desk_of,
    desks_for,
    item_for,
    items_for,
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
from reunion.base.correspondence.words import sentence
from reunion.base.errors import ChangedMeanwhile, MoveRefused, RuleBroken
from reunion.base.inbox.kinds import KINDS
from reunion.base.inbox.models import Item
from reunion.base.inbox.rules import SEE, WORK, ItemState, day_of, is_late
from reunion.base.permissions.declare import ActorRequest, needs

REFUSED = (RuleBroken, ChangedMeanwhile, MoveRefused)
"""What a page says in a sentence; all else looks like missing."""


@needs(SEE)
@require_GET
def item_list(request: ActorRequest) -> HttpResponseBase:
    """What is open; with `?all=1`, what is closed too."""
    today = day_of(timezone.now())
    found = items_for(request.actor).order_by("received_on", "pk")
    show_all = bool(request.GET.get("all"))
    shown = found if show_all else found.exclude(state=ItemState.CLOSED)
    page = Paginator(shown, 50).get_page(request.GET.get("page"))
    rows = [(item, _title(item), _is_late(item, today)) for item in page]
    has_desk = desk_of(request.actor) is not None
    context = {"rows": rows, "page": page, "has_desk": has_desk, "all": show_all}
    return render(request, "correspondence/item_list.html", context)


@needs(SEE)
@require_GET
def item(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """One item, opened. That it was read stands in the audit trail before the page is sent."""
    found, lines = read_item(actor=request.actor, item_id=pk, at=timezone.now())
    context = {
        "item": found,
        "title": _title(found),
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
            form.add_error(None, str(sentence(error)))
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
            form.add_error(None, str(sentence(error)))
    return render(request, "correspondence/item_route.html", {"form": form, "item": found})


@needs(WORK)
@require_POST
def item_take_up(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    item_for(request.actor, pk, needs=WORK)  # before the form: refused looks like missing
    form = MoveForm(request.POST)
    if form.is_valid():
        version, at = form.cleaned_data["version"], timezone.now()
        try:
            take_up(actor=request.actor, item_id=pk, version=version, at=at)
        except REFUSED as error:
            messages.error(request, str(sentence(error)))
    return redirect("item", pk=pk)


@needs(WORK)
@require_POST
def item_close(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    item_for(request.actor, pk, needs=WORK)  # before the form: refused looks like missing
    form = MoveForm(request.POST)
    if form.is_valid():
        try:
            close(actor=request.actor, item_id=pk, at=timezone.now(), **form.cleaned_data)
        except REFUSED as error:
            messages.error(request, str(sentence(error)))
    return redirect("item", pk=pk)


@needs(ADMINISTER)
def desk_list(request: ActorRequest) -> HttpResponseBase:
    """The desks of the region, and a form for another one."""
    at = timezone.now()
    form = DeskForm(request.POST or None, units=units_without_desk(request.actor, at))
    if form.is_valid():
        try:
            open_desk(actor=request.actor, unit_id=form.cleaned_data["unit"].pk, at=at)
            return redirect("desk_list")
        except REFUSED as error:
            form.add_error(None, str(sentence(error)))
    context = {"desks": desks_for(request.actor, ADMINISTER, at), "form": form}
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


def _title(found: Item) -> str:
    kind = KINDS.get(found.kind)
    return str(kind.title) if kind else found.kind


def _is_late(found: Item, today: date) -> bool:
    return is_late(ItemState(found.state), found.received_on, today)
