"""The pages about acts that need two people."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from reunion.base.accounts.freshness import fresh
from reunion.base.actor import Actor
from reunion.base.approvals.access import proposal_for, proposals_for
from reunion.base.approvals.actions import approve, refuse, withdraw
from reunion.base.approvals.forms import DecisionForm
from reunion.base.approvals.models import Proposal
from reunion.base.approvals.rules import PROPOSAL
from reunion.base.approvals.tables import ProposalTable
from reunion.base.approvals.words import ACTS, sentence
from reunion.base.errors import REFUSED, NotFound
from reunion.base.permissions.buttons import buttons
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.permissions.exports import file_of
from reunion.base.records import address_of
from reunion.base.transitions import in_words
from reunion.base.units.models import Unit

SEE, DECIDE = "approvals.see", "approvals.decide"


@needs(SEE)
@require_GET
def proposal_list(request: ActorRequest) -> HttpResponseBase:
    """What waits for the actor's decision; with `?own=1`, what they proposed themselves."""
    actor, at = request.actor, timezone.now()
    own = bool(request.GET.get("own")) or not actor.may(DECIDE)
    visible = proposals_for(actor, at).order_by("proposed_at", "pk")
    shown = visible.proposed_by(actor).open_at(at) if own else visible.to_decide(actor, at)
    nothing_own = _("You have proposed nothing that is open.")
    nothing = _("Nothing waits for you. Proposals of other units come here.")
    table = ProposalTable(shown, request, at, empty_text=nothing_own if own else nothing)
    tabs = [(_("Proposed by you"), "?own=1", own)]
    if actor.may(DECIDE):
        tabs.insert(0, (_("Waiting for your decision"), "?", not own))
    context = {"table": table, "tabs": tabs}
    return file_of(request, table) or render(request, "approvals/proposal_list.html", context)


@needs(SEE)
@require_GET
def proposal(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    found = proposal_for(request.actor, pk, timezone.now())
    return render(request, "approvals/proposal.html", _shown(found))


@needs(DECIDE)
@fresh
def proposal_approve(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    return _decide(request, pk, "approve")


@needs(DECIDE)
@fresh
def proposal_refuse(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    return _decide(request, pk, "refuse")


def _decide(request: ActorRequest, pk: UUID, move: str) -> HttpResponseBase:
    at = timezone.now()
    found = proposal_for(request.actor, pk, at)
    if not found.may_move(request.actor, move):
        raise NotFound(kind="proposal")
    shown = {"version": found.version, "shown_hash": found.shown_hash}
    form = DecisionForm(request.POST or None, initial=shown)
    if form.is_valid():
        values = form.cleaned_data
        try:
            if move == "approve":
                approve(actor=request.actor, proposal_id=pk, at=at, **values)
            else:
                values.pop("shown_hash")
                refuse(actor=request.actor, proposal_id=pk, at=at, **values)
            return redirect("proposal", pk=pk)
        except REFUSED as error:
            form.refused(error, sentence)
    page = {**_shown(found), "form": form, "move": move}
    return render(request, "approvals/proposal_decide.html", page)


def _shown(found: Proposal) -> dict[str, object]:
    """All that the proposer saw, and nothing else."""
    shown = found.what_was_shown()
    facts = [(pgettext("fact", in_words(name)), value) for name, value in shown.items()]
    address = address_of(found.kind, found.subject)
    unit = Unit.objects.unscoped().filter(pk=found.proposer_unit).first()
    act = ACTS[found.act]
    return {"proposal": found, "act": act, "facts": facts, "unit": unit, "address": address}


def _make(actor: Actor, pk: UUID, version: int, move: str, reason: str, at: datetime) -> None:
    """Of the moves that have a button there is one: to withdraw."""
    withdraw(actor=actor, proposal_id=pk, version=version, reason=reason, at=at)


BUTTONS = buttons(PROPOSAL, "proposal", _make, sentence)
