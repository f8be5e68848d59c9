"""Builders for tests of acts that need two people. All persons and agencies are synthetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from reunion.base.actor import Actor
from reunion.base.approvals.actions import approve, propose
from reunion.base.approvals.models import Proposal
from reunion.base.approvals.rules import ACTS
from reunion.base.audit.rules import Canonical
from reunion.base.records import Placed
from reunion.base.units.models import Unit
from tests.cast import NOW, TODAY, acting

COUNTY, OTHER_COUNTY = "cn/15/1506/150602/", "cn/15/1506/150621/"
PREFECTURE, PROVINCE, OTHER_PROVINCE = "cn/15/1506/", "cn/15/", "cn/65/"
SHOWN: Canonical = {"report": "R-1", "score": 12}

EVERYTHING = (
    "approvals.see",
    "approvals.propose",
    "approvals.decide",
    *(name for act in ACTS.values() for name in (act.propose, act.approve)),
)


def fresh(actor: Actor, at: datetime = NOW) -> Actor:
    """The same person, who has just shown both factors."""
    return replace(actor, authenticated_at=at)


def holding_everything(region: str) -> Actor:
    """Somebody whose role holds every permission of this room; a real one never does."""
    return fresh(acting("everything", region, *EVERYTHING))


def record_at(region: str = COUNTY) -> Unit:
    """Any placed record, to be the subject of an act."""
    return Unit.objects.unscoped().create(
        code=f"u-{uuid4().hex[:12]}",
        kind="police",
        level="county",
        region=region,
        name_en="Synthetic agency",
        name="虚构单位",
        valid_from=TODAY,
    )


def changed(subject: Unit) -> None:
    """Somebody changes the record; what is written does not matter."""
    subject.save_changes("name_en")


def proposed(
    actor: Actor, subject: Placed, act: str = "confirm_match", at: datetime = NOW
) -> Proposal:
    """A proposal of the usual facts."""
    return propose(actor=actor, act=act, subject=subject, shown=SHOWN, reason="because", at=at)


def approved_by(actor: Actor, proposal: Proposal) -> Proposal:
    """The proposal, approved as it is."""
    return approve(
        actor=actor,
        proposal_id=proposal.pk,
        version=proposal.version,
        shown_hash=proposal.shown_hash,
        reason="seen",
        at=NOW,
    )
