"""The pages about acts that need two people."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from reunion.base.accounts.freshness import fresh
from reunion.base.approvals.access import proposal_for, proposals_for
from reunion.base.approvals.actions import approve, refuse, withdraw
from reunion.base.approvals.forms import DecisionForm
from reunion.base.approvals.models import Proposal
from reunion.base.approvals.words import ACTS, sentence
from reunion.base.audit.forms import MoveForm
from reunion.base.errors import ChangedMeanwhile, MoveRefused, NotFound, RuleBroken
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.transitions import in_words
from reunion.base.units.models import Unit

SEE, PROPOSE, DECIDE = "approvals.see", "approvals.propose", "approvals.decide"


@needs(SEE)
@require_GET
def proposal_list(request: ActorRequest) -> HttpResponseBase:
    """What waits for the actor's decision, and what they proposed themselves."""
    actor, at = request.actor, timezone.now()
    visible = proposals_for(actor, at).order_by("proposed_at")
    waiting = [one for one in visible.to_decide(actor, at) if one.may_move(actor, "approve")]
    own = visible.proposed_by(actor).open_at(at)
    page = {"waiting": [(one, ACTS[one.act]) for one in waiting],
            "own": [(one, ACTS[one.act]) for one in own]}  # fmt: skip
    return render(request, "approvals/proposal_list.html", page)


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


@needs(PROPOSE)
@require_POST
def proposal_withdraw(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    proposal_for(request.actor, pk, at)  # before the form: refused looks like missing
    form = MoveForm(request.POST)
    if form.is_valid():
        try:
            withdraw(actor=request.actor, proposal_id=pk, at=at, **form.cleaned_data)
        except (RuleBroken, ChangedMeanwhile, MoveRefused) as error:
            messages.error(request, str(sentence(error)))
    return redirect("proposal", pk=pk)


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
        except (RuleBroken, ChangedMeanwhile) as error:
            form.add_error(None, str(sentence(error)))
    page = {**_shown(found), "form": form, "move": move}
    return render(request, "approvals/proposal_decide.html", page)


def _shown(found: Proposal) -> dict[str, object]:
    """All that the proposer saw, and nothing else."""
    facts = [(in_words(name), value) for name, value in found.what_was_shown().items()]
    unit = Unit.objects.unscoped().filter(pk=found.proposer_unit).first()
    return {"proposal": found, "act": ACTS[found.act], "facts": facts, "unit": unit}
