"""For programs: assignments, and a move of the table for each address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from ninja import Query, Router
from pydantic import BaseModel, Field, StringConstraints

from reunion.base.actor import Actor
from reunion.base.assignments.access import assignment_for, assignments_for
from reunion.base.assignments.actions import (
    PLAIN_MOVES,
    advance,
    confirm,
    draft_assignment,
    issue,
    report_result,
)
from reunion.base.assignments.models import Assignment
from reunion.base.assignments.rules import ASSIGNMENT, Kind, Outcome, State, Terms
from reunion.base.assignments.words import sentence as words
from reunion.base.errors import ReunionError, RuleBroken
from reunion.base.exchange import Line, Listed, Paging, Sent, Word, listed, reads, writes
from reunion.base.permissions.declare import ActorRequest
from reunion.base.transitions import Move, in_words, moves_for
from reunion.base.units.pack import check_region, day_of, jurisdiction
from reunion.base.units.words import sentence as words_of_units

SEE, WORK, ISSUE = "assignments.see", "assignments.work", "assignments.issue"

router = Router(tags=["assignments"])

Text = Annotated[Line, StringConstraints(max_length=10_000)]


class AssignmentOut(BaseModel):
    """An assignment, with the moves that the token may make now."""

    id: UUID
    version: int
    kind: Kind
    state: State
    title: str
    description: str
    completion: str
    scope: str
    region: str
    subject_kind: str
    subject: UUID | None
    issuer: UUID
    lead: UUID | None
    cooperating: list[UUID]
    parent: UUID | None
    due: date | None
    working_days: int | None
    report_every: int
    outcome: str
    result: str
    reported_at: datetime | None
    moves: list[str]


class AssignmentPage(Paging):
    """Which assignments: by state and kind, overdue ones, those in which one's unit moves next."""

    state: State | None = None
    kind: Kind | None = None
    overdue: bool = False
    waiting: bool = False


class DraftIn(Sent):
    """What an assignment says. Units and the whole that it is a part of are named by ids."""

    kind: Kind
    title: Annotated[Line, StringConstraints(min_length=1, max_length=200)]
    scope: Word
    description: Text = ""
    completion: Text = ""
    lead: UUID | None = None
    cooperating: list[UUID] = Field(default_factory=list, max_length=200)
    due: date | None = None
    working_days: int | None = Field(None, ge=1, le=999)
    report_every: int = Field(0, ge=0, le=999)
    parent: UUID | None = None


class MoveIn(Sent):
    """Why, where the move needs a reason."""

    reason: Text = ""


class ResultIn(Sent):
    """What came of an assignment; for a request, the answer."""

    outcome: Outcome
    result: Text


@reads(
    router,
    "",
    says=_("Assignments of the token's region, and those of its unit"),
    name="api_assignments",
    needs=SEE,
    gives=Listed[AssignmentOut],
)
def assignment_list(request: ActorRequest, page: Query[AssignmentPage]) -> Listed[AssignmentOut]:
    at = timezone.now()
    found = assignments_for(request.actor, at)
    if page.overdue:
        found = found.overdue(at)
    if page.waiting:
        found = found.waiting_for(request.actor.unit)
    wanted = {"state": page.state, "kind": page.kind}
    found = found.filter(Q(**{name: value for name, value in wanted.items() if value}))
    return listed(
        request, found.prefetch_related("cooperations"), page, lambda one: _out(one, request.actor)
    )


@reads(
    router,
    "/{uuid:pk}",
    says=_("One assignment"),
    name="api_assignment",
    needs=SEE,
    gives=AssignmentOut,
)
def assignment(request: ActorRequest, pk: UUID) -> AssignmentOut:
    return _out(assignment_for(request.actor, pk, timezone.now()), request.actor)


def sentence(error: ReunionError, /) -> object:
    """What is said about a refused act; a page would not have let a wrong region through."""
    is_of_units = isinstance(error, RuleBroken) and error.rule == "region_is_known"
    return words_of_units(error) if is_of_units else words(error)


@writes(
    router,
    "",
    says=_("Draft an assignment"),
    name="api_assignment_new",
    needs=ISSUE,
    gives=AssignmentOut,
    sentence=sentence,
    creates=True,
)
def assignment_new(request: ActorRequest, body: DraftIn) -> AssignmentOut:
    at = timezone.now()
    check_region(body.scope, day_of(at))
    values = body.model_dump(exclude={"kind"})
    values["cooperating"] = frozenset(body.cooperating)
    made = draft_assignment(actor=request.actor, kind=body.kind, terms=Terms(**values), at=at)
    return _out(made, request.actor)


@writes(
    router,
    "/{uuid:pk}/report",
    says=_("Report the result; for a request, answer"),
    name="api_assignment_report",
    needs=WORK,
    gives=AssignmentOut,
    sentence=sentence,
)
def assignment_report(
    request: ActorRequest, pk: UUID, version: int, body: ResultIn
) -> AssignmentOut:
    at = timezone.now()
    made = report_result(
        actor=request.actor,
        assignment_id=pk,
        version=version,
        outcome=body.outcome,
        result=body.result,
        at=at,
    )
    return _out(made, request.actor)


def _moving(move: Move[State]) -> Callable[..., AssignmentOut]:
    """The function behind a move that needs no more than a reason."""

    def moving(request: ActorRequest, pk: UUID, version: int, body: MoveIn) -> AssignmentOut:
        at = timezone.now()
        made = _made(request.actor, pk, version, move.name, body.reason, at)
        return _out(made, request.actor)

    return moving


def _made(actor: Actor, pk: UUID, version: int, move: str, reason: str, at: datetime) -> Assignment:
    if move in PLAIN_MOVES:
        return advance(
            actor=actor, assignment_id=pk, version=version, move=move, reason=reason, at=at
        )
    if move == "confirm":
        return confirm(actor=actor, assignment_id=pk, version=version, at=at)
    calendar = jurisdiction().calendar
    return issue(
        actor=actor, assignment_id=pk, version=version, reason=reason, calendar=calendar, at=at
    )


for _move in ASSIGNMENT.moves:
    if not _move.page:
        writes(
            router,
            f"/{{uuid:pk}}/{_move.name}",
            name=f"api_assignment_{_move.name}",
            says=pgettext_lazy("move", in_words(_move.name)),
            needs=_move.needs,
            gives=AssignmentOut,
            sentence=sentence,
        )(_moving(_move))


def _out(one: Assignment, actor: Actor) -> AssignmentOut:
    return AssignmentOut(
        id=one.pk,
        version=one.version,
        kind=Kind(one.kind),
        state=State(one.state),
        title=one.title,
        description=one.description,
        completion=one.completion,
        scope=one.scope,
        region=one.region,
        subject_kind=one.subject_kind,
        subject=one.subject,
        issuer=one.issuer_id,
        lead=one.lead_id,
        cooperating=sorted(helper.unit_id for helper in one.cooperations.all()),
        parent=one.parent_id,
        due=one.due,
        working_days=one.working_days,
        report_every=one.report_every,
        outcome=one.outcome,
        result=one.result,
        reported_at=one.reported_at,
        moves=[move.name for move in moves_for(one, actor)],
    )
