"""Assignments: every change that a person can make to them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from reunion.base.actor import Actor
from reunion.base.assignments.models import Assignment, Cooperation, ProgressReport
from reunion.base.assignments.rules import (
    ASSIGNMENT,
    LEAD_TURN,
    REFUSAL,
    TELLS,
    Kind,
    Outcome,
    Side,
    State,
    Terms,
    due_obstacle,
    side_of,
)
from reunion.base.audit.actions import record, record_move
from reunion.base.errors import NotPermitted, RuleBroken
from reunion.base.notices.actions import notify
from reunion.base.permissions.actions import end_grants, grant
from reunion.base.permissions.decide import require, require_over
from reunion.base.permissions.rules import covers
from reunion.base.records import in_force, locked
from reunion.base.transitions import Move
from reunion.base.units.models import Unit
from reunion.base.units.pack import day_of
from reunion.packs.calendar import Calendar

BASIS = "assignments.issue"
"""What the units' grants follow from."""


@transaction.atomic
def draft_assignment(*, actor: Actor, kind: Kind, terms: Terms, at: datetime) -> Assignment:
    """Write an assignment that only the actor's own side sees.

    Raises:
        NotPermitted: the actor may not issue tasks for the region.
        NotFound: there is no such parent that the actor could see.
        RuleBroken: names the rule that the terms break.
    """
    _require_scope(actor, kind, terms)
    unit = Unit.objects.unscoped().get(pk=_unit_of(actor))
    assignment = Assignment(kind=kind, region=unit.region, issuer=unit)
    _write_terms(actor, assignment, terms, at)
    assignment.save(force_insert=True)
    _write_cooperating(assignment, terms)
    record(actor=actor, act="draft_assignment", subject=assignment, at=at, after={"kind": kind})
    return assignment


@transaction.atomic
def edit_assignment(
    *, actor: Actor, assignment_id: UUID, version: int, terms: Terms, at: datetime
) -> Assignment:
    """Change what a draft says, or a disputed one before it is issued again.

    Raises:
        NotFound: there is none that the actor may see.
        ChangedMeanwhile: somebody else changed it after it was shown.
        RuleBroken: it is issued, or not of the actor's unit, or the terms break a rule.
    """
    assignment = locked(Assignment.objects.visible_to(actor, at), assignment_id, version=version)
    if assignment.state not in {State.DRAFT, State.DISPUTED}:
        raise RuleBroken(rule="only_drafts_are_edited")
    require(actor, "assignments.issue")
    _require_side(actor, assignment, "issue")
    _require_scope(actor, Kind(assignment.kind), terms)
    _write_terms(actor, assignment, terms, at)
    assignment.save_changes(*_TERM_FIELDS)
    _write_cooperating(assignment, terms)
    record(actor=actor, act="edit_assignment", subject=assignment, at=at)
    return assignment


@transaction.atomic
def issue(
    *,
    actor: Actor,
    assignment_id: UUID,
    version: int,
    calendar: Calendar,
    at: datetime,
    reason: str = "",
) -> Assignment:
    """Give the assignment to its lead unit; a disputed one again, with a reason.

    Args:
        calendar: the pack's, by which the due date is counted from working days.

    Raises:
        RuleBroken: lead_unit_named, measure_of_completion, due_date_named, due_after_issue,
            due_within_ten_years, due_within_parent, lead_in_region, another_unit, reason_given,
            only_the_issuing_unit.
    """
    assignment = _taken(actor, assignment_id, version, at)
    name = "issue_again" if assignment.state == State.DISPUTED else "issue"
    move = _checked(actor, assignment, name, reason)
    if not assignment.completion.strip():
        raise RuleBroken(rule="measure_of_completion")
    lead, today = _lead_of(actor, assignment), day_of(at)
    if assignment.working_days is not None:
        assignment.due = calendar.due_date(today, assignment.working_days).day
    whole = assignment.parent.due if assignment.parent else None
    if rule := due_obstacle(assignment.due, today, whole):
        raise RuleBroken(rule=rule)
    assignment.issued_on = today
    _open_to_units(actor, assignment, lead, at)
    _move(actor, assignment, move, at, reason, "due", "issued_on")
    return assignment


