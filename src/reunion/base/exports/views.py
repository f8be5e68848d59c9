"""The pages of large exports: asked for from the list, taken from the page of the export."""

from __future__ import annotations

from urllib.parse import unquote_plus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reunion.base.accounts.freshness import fresh
from reunion.base.actor import Purpose
from reunion.base.approvals.rules import ProposalState
from reunion.base.documents.sheets import Form
from reunion.base.errors import REFUSED, NotFound, NotPermitted
from reunion.base.exports.access import SEE, export_for, proposal_of, query_for
from reunion.base.exports.actions import Wanted, ask_for_export, require_end, take_export
from reunion.base.exports.forms import AskForm, TakeForm
from reunion.base.exports.rules import PROPOSE
from reunion.base.exports.words import sentence
from reunion.base.pages.tables import Listing
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.permissions.exports import as_file, columns_of, listing_at, values_of
from reunion.base.rights.words import PURPOSES
from reunion.base.searches.rules import parts


@needs(PROPOSE)
@fresh
def largeexport_new(request: ActorRequest) -> HttpResponseBase:
    """`?list=` the address of the list, with all that was searched and chosen on it."""
    try:
        table = listing_at(request, request.GET.get("list", ""))
    except (NotFound, NotPermitted, Http404):
        messages.error(request, _("Open the list that you need, and ask for it there."))
        return redirect("home")
    form = AskForm(request.POST or None)
    if form.is_valid():
        try:
            made = ask_for_export(
                actor=request.actor, wanted=_wanted(table), at=timezone.now(), **form.cleaned_data
            )
            return redirect("largeexport", pk=made.pk)
        except REFUSED as error:
            form.add_error(None, str(sentence(error)))
    context = {"form": form, "wanted": _wanted(table), "query": _read(parts(table.address)[1])}
    return render(request, "exports/largeexport_new.html", context)


@needs(SEE)
@require_safe
def largeexport(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    export = export_for(request.actor, pk, at)
    proposal, query = proposal_of(export), query_for(request.actor, export)
    is_open = proposal.state == ProposalState.APPROVED and at < proposal.lapses_at
    context = {
        "export": export,
        "proposal": proposal,
        "purpose": PURPOSES[Purpose(export.purpose)],
        "query": None if query is None else _read(query),
        "can_take": is_open and export.staff == request.actor.staff and request.actor.may(PROPOSE),
        "forms": list(Form),
    }
    return render(request, "exports/largeexport.html", context)


@needs(PROPOSE)
@require_POST
def largeexport_take(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The file, of what the asker may see now."""
    at = timezone.now()
    export = export_for(request.actor, pk, at)
    if export.staff != request.actor.staff:
        raise NotFound(kind="largeexport")
    form, query = TakeForm(request.POST), query_for(request.actor, export)
    if not form.is_valid() or query is None or proposal_of(export).state != ProposalState.APPROVED:
        messages.error(request, _("This file cannot be taken now. Its page says where it stands."))
        return redirect("largeexport", pk=pk)
    table = listing_at(request, f"{export.page}?{query}")
    try:
        require_end(table.paginator.count)  # before all of them are read
        head, rows = values_of(table)
        take_export(
            actor=request.actor,
            export_id=pk,
            columns=[code for code, _ in columns_of(table)],
            rows=len(rows),
            at=at,
        )
    except REFUSED as error:
        messages.error(request, str(sentence(error)))
        return redirect("largeexport", pk=pk)
    return as_file(table, form.cleaned_data["form"], head, rows)


def _wanted(table: Listing) -> Wanted:
    rows = table.paginator.count
    return Wanted(table.file, str(table.caption), table.address, columns_of(table), rows)


def _read(query: str) -> str:
    """A query as people read it in the address."""
    return unquote_plus(query).replace("&", " & ")
