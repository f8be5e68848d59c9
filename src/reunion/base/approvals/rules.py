"""Which acts need two people, who the second one may be, and what an approval is bound to.

No setting, role or grant changes these rules: an approval cannot be delegated or switched off.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from reunion.base.actor import Actor
from reunion.base.audit.rules import Canonical, canonical
from reunion.base.errors import RuleBroken
from reunion.base.transitions import Machine, Move

LAPSES_AFTER = timedelta(days=7)
"""From the proposal on, whether it was approved meanwhile or not."""

TOP = 1
"""The depth of a whole country: nobody is above it."""


@dataclass(eq=False)
class NotApproved(RuleBroken):
    """No approval of the act, for the record as it is now, is left to be used."""

    rule: str = "approved_by_another"


class ProposalState(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    USED = "used"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    VOID = "void"


_OPEN = frozenset({ProposalState.PROPOSED, ProposalState.APPROVED})

PROPOSAL = Machine(
    "proposal",
    ProposalState.PROPOSED,
    (
        Move(
            "approve",
            frozenset({ProposalState.PROPOSED}),
            ProposalState.APPROVED,
            needs="approvals.decide",
            reasoned=True,
            page=True,
        ),
        Move(
            "refuse",
            frozenset({ProposalState.PROPOSED}),
            ProposalState.REFUSED,
            needs="approvals.decide",
            reasoned=True,
            page=True,
        ),
        Move("withdraw", _OPEN, ProposalState.WITHDRAWN, needs="approvals.propose", reasoned=True),
        Move("use", frozenset({ProposalState.APPROVED}), ProposalState.USED),
        Move("lapse", _OPEN, ProposalState.LAPSED),
        Move("void", _OPEN, ProposalState.VOID),
    ),
)


@dataclass(frozen=True, slots=True)
class Act:
    """One act that needs two people.

    Args:
        code: its name, the same in every room.
        propose: the permission of whoever proposes it, beside `approvals.propose`.
        approve: the permission of whoever approves it, beside `approvals.decide`.
        higher: the approver's region must be above the proposer's; else it may be as high.
    """

    code: str
    propose: str
    approve: str
    higher: bool = False


ACTS = {
    act.code: act
    for act in (
        Act("confirm_match", "approvals.propose_match", "approvals.approve_match"),
        Act("disclose_identity", "approvals.propose_disclosure", "approvals.approve_disclosure"),
        # A local leader must not close or downgrade what the level above should look at.
        Act("close_key_case", "approvals.propose_closure", "approvals.approve_closure", True),
        Act("approve_reward", "approvals.propose_reward", "approvals.approve_reward"),
        Act("export_bulk", "approvals.propose_export", "approvals.approve_export"),
        Act("destroy", "approvals.propose_destruction", "approvals.approve_destruction"),
    )
}
"""The six, by code. Source: reference on trust, 2.13; `higher`: threat T11."""


@dataclass(frozen=True, slots=True)
class Proposer:
    """Whoever proposed: the human being, the unit, and the region of the post."""

    staff: UUID
    unit: UUID
    region: str


def depth(region: str) -> int:
    """How many levels a path of regions has.

    >>> depth("cn/"), depth("cn/15/1506/")
    (1, 3)
    """
    return region.count("/")


def barred(act: Act, actor: Actor, proposer: Proposer, region: str) -> str:
    """The first rule that keeps somebody from deciding about a proposal; empty: none does.

    Args:
        region: that of the record which the act is about. It must lie in the actor's own region;
            a grant opens a record, but gives nobody the right to approve.
    """
    if not (actor.may("approvals.decide") and actor.may(act.approve)):
        return "permission"
    if not region.startswith(actor.region) or actor.staff is None or actor.unit is None:
        return "region"
    if actor.staff == proposer.staff:
        return "another_person"
    if actor.unit == proposer.unit:
        return "another_unit"
    return "" if _high_enough(act, actor.region, proposer.region) else "level"


def _high_enough(act: Act, approver: str, proposer: str) -> bool:
    level, other = depth(approver), depth(proposer)
    return level < other or (level == other and (not act.higher or level == TOP))


def hash_of(act: str, kind: str, subject: UUID, version: int, shown: Canonical) -> str:
    """What an approval is bound to: the act, the record, its version, and all that was shown.

    The version is part of it: a record that was changed and changed back is another one.

    Returns:
        SHA-256 of the canonical JSON, as 64 hexadecimal digits.
    """
    bound: Canonical = {
        "act": act,
        "kind": kind,
        "subject": str(subject),
        "version": version,
        "shown": canonical(shown).decode(),
    }
    return hashlib.sha256(canonical(bound)).hexdigest()