@transaction.atomic
def advance(
    *,
    actor: Actor,
    assignment_id: UUID,
    version: int,
    move: str,
    at: datetime,
    reason: str = "",
) -> Assignment:
    """Accept, dispute, start, send back, close, reopen or withdraw: moves that need no more.

    Raises:
        NotFound: there is none that the actor may see.
        NotPermitted: the role may not make the move.
        MoveRefused: there is no such move from this state.
        ChangedMeanwhile: somebody else changed it after it was shown.
        RuleBroken: only_the_lead_unit, only_the_issuing_unit, reason_given, parts_are_open.
    """
    if move not in PLAIN_MOVES:
        raise ValueError(f"{move} has an action of its own")
    assignment = _taken(actor, assignment_id, version, at)
    edge = _checked(actor, assignment, move, reason)
    if move == "withdraw" and assignment.has_open_parts():
        raise RuleBroken(rule="parts_are_open")
    _move(actor, assignment, edge, at, reason)
    return assignment


PLAIN_MOVES = frozenset({"accept", "dispute", "start", "send_back", "close", "reopen", "withdraw"})
"""The moves of `advance`."""


@transaction.atomic
def report_progress(
    *, actor: Actor, assignment_id: UUID, day: date, text: str, calendar: Calendar, at: datetime
) -> ProgressReport:
    """Report how far the work is, for one of the days on which a report was asked for.

    Raises:
        NotPermitted: the role may not work on assignments.
        RuleBroken: only_the_lead_unit, reports_end, report_day, report_says_something.
    """
    assignment = locked(Assignment.objects.visible_to(actor, at), assignment_id)
    require(actor, "assignments.work")
    _require_side(actor, assignment, "report")
    if assignment.state not in LEAD_TURN or actor.staff is None:
        raise RuleBroken(rule="reports_end")
    if day not in assignment.report_days(calendar):
        raise RuleBroken(rule="report_day")
    if not text.strip():
        raise RuleBroken(rule="report_says_something")
    report = ProgressReport.objects.create(
        assignment=assignment, day=day, text=text, staff=actor.staff, at=at, on=day_of(at)
    )
    record(actor=actor, act="report_progress", subject=assignment, at=at)
    return report


@transaction.atomic
def report_result(
    *,
    actor: Actor,
    assignment_id: UUID,
    version: int,
    outcome: Outcome,
    result: str,
    at: datetime,
) -> Assignment:
    """Say what came of it; for a request this is the answer, which nobody is spared.

    A refused request is told to the unit above the one that refuses.

    Raises:
        RuleBroken: only_the_lead_unit, result_given, only_requests_are_refused, parts_are_open.
        MoveRefused: there is nothing to report in this state.
    """
    assignment = _taken(actor, assignment_id, version, at)
    move = _checked(actor, assignment, "report", result)
    if not result.strip() or actor.staff is None:
        raise RuleBroken(rule="result_given")
    if outcome is Outcome.REFUSED and assignment.kind != Kind.REQUEST:
        raise RuleBroken(rule="only_requests_are_refused")
    if assignment.has_open_parts():
        raise RuleBroken(rule="parts_are_open")
    assignment.outcome, assignment.result = outcome, result
    assignment.reported_at, assignment.reported_by = at, actor.staff
    written = ("outcome", "result", "reported_at", "reported_by")
    _move(actor, assignment, move, at, result, *written)
    above = assignment.lead.parent_id if assignment.lead else None
    if outcome is Outcome.REFUSED and above is not None:
        grant(actor=actor, subject=assignment, basis="assignments.refused", at=at, unit=above)
        notify(actor=actor, what=REFUSAL, subject=assignment, unit=above, at=at)
    return assignment


@transaction.atomic
def confirm(*, actor: Actor, assignment_id: UUID, version: int, at: datetime) -> Assignment:
    """Confirm, for the issuing unit, that the measure of completion is reached.

    Raises:
        RuleBroken: only_the_issuing_unit, another_person.
        MoveRefused: nothing was reported.
    """
    assignment = _taken(actor, assignment_id, version, at)
    move = _checked(actor, assignment, "confirm")
    if actor.staff is None or actor.staff == assignment.reported_by:
        raise RuleBroken(rule="another_person")
    assignment.confirmed_by = actor.staff
    _move(actor, assignment, move, at, "", "confirmed_by")
    return assignment


_TERM_FIELDS = (
    "title",
    "description",
    "completion",
    "scope",
    "subject_kind",
    "subject",
    "lead",
    "parent",
    "working_days",
    "due",
    "report_every",
)


def _unit_of(actor: Actor) -> UUID:
    if actor.unit is None:
        raise NotPermitted(needs="assignments.issue")
    return actor.unit


