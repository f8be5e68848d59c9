"""Proposals of acts that need two people. The database itself refuses one person in both parts."""

from __future__ import annotations

import json
from datetime import datetime
from typing import ClassVar, cast

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Length, Replace

from reunion.base.actor import Actor
from reunion.base.approvals.rules import (
    ACTS,
    PROPOSAL,
    TOP,
    Act,
    ProposalState,
    Proposer,
    barred,
    depth,
    hash_of,
)
from reunion.base.audit.rules import Canonical
from reunion.base.permissions.models import ScopedManager
from reunion.base.records import REGION_LENGTH, Placed, one_of
from reunion.base.transitions import Machine

_DECIDED = ("decided_staff", "decided_unit", "decided_region", "decided_at")
OPEN = (ProposalState.PROPOSED, ProposalState.APPROVED)

# The depth of the proposer's region: how many slashes its path has.
_DEPTH = Length("proposer_region") - Length(Replace("proposer_region", Value("/")))


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Questions about proposals."""

    def open_at(self, at: datetime) -> ProposalQuerySet:
        """Those that may still be decided or used, as far as time goes."""
        return self.filter(state__in=OPEN, lapses_at__gt=at)

    def proposed_by(self, actor: Actor) -> ProposalQuerySet:
        """Those that the actor proposed."""
        return self.filter(proposer_staff=actor.staff) if actor.staff else self.none()

    def to_decide(self, actor: Actor, at: datetime) -> ProposalQuerySet:
        """Those that this actor may decide about, but for a fresh sign-in; as `barred` says it."""
        if actor.staff is None or actor.unit is None or not actor.may("approvals.decide"):
            return self.none()
        acts = [act for act in ACTS.values() if actor.may(act.approve)]
        level = depth(actor.region)
        level_will_do = [act.code for act in acts if not act.higher or level == TOP]
        return (
            self.open_at(at)
            .filter(state=ProposalState.PROPOSED, region__startswith=actor.region)
            .exclude(Q(proposer_staff=actor.staff) | Q(proposer_unit=actor.unit))
            .annotate(proposed_from=_DEPTH)
            .filter(
                Q(proposed_from__gt=level, act__in=[act.code for act in acts])
                | Q(proposed_from=level, act__in=level_will_do)
            )
        )


class ProposalManager(ScopedManager["Proposal"]):
    """Gives the questions above, and nothing without saying for whom."""

    def unscoped(self) -> ProposalQuerySet:
        return ProposalQuerySet(self.model, using=self._db)

    def visible_to(self, actor: Actor, at: datetime) -> ProposalQuerySet:
        return cast(ProposalQuerySet, super().visible_to(actor, at))


def _all_null(names: tuple[str, ...], empty: bool) -> Q:
    return Q(**{f"{name}__isnull": empty for name in names})


class Proposal(Placed):
    """One act about one record, proposed with all that was shown; its region is the record's.

    `shown` holds ids, numbers and words of ours: never a name, an address or another sealed field.
    """

    machine: ClassVar[Machine[ProposalState]] = PROPOSAL

    act = models.CharField(max_length=40)
    kind = models.CharField(max_length=80)
    subject = models.UUIDField(db_index=True)
    subject_version = models.PositiveIntegerField()
    shown = models.TextField()
    shown_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=20, default=PROPOSAL.start.value)
    reason = models.TextField()
    proposer_staff = models.UUIDField()
    proposer_unit = models.UUIDField()
    proposer_post = models.UUIDField(null=True)
    proposer_region = models.CharField(max_length=REGION_LENGTH)
    proposed_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    decided_staff = models.UUIDField(null=True)
    decided_unit = models.UUIDField(null=True)
    decided_region = models.CharField(  # noqa: DJ001  # null: undecided
        max_length=REGION_LENGTH, null=True
    )
    decided_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    objects = ProposalManager()

    class Meta:
        constraints = (
            one_of("state", ProposalState, name="proposal_state_is_known"),
            models.CheckConstraint(condition=Q(act__in=[*ACTS]), name="proposal_act_is_known"),
            # A CHECK passes where a value is NULL; so each part says which columns are not.
            models.CheckConstraint(
                condition=_all_null(_DECIDED, True)
                | (
                    _all_null(_DECIDED, False)
                    & ~Q(decided_staff=F("proposer_staff"))
                    & ~Q(decided_unit=F("proposer_unit"))
                    & Q(decided_at__gte=F("proposed_at"))
                ),
                name="proposal_decided_by_another_person_and_unit",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "used", "refused"])
                | _all_null(_DECIDED, False),
                name="proposal_decision_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed") | _all_null(_DECIDED, True),
                name="proposal_undecided_has_no_decider",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="used") & Q(used_at__isnull=False) & Q(used_at__lt=F("lapses_at"))
                )
                | (~Q(state="used") & Q(used_at__isnull=True)),
                name="proposal_used_has_its_moment",
            ),
            models.UniqueConstraint(
                fields=("act", "kind", "subject"),
                condition=Q(state__in=["proposed", "approved"]),
                name="proposal_one_open_for_each_act",
            ),
        )

    @property
    def proposer(self) -> Proposer:
        """Who proposed it."""
        return Proposer(self.proposer_staff, self.proposer_unit, self.proposer_region)

    @property
    def rule(self) -> Act:
        """The act, with its rule."""
        return ACTS[self.act]

    def what_was_shown(self) -> Canonical:
        """The facts that the proposer saw and the approver sees."""
        shown: Canonical = json.loads(self.shown)
        return shown

    def is_as_shown(self) -> bool:
        """Whether the stored facts are still those that the hash was made of."""
        made = hash_of(
            self.act, self.kind, self.subject, self.subject_version, self.what_was_shown()
        )
        return made == self.shown_hash

    def may_move(self, actor: Actor, move: str) -> bool:
        """Only the proposer withdraws; others of other units, high enough, decide."""
        if move == "withdraw":
            return actor.staff == self.proposer_staff
        return not barred(self.rule, actor, self.proposer, self.region)
