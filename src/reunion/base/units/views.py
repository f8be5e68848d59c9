"""The pages about units, staff and posts."""

from __future__ import annotations

from datetime import UTC, datetime, time
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reunion.base.errors import ReunionError
from reunion.base.lists import ROWS, matching, page_of
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.permissions.exports import file_of
from reunion.base.units.access import (
    NAMES,
    others_for,
    post_for,
    posts_of,
    roster,
    staff_for,
    staff_member_for,
    unit_for,
    units_for,
)
from reunion.base.units.actions import (
    appoint,
    close_unit,
    end_post,
    enter_staff,
    name_witness,
    open_unit,
    rename_unit,
)
from reunion.base.units.forms import (
    CloseForm,
    EndForm,
    NamesForm,
    PostForm,
    StaffForm,
    UnitForm,
    WitnessForm,
)
from reunion.base.units.models import Unit
from reunion.base.units.tables import StaffTable, UnitTable
from reunion.base.units.words import sentence

SEE, ADMINISTER = "units.see", "units.administer"


@needs(SEE)
@require_safe
def unit_list(request: ActorRequest) -> HttpResponseBase:
    at = timezone.now()
    units = matching(request, units_for(request.actor, at), *NAMES).order_by("region", "code")
    empty = _("No units in your region yet. An administrator enters them.")
    table = UnitTable(units, request, at, empty_text=empty)
    return file_of(request, table) or render(request, "units/unit_list.html", {"table": table})


@needs(SEE)
@require_safe
def unit(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """One unit, with who held its posts on a day: today, or `?day=2026-03-02`."""
    now = timezone.now()
    found = unit_for(request.actor, pk, now)
    at = _moment(request.GET.get("day", "")) or now
    page = page_of(request, roster(found, at))
    return render(request, "units/unit.html", {"unit": found, "page": page, "at": at})


@needs(ADMINISTER)
def unit_new(request: ActorRequest) -> HttpResponseBase:
    at = timezone.now()
    units = units_for(request.actor, at)
    form = UnitForm(request.POST or None, units=units)
    if form.is_valid():
        values = dict(form.cleaned_data)
        above = values.pop("parent")
        try:
            opened = open_unit(
                actor=request.actor, parent=above.pk if above else None, at=at, **values
            )
            return redirect("unit", pk=opened.pk)
        except ReunionError as error:
            form.add_error(None, sentence(error))
    context = {"form": form, "suggested": _suggested(request, units)}
    return render(request, "units/unit_new.html", context)


@needs(ADMINISTER)
def unit_rename(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = unit_for(request.actor, pk, at)
    shown = {"name": found.name, "name_en": found.name_en, "version": found.version}
    form = NamesForm(request.POST or None, initial=shown)
    if form.is_valid():
        try:
            rename_unit(actor=request.actor, unit_id=pk, at=at, **form.cleaned_data)
            return redirect("unit", pk=pk)
        except ReunionError as error:
            form.refused(error, sentence)
    return render(request, "units/unit_rename.html", {"form": form, "unit": found})


@needs(ADMINISTER)
def unit_witness(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = unit_for(request.actor, pk, at)
    key = bytes(found.witness_key).hex() if found.witness_key else ""
    form = WitnessForm(request.POST or None, initial={"key": key, "version": found.version})
    if form.is_valid():
        try:
            name_witness(actor=request.actor, unit_id=pk, at=at, **form.cleaned_data)
            return redirect("unit", pk=pk)
        except ReunionError as error:
            form.refused(error, sentence)
    return render(request, "units/unit_witness.html", {"form": form, "unit": found})


@needs(ADMINISTER)
def unit_close(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = unit_for(request.actor, pk, at)
    others = units_for(request.actor, at).exclude(pk=pk)
    form = CloseForm(request.POST or None, units=others, initial={"version": found.version})
    if form.is_valid():
        values = dict(form.cleaned_data)
        after = values.pop("successor")
        try:
            close_unit(
                actor=request.actor,
                unit_id=pk,
                successor=after.pk if after else None,
                at=at,
                **values,
            )
            return redirect("unit", pk=pk)
        except ReunionError as error:
            form.refused(error, sentence)
    context = {
        "form": form,
        "unit": found,
        "ending": roster(found, at).count(),
        "suggested": _suggested(request, others),
    }
    return render(request, "units/unit_close.html", context)


@needs(ADMINISTER)
def post_new(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = unit_for(request.actor, pk, at)
    staff = matching(request, others_for(request.actor, at), "name")
    form = PostForm(request.POST or None, staff=staff, kind=found.kind)
    if form.is_valid():
        values = dict(form.cleaned_data)
        member, where = values.pop("staff"), values.pop("region") or None
        try:
            appoint(
                actor=request.actor,
                unit_id=pk,
                staff_id=member.pk,
                region=where,
                at=at,
                **values,
            )
            return redirect("unit", pk=pk)
        except ReunionError as error:
            form.add_error(None, sentence(error))
    return render(request, "units/post_new.html", {"form": form, "unit": found})


@needs(ADMINISTER)
def post_end(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = post_for(request.actor, pk, at)
    form = EndForm(request.POST or None, initial={"version": found.version})
    if form.is_valid():
        try:
            end_post(actor=request.actor, post_id=pk, at=at, **form.cleaned_data)
            return redirect("unit", pk=found.unit_id)
        except ReunionError as error:
            form.refused(error, sentence)
    return render(request, "units/post_end.html", {"form": form, "post": found})


@needs(ADMINISTER)
@require_safe
def staff_list(request: ActorRequest) -> HttpResponseBase:
    at = timezone.now()
    staff = matching(request, staff_for(request.actor, at), "name")
    table = StaffTable(staff, request, at, empty_text=_("Nobody in your region yet."))
    return file_of(request, table) or render(request, "units/staff_list.html", {"table": table})


@needs(ADMINISTER)
@require_safe
def staff_member(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    member = staff_member_for(request.actor, pk, at)
    posts = posts_of(member, request.actor, at)
    return render(request, "units/staff_member.html", {"member": member, "posts": posts})


@needs(ADMINISTER)
def staff_new(request: ActorRequest) -> HttpResponseBase:
    at = timezone.now()
    form = StaffForm(request.POST or None)
    if form.is_valid():
        try:
            member = enter_staff(actor=request.actor, at=at, **form.cleaned_data)
            return redirect("staff_member", pk=member.pk)
        except ReunionError as error:
            form.add_error(None, sentence(error))
    return render(request, "units/staff_new.html", {"form": form})


def _suggested(request: HttpRequest, units: QuerySet[Unit]) -> QuerySet[Unit]:
    """The first units that a form suggests, after a search or without one."""
    return matching(request, units, *NAMES).order_by("code")[:ROWS]


def _moment(text: str) -> datetime | None:
    """The noon of a day, in UTC."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return datetime.combine(day, time(12), UTC) if day else None