def _require_scope(actor: Actor, kind: Kind, terms: Terms) -> None:
    """A task is given within the own region; a request may ask anybody."""
    if kind is Kind.TASK:
        require_over(actor, "assignments.issue", terms.scope)
    else:
        require(actor, "assignments.issue")


def _write_terms(actor: Actor, assignment: Assignment, terms: Terms, at: datetime) -> None:
    if terms.lead in terms.cooperating:
        raise RuleBroken(rule="lead_or_cooperating")
    named = {unit for unit in (terms.lead, *terms.cooperating) if unit}
    if Unit.objects.unscoped().filter(in_force(day_of(at)), pk__in=named).count() != len(named):
        raise RuleBroken(rule="unit_in_force")
    if terms.parent is not None:
        _require_own_parent(actor, terms.parent, at)
    for name in _TERM_FIELDS:
        if name not in {"lead", "parent"}:
            setattr(assignment, name, getattr(terms, name))
    assignment.lead_id, assignment.parent_id = terms.lead, terms.parent


def _write_cooperating(assignment: Assignment, terms: Terms) -> None:
    assignment.cooperations.all().delete()
    for unit in sorted(terms.cooperating):
        Cooperation.objects.create(assignment=assignment, unit_id=unit)


def _require_own_parent(actor: Actor, parent: UUID, at: datetime) -> None:
    """A cascade grows downwards: a part is made by the unit that leads the whole."""
    whole = locked(Assignment.objects.visible_to(actor, at), parent)
    if whole.lead_id != actor.unit or whole.state not in LEAD_TURN:
        raise RuleBroken(rule="cascade_of_own_assignment")


def _lead_of(actor: Actor, assignment: Assignment) -> Unit:
    lead = assignment.lead
    if lead is None:
        raise RuleBroken(rule="lead_unit_named")
    if assignment.kind == Kind.TASK and not covers(actor.region, lead.region):
        raise RuleBroken(rule="lead_in_region")
    if assignment.kind == Kind.REQUEST and lead.pk == assignment.issuer_id:
        raise RuleBroken(rule="another_unit")
    return lead


def _require_side(actor: Actor, assignment: Assignment, move: str) -> None:
    side = side_of(move)
    unit = assignment.lead_id if side is Side.LEAD else assignment.issuer_id
    if actor.unit is None or actor.unit != unit:
        raise RuleBroken(
            rule="only_the_lead_unit" if side is Side.LEAD else "only_the_issuing_unit"
        )


def _taken(actor: Actor, assignment_id: UUID, version: int, at: datetime) -> Assignment:
    """The assignment as it was shown, locked; or nothing, if somebody changed it meanwhile."""
    return locked(Assignment.objects.visible_to(actor, at), assignment_id, version=version)


def _checked(actor: Actor, assignment: Assignment, name: str, reason: str = "") -> Move[State]:
    """The move, where it exists in this state and is this actor's."""
    move = ASSIGNMENT.move(State(assignment.state), name)
    require(actor, move.needs)
    _require_side(actor, assignment, name)
    if move.reasoned and not reason.strip():
        raise RuleBroken(rule="reason_given")
    return move


def _move(
    actor: Actor,
    assignment: Assignment,
    move: Move[State],
    at: datetime,
    reason: str,
    *changed: str,
) -> None:
    """Write, record, and tell the other unit."""
    source = State(assignment.state)
    assignment.state = move.target
    assignment.save_changes("state", *changed)
    record_move(
        actor=actor,
        subject=assignment,
        machine=ASSIGNMENT.name,
        move=move,
        source=source,
        at=at,
        reason=reason,
    )
    # A draft that is withdrawn was never seen by the unit that it names.
    if move.name in TELLS and assignment.issued_on is not None:
        side, what = TELLS[move.name]
        unit = assignment.lead_id if side is Side.LEAD else assignment.issuer_id
        if unit is not None and unit != actor.unit:
            notify(actor=actor, what=what, subject=assignment, unit=unit, at=at)


def _open_to_units(actor: Actor, assignment: Assignment, lead: Unit, at: datetime) -> None:
    """The units that take part see it from now on; those of an earlier issue no longer."""
    end_grants(actor=actor, subject=assignment, basis=BASIS, at=at)
    cooperating = assignment.cooperations.values_list("unit", flat=True)
    for unit in sorted({lead.pk, *cooperating}):
        grant(actor=actor, subject=assignment, basis=BASIS, at=at, unit=unit)
