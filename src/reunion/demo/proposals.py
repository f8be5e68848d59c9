"""Acts that wait for a second person, some that were decided, and a lost second factor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from reunion.base.accounts.actions import approve_recovery, request_recovery
from reunion.base.approvals.actions import approve, propose, refuse
from reunion.base.approvals.models import Proposal
from reunion.demo.models import PracticeCase
from reunion.demo.world import World

REASON = "合成理由 / Synthetic reason"
WAITING = (
    ("case-officer", "disclose_identity", "street"),
    ("case-leader", "close_key_case", "street"),
    ("tip-officer", "approve_reward", "station"),
    ("laboratory-analyst", "confirm_match", "sample"),
    ("secretariat", "export_bulk", "export"),
)
"""Who proposes which act about which practice case."""


def tell(world: World, cases: Mapping[str, PracticeCase]) -> None:
    """Write them all."""
    for hours, (login, act, key) in enumerate(WAITING, 20):
        _proposed(world, login, act, cases[key], hours)
    decided = _proposed(world, "case-officer", "disclose_identity", cases["closed"], 90)
    _decided(world, decided, is_approved=True)
    refused = _proposed(world, "tip-officer", "approve_reward", cases["closed"], 80)
    _decided(world, refused, is_approved=False)
    _lost_factor(world)


def _proposed(world: World, login: str, act: str, case: PracticeCase, hours: float) -> Proposal:
    at = world.before(hours=hours)
    return propose(
        actor=world.actor(login, at),
        act=act,
        subject=case,
        shown={"practice case": case.number},
        reason=REASON,
        at=at,
    )


def _decided(world: World, proposal: Proposal, *, is_approved: bool) -> None:
    at = proposal.proposed_at + timedelta(hours=5)
    by = world.actor("supervisor", at)
    if is_approved:
        approve(
            actor=by,
            proposal_id=proposal.pk,
            version=proposal.version,
            shown_hash=proposal.shown_hash,
            reason=REASON,
            at=at,
        )
    else:
        refuse(actor=by, proposal_id=proposal.pk, version=proposal.version, reason=REASON, at=at)


def _lost_factor(world: World) -> None:
    """A collector has lost a telephone; one officer has seen them in person, a second one must."""
    at = world.before(hours=6)
    by = world.actor("supervisor", at)
    lost = request_recovery(actor=by, account_id=world.accounts["collector-2"].pk, at=at)
    approve_recovery(actor=by, recovery_id=lost.pk, at=at)
