"""The way from a request to proposals."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from reunion.base.actor import Actor
from reunion.base.approvals.models import Proposal, ProposalQuerySet
from reunion.base.permissions.decide import fetch, require


def proposals_for(actor: Actor, at: datetime) -> ProposalQuerySet:
    """All proposals about records in the actor's region."""
    require(actor, "approvals.see")
    return Proposal.objects.visible_to(actor, at)


def proposal_for(actor: Actor, pk: UUID, at: datetime) -> Proposal:
    """One proposal, or NotFound."""
    return fetch(Proposal.objects, actor, pk, needs="approvals.see", at=at)
