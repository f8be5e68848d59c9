"""Random walks through both machines: anybody tries anything, and no illegal state is reached.

After each step the rows and the trail are judged by what the rules promise, not by how the actions
keep them. Everybody here is synthetic.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from reunion.base.actor import Actor, system
from reunion.base.approvals.actions import approve, approved, refuse, settle, withdraw
from reunion.base.approvals.models import Proposal
from reunion.base.approvals.rules import ACTS, PROPOSAL, ProposalState
from reunion.base.assignments.actions import (
    PLAIN_MOVES,
    advance,
    confirm,
    edit_assignment,
    issue,
    report_result,
)
from reunion.base.assignments.escalation import escalate_overdue
from reunion.base.assignments.models import Assignment, Escalation
from reunion.base.assignments.rules import ASSIGNMENT, LEADS, Kind, Outcome, State
from reunion.base.audit.models import Step
from reunion.base.errors import ReunionError
from reunion.base.records import Record
from reunion.base.transitions import Machine
from tests.base.assigned import calendar, drafted, ground, of, terms_for
from tests.base.two_people import (
    COUNTY,
    OTHER_PROVINCE,
    PREFECTURE,
    SHOWN,
    changed,
    holding_everything,
    proposed,
    record_at,
)
from tests.cast import NOW

DICE = st.integers(0, 2**64 - 1).map(Random)
"""Evenly thrown: hypothesis itself prefers small numbers and would meet few people."""
STRAY = 0.2
"""How often somebody does what makes no sense here."""
MOVES = {move.name for move in ASSIGNMENT.moves}


def path_of(machine: Machine[Any], record: Record, *, where: str) -> set[str]:
    """The steps of a record lead from the start to where it stands, by edges of the table.

    Returns:
        the names of the moves.
    """
    names = set()
    at = machine.start.value
    for step in Step.objects.filter(subject=record.pk).order_by("id"):
        edges = {(s.value, m.name, m.target.value) for m in machine.moves for s in m.sources}
        assert step.source == at
        assert (step.source, step.move, step.target) in edges
        at = step.target
        names.add(step.move)
    assert at == where
    return names


class Walk(RuleBasedStateMachine):
    """Begins a transaction that is taken back at the end, and lets refusals pass."""

    steps = 0
    """How many steps all walks of the class took together."""
    moves: ClassVar[set[str]]
    """The moves of the machine that were made on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.undone = transaction.atomic()
        self.undone.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def tried(self, act: Callable[[], object]) -> bool:
        """Do something, if it is allowed."""
        type(self).steps += 1
        with suppress(ReunionError), transaction.atomic():
            act()
            return True
        return False

    @rule(dice=DICE)
    def something_happens(self, dice: Random) -> None:
        """One rule for all: hypothesis leaves most of several rules out of one walk."""
        dice.choice(self.happenings())(dice)

    def happenings(self) -> list[Callable[[Random], None]]:
        """What can happen; twice where it is to happen twice as often."""
        raise NotImplementedError

    def time_passes(self, dice: Random) -> None:
        type(self).steps += 1
        self.now += timedelta(hours=dice.randint(1, 24))


class ApprovalWalk(Walk):
    """Six people of five units, two records, all acts."""

    moves: ClassVar[set[str]] = set()

    @initialize()
    def begin(self) -> None:
        first, second = holding_everything(COUNTY), holding_everything(COUNTY)
        self.people = [
            first,
            second,
            replace(holding_everything(COUNTY), unit=first.unit),
            holding_everything(PREFECTURE),
            replace(first, unit=second.unit, region=PREFECTURE),
            holding_everything(OTHER_PROVINCE),
        ]
        self.records = [record_at(), record_at()]
        self.uses: dict[UUID, int] = {}

    def happenings(self) -> list[Callable[[Random], None]]:
        often = [self.somebody_proposes, self.somebody_decides, self.somebody_acts]
        seldom = [self.somebody_withdraws, self.a_record_changes, self.the_clock_settles]
        return [*often, *often, *seldom, self.time_passes]

    def person(self, dice: Random) -> Actor:
        return replace(dice.choice(self.people), authenticated_at=self.now)

    def any_proposal(self, dice: Random) -> Proposal | None:
        found = Proposal.objects.unscoped().filter(state__in=["proposed", "approved"])
        if dice.random() < STRAY:
            found = Proposal.objects.unscoped().all()
        return dice.choice(list(found.order_by("pk"))) if found else None

    def somebody_proposes(self, dice: Random) -> None:
        subject, act = dice.choice(self.records), dice.choice(sorted(ACTS))
        self.tried(lambda: proposed(self.person(dice), subject, act, self.now))

    def somebody_decides(self, dice: Random) -> None:
        proposal = self.any_proposal(dice)
        if proposal is None:
            return
        stale = dice.random() < STRAY
        actor = replace(self.person(dice), authenticated_at=None) if stale else self.person(dice)
        given: dict[str, Any] = {
            "actor": actor,
            "proposal_id": proposal.pk,
            "version": proposal.version,
            "reason": "looked at",
            "at": self.now,
        }
        if dice.random() < STRAY:
            done = self.tried(lambda: refuse(**given))
        else:
            done = self.tried(lambda: approve(shown_hash=proposal.shown_hash, **given))
        assert not (done and stale)

    def somebody_withdraws(self, dice: Random) -> None:
        proposal = self.any_proposal(dice)
        if proposal is not None:
            self.tried(
                lambda: withdraw(
                    actor=self.person(dice),
                    proposal_id=proposal.pk,
                    version=proposal.version,
                    reason="mistaken",
                    at=self.now,
                )
            )

    def somebody_acts(self, dice: Random) -> None:
        proposal = self.any_proposal(dice)
        if proposal is None:
            return
        subject = next(one for one in self.records if one.pk == proposal.subject)
        act = dice.choice(sorted(ACTS)) if dice.random() < STRAY else proposal.act

        def use() -> None:
            used = approved(
                actor=self.person(dice), act=act, subject=subject, shown=SHOWN, at=self.now
            )
            self.uses[used.pk] = self.uses.get(used.pk, 0) + 1
            assert used.subject_version == subject.version
            assert self.now < used.lapses_at

        self.tried(use)

    def a_record_changes(self, dice: Random) -> None:
        type(self).steps += 1
        if dice.random() < STRAY:
            changed(dice.choice(self.records))

    def the_clock_settles(self, _: Random) -> None:
        self.tried(lambda: settle(actor=system("approvals.settle"), at=self.now))

    @invariant()
    def nothing_is_illegal(self) -> None:
        for proposal in Proposal.objects.unscoped():
            self.moves.update(path_of(PROPOSAL, proposal, where=proposal.state))
            if proposal.decided_staff is not None:
                assert proposal.decided_staff != proposal.proposer_staff
                assert proposal.decided_unit != proposal.proposer_unit
                above = proposal.decided_region or ""
                assert proposal.region.startswith(above)
                assert above.count("/") <= proposal.proposer_region.count("/")
                if proposal.act == "close_key_case":
                    assert above.count("/") < proposal.proposer_region.count("/")
            used = proposal.state == ProposalState.USED
            assert self.uses.get(proposal.pk, 0) == used


