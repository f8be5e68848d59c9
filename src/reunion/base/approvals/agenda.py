"""What proposals say on the first page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from reunion.base.actor import Actor
from reunion.base.agenda import Line, Part, part_of, says, steps_of
from reunion.base.approvals.access import proposals_for
from reunion.base.approvals.models import Proposal
from reunion.base.approvals.rules import ProposalState
from reunion.base.approvals.words import ACTS
from reunion.base.units.pack import day_of


@says
def proposals(actor: Actor, at: datetime) -> Iterator[Part]:
    """What the actor may decide, and their own proposals that were approved and wait for use."""
    if not actor.may("approvals.see"):
        return
    visible = proposals_for(actor, at)

    def line(one: Proposal) -> Line:
        page = reverse("proposal", kwargs={"pk": one.pk})
        return Line(str(ACTS[one.act]), page, due=day_of(one.lapses_at), steps=steps_of(one, actor))

    yield part_of(
        visible.to_decide(actor, at).order_by("lapses_at", "pk"),
        line,
        title=_("Acts that wait for a second person"),
        url=reverse("proposal_list"),
    )
    yield part_of(
        visible.open_at(at)
        .proposed_by(actor)
        .filter(state=ProposalState.APPROVED)
        .order_by("lapses_at", "pk"),
        line,
        title=_("Your proposals that were approved"),
        url=reverse("proposal_list") + "?own=1",
    )
