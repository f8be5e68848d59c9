"""Acts that need two people: propose, decide, and use the approval once.

The room that owns the act calls `propose` from its page, and `approved` inside the transaction of
the act itself, after it has locked the record and before it changes it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db import transaction

from reunion.base.actor import Actor
from reunion.base.approvals.models import OPEN, Proposal
from reunion.base.approvals.rules import (
    ACTS,
    LAPSES_AFTER,
    PROPOSAL,
    NotApproved,
    ProposalState,
    barred,
    hash_of,
)
from reunion.base.audit.actions import record, record_move
from reunion.base.audit.rules import Canonical, canonical
from reunion.base.errors import ChangedMeanwhile, NotFound, NotPermitted, RuleBroken
from reunion.base.permissions.decide import require, require_over
from reunion.base.records import Placed, Record, locked, unless_taken


@transaction.atomic
def propose(
    *, actor: Actor, act: str, subject: Placed, shown: Canonical, reason: str, at: datetime
) -> Proposal:
    """Propose an act about a record, as it is now and with what was shown of it.

    Args:
        act: one of the six of `ACTS`.
        shown: what the proposer saw and the approver will see: ids, numbers and words, no names.

    Raises:
        NotPermitted: the role may not propose this act, or not for the region of the record.
        RuleBroken: the sign-in is not fresh, no reason is given, or the act is proposed already.
        ChangedMeanwhile: the record is no longer the one that was shown.
    """
    rule = ACTS[act]
    require(actor, "approvals.propose")
    require_over(actor, rule.propose, subject.region)
    if actor.staff is None or actor.unit is None:
        raise NotPermitted(needs=rule.propose)
    _require_fresh(actor, at)
    _require_reason(reason)
    kind = subject._meta.label_lower
    _require_unchanged(kind, subject)
    _settle_open_one(actor, act, kind, subject.pk, at)
    with unless_taken(RuleBroken(rule="proposed_already")):
        proposal = Proposal.objects.unscoped().create(
            region=subject.region,
            act=act,
            kind=kind,
            subject=subject.pk,
            subject_version=subject.version,
            shown=canonical(shown).decode(),
            shown_hash=hash_of(act, kind, subject.pk, subject.version, shown),
            reason=reason,
            proposer_staff=actor.staff,
            proposer_unit=actor.unit,
            proposer_post=actor.post,
            proposer_region=actor.region,
            proposed_at=at,
            lapses_at=at + LAPSES_AFTER,
        )
    record(
        actor=actor,
        act="propose",
        subject=proposal,
        at=at,
        after={"act": act, "shown": proposal.shown_hash},
    )
    return proposal


@transaction.atomic
def approve(
    *, actor: Actor, proposal_id: UUID, version: int, shown_hash: str, reason: str, at: datetime
) -> Proposal:
    """Approve a proposal, as the second person.

    Args:
        version: of the proposal, as it was shown.
        shown_hash: of what the approver saw.

    Raises:
        NotFound: there is none that this actor could decide about.
        RuleBroken: names the rule: another_person, another_unit, level, fresh_sign_in,
            reason_given, lapsed, changed.
        MoveRefused: it was decided already.
        ChangedMeanwhile: the proposal changed after it was shown.
    """
    proposal = _to_decide(actor, proposal_id, version, at)
    if shown_hash != proposal.shown_hash or not proposal.is_as_shown():
        raise RuleBroken(rule="changed")
    return _decided(actor, proposal, "approve", reason, at)


@transaction.atomic
def refuse(*, actor: Actor, proposal_id: UUID, version: int, reason: str, at: datetime) -> Proposal:
    """Refuse a proposal, as the second person; raises what `approve` does."""
    proposal = _to_decide(actor, proposal_id, version, at)
    return _decided(actor, proposal, "refuse", reason, at)


@transaction.atomic
def withdraw(
    *, actor: Actor, proposal_id: UUID, version: int, reason: str, at: datetime
) -> Proposal:
    """Take one's own proposal back, approved or not, as long as it is not used.

    Raises:
        NotFound: there is none of this actor.
        MoveRefused: it is used, refused, withdrawn, lapsed or void.
    """
    proposal = locked(Proposal.objects.visible_to(actor, at), proposal_id, version=version)
    require(actor, "approvals.propose")
    if actor.staff != proposal.proposer_staff:
        raise NotFound(kind="proposal")
    _require_reason(reason)
    _move(actor, proposal, "withdraw", at, reason)
    return proposal


@transaction.atomic
def approved(
    *, actor: Actor, act: str, subject: Placed, shown: Canonical, at: datetime
) -> Proposal:
    """Use the approval of an act, for the record as it is now: once, and never again.

    The act's own action calls this with the record locked. If that action fails afterwards, its
    transaction takes the use back too.

    Args:
        actor: whoever does the act: the proposer or the approver, nobody else.
        shown: the same facts as in `propose`, taken anew from the record.

    Raises:
        NotApproved: none was approved, or it is used, lapsed, or of other facts.
        ChangedMeanwhile: the record in hand is not the one in the database.
    """
    kind = subject._meta.label_lower
    _require_unchanged(kind, subject)
    wanted = hash_of(act, kind, subject.pk, subject.version, shown)
    proposal = (
        Proposal.objects.unscoped()
        .open_at(at)
        .filter(act=act, kind=kind, subject=subject.pk, shown_hash=wanted)
        .filter(state=ProposalState.APPROVED)
        .select_for_update()
        .first()
    )
    if proposal is None or actor.staff not in {proposal.proposer_staff, proposal.decided_staff}:
        raise NotApproved()
    proposal.used_at = at
    _move(actor, proposal, "use", at, "", "used_at")
    return proposal


def settle(*, actor: Actor, at: datetime) -> int:
    """Mark what lapsed, and what is void since its record changed; gives how many.

    A duty of the clock. It only writes down what `approve` and `approved` find out by themselves.
    """
    waiting = Proposal.objects.unscoped().filter(state__in=OPEN).order_by("proposed_at")
    return sum(_settle(actor, pk, at) for pk in list(waiting.values_list("pk", flat=True)))


@transaction.atomic
def _settle(actor: Actor, pk: UUID, at: datetime) -> bool:
    proposal = locked(Proposal.objects.unscoped(), pk)
    if proposal.state not in OPEN:  # somebody was quicker
        return False
    if at >= proposal.lapses_at:
        _move(actor, proposal, "lapse", at)
    elif _version_now(proposal.kind, proposal.subject) != proposal.subject_version:
        _move(actor, proposal, "void", at)
    else:
        return False
    return True


def _settle_open_one(actor: Actor, act: str, kind: str, subject: UUID, at: datetime) -> None:
    """Make room for a new proposal where the open one is lapsed or void; else it is refused."""
    same = Proposal.objects.unscoped().filter(act=act, kind=kind, subject=subject, state__in=OPEN)
    for pk in same.values_list("pk", flat=True):
        _settle(actor, pk, at)


def _to_decide(actor: Actor, proposal_id: UUID, version: int, at: datetime) -> Proposal:
    """The proposal, locked, where this actor may decide about it now."""
    proposal = locked(Proposal.objects.visible_to(actor, at), proposal_id, version=version)
    rule = barred(proposal.rule, actor, proposal.proposer, proposal.region)
    if rule in {"permission", "region"}:
        raise NotFound(kind="proposal")
    if rule:
        raise RuleBroken(rule=rule)
    _require_fresh(actor, at)
    if at >= proposal.lapses_at:
        raise RuleBroken(rule="lapsed")
    if _version_now(proposal.kind, proposal.subject) != proposal.subject_version:
        raise RuleBroken(rule="changed")
    return proposal


def _decided(actor: Actor, proposal: Proposal, name: str, reason: str, at: datetime) -> Proposal:
    _require_reason(reason)
    proposal.decided_staff, proposal.decided_unit = actor.staff, actor.unit
    proposal.decided_region, proposal.decided_at = actor.region, at
    decided = ("decided_staff", "decided_unit", "decided_region", "decided_at")
    _move(actor, proposal, name, at, reason, *decided)
    return proposal


def _move(
    actor: Actor, proposal: Proposal, name: str, at: datetime, reason: str = "", *changed: str
) -> None:
    source = ProposalState(proposal.state)
    move = PROPOSAL.move(source, name)
    proposal.state = move.target
    proposal.save_changes("state", *changed)
    record_move(
        actor=actor,
        subject=proposal,
        machine=PROPOSAL.name,
        move=move,
        source=source,
        at=at,
        reason=reason,
    )


def _require_fresh(actor: Actor, at: datetime) -> None:
    if not actor.is_fresh(at):
        raise RuleBroken(rule="fresh_sign_in")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken(rule="reason_given")


def _require_unchanged(kind: str, subject: Placed) -> None:
    now = _version_now(kind, subject.pk)
    if now != subject.version:
        raise ChangedMeanwhile(kind=subject._meta.model_name or "", shown=subject.version, now=now)


def _version_now(kind: str, subject: UUID) -> int:
    """The version of a record of whatever kind; 0 where it is gone."""
    model = apps.get_model(kind)
    if not issubclass(model, Record):
        raise TypeError(f"{kind} is no record")
    return model._base_manager.filter(pk=subject).values_list("version", flat=True).first() or 0