class AssignmentWalk(Walk):
    """Three agencies, two people of each, a task and a request."""

    moves: ClassVar[set[str]] = set()

    @initialize()
    def begin(self) -> None:
        here = ground()
        units = (here.prefecture, here.county, here.neighbour)
        self.people = [of(unit) for unit in units for _ in range(2)]
        self.terms = [replace(terms_for(unit, None), working_days=3) for unit in units]
        self.tasks = [
            drafted(self.people[0], self.terms[1]).pk,
            drafted(self.people[2], self.terms[2], Kind.REQUEST).pk,
        ]

    def happenings(self) -> list[Callable[[Random], None]]:
        seldom = [self.somebody_edits, self.somebody_reports, self.the_clock_comes_round]
        return [*[self.somebody_moves] * 5, *seldom, self.time_passes]

    def drawn(self, dice: Random) -> tuple[Assignment, dict[str, Any]]:
        task = Assignment.objects.unscoped().get(pk=dice.choice(self.tasks))
        return task, {"assignment_id": task.pk, "version": task.version, "at": self.now}

    def somebody_moves(self, dice: Random) -> None:
        """Most often a move that the table has in this state, by a person of the right unit."""
        task, shown = self.drawn(dice)
        # Seldom what ends the walk: a task that is withdrawn moves no more.
        moves = [m.name for m in ASSIGNMENT.open_moves(State(task.state)) if m.name != "withdraw"]
        name = dice.choice(sorted(MOVES) if dice.random() < STRAY or not moves else moves)
        right = [one for one in self.people if task.may_move(one, name)]
        actor = dice.choice(self.people if dice.random() < STRAY or not right else right)
        self.tried(lambda: self._move(actor, name, shown))

    def _move(self, actor: Actor, name: str, shown: dict[str, Any]) -> None:
        if name in PLAIN_MOVES:
            advance(actor=actor, move=name, reason="so", **shown)
        elif name == "confirm":
            confirm(actor=actor, **shown)
        elif name == "report":
            report_result(actor=actor, outcome=Outcome.DONE, result="found", **shown)
        else:
            issue(actor=actor, calendar=calendar(), reason="so", **shown)

    def somebody_edits(self, dice: Random) -> None:
        _, shown = self.drawn(dice)
        actor, terms = dice.choice(self.people), dice.choice(self.terms)
        self.tried(lambda: edit_assignment(actor=actor, terms=terms, **shown))

    def somebody_reports(self, dice: Random) -> None:
        _, shown = self.drawn(dice)
        actor, outcome = dice.choice(self.people), dice.choice(list(Outcome))
        result = dice.choice(["", " ", "found"])
        self.tried(lambda: report_result(actor=actor, outcome=outcome, result=result, **shown))

    def the_clock_comes_round(self, _: Random) -> None:
        self.tried(lambda: escalate_overdue(actor=system("assignments.escalate"), at=self.now))

    @invariant()
    def nothing_is_illegal(self) -> None:
        for task in Assignment.objects.unscoped().filter(pk__in=self.tasks):
            self.moves.update(path_of(ASSIGNMENT, task, where=task.state))
            if task.state not in {State.DRAFT, State.DISPUTED, State.WITHDRAWN}:
                assert task.lead_id
                assert task.due
            if task.state in {State.REPORTED, State.CONFIRMED, State.CLOSED}:
                assert task.result.strip()
                assert task.outcome != Outcome.REFUSED or task.kind == Kind.REQUEST
            if task.state in {State.CONFIRMED, State.CLOSED}:
                assert task.confirmed_by != task.reported_by
            for step in Step.objects.filter(subject=task.pk).select_related("entry"):
                assert (step.entry.unit == task.issuer_id) or step.move in LEADS
        late = list(Escalation.objects.values_list("assignment", "due", "level"))
        assert len(late) == len(set(late))
