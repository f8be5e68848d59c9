"""The pages of the audit trail: its signed heads, and its entries."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reunion.base.audit.access import SEE, heads_for
from reunion.base.audit.actions import request_head
from reunion.base.audit.rules import moment_at
from reunion.base.lists import page_of
from reunion.base.operations.forms import EntryForm
from reunion.base.operations.tables import EntryTable
from reunion.base.operations.trail import entries_of, entries_with, note_list, note_record
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.permissions.exports import file_of
from reunion.base.units.models import Unit


@needs(SEE)
@require_GET
def treehead_list(request: ActorRequest) -> HttpResponseBase:
    """The signed heads with their lag and their witnesses: nothing of an entry is in them."""
    page = page_of(request, heads_for(request.actor))
    witnesses = {signed.unit for head in page for signed in head.witnesses.all()}
    units = Unit.objects.unscoped().in_bulk(witnesses)
    rows = [
        {
            "head": head,
            "at": moment_at(head.at),
            "root": bytes(head.root).hex(),
            "p50": head.lag_p50 / 1e6,
            "p99": head.lag_p99 / 1e6,
            "witnesses": [units[s.unit] for s in head.witnesses.all() if s.unit in units],
        }
        for head in page
    ]
    return render(request, "operations/treehead_list.html", {"page": page, "rows": rows})


@needs(SEE)
@require_POST
def treehead_request(request: ActorRequest) -> HttpResponseBase:
    request_head(actor=request.actor, at=timezone.now())
    messages.success(request, _("A head was asked for. The signer signs it within seconds."))
    return redirect("treehead_list")


@needs(SEE)
@require_GET
def auditentry_list(request: ActorRequest) -> HttpResponseBase:
    """What was done in the reader's region, by act, role and day."""
    form = EntryForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {"act": "", "role": "", "day": None}
    at = timezone.now()
    empty = _("There is no such entry. Leave a field empty to see more.")
    table = EntryTable(entries_with(request.actor, **wanted), request, at, empty_text=empty)
    looked_for = {name: str(value or "") for name, value in wanted.items()}
    note_list(actor=request.actor, looked_for=looked_for, at=at)
    context = {"table": table, "form": form}
    return file_of(request, table) or render(request, "operations/auditentry_list.html", context)


@needs(SEE)
@require_GET
def audited_record(request: ActorRequest, kind: str, pk: UUID) -> HttpResponseBase:
    """What was done to one record."""
    at = timezone.now()
    subject, entries = entries_of(request.actor, kind, pk, at)
    empty = _("Nothing was done to it yet.")
    table = EntryTable(entries, request, at, empty_text=empty)
    note_record(actor=request.actor, subject=subject, at=at)
    context = {"table": table, "kind": kind, "subject": subject}
    return file_of(request, table) or render(request, "operations/audited_record.html", context)
