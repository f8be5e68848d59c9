"""The pages about assignments. The buttons of the page of one come from the table of its moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from reunion.base.actor import Actor
from reunion.base.assignments.access import (
    assignment_for,
    assignments_for,
    progress_of,
)
from reunion.base.assignments.actions import (
    PLAIN_MOVES,
    advance,
    confirm,
    draft_assignment,
    edit_assignment,
    issue,
    report_progress,
    report_result,
)
from reunion.base.assignments.forms import (
    EditForm,
    ProgressForm,
    ResultForm,
    TermsForm,
    values_of,
)
from reunion.base.assignments.models import Assignment, AssignmentQuerySet
from reunion.base.assignments.rules import ASSIGNMENT, Kind, Outcome, State
from reunion.base.assignments.tables import AssignmentTable
from reunion.base.assignments.words import KINDS, OUTCOMES, STANDINGS, sentence
from reunion.base.errors import REFUSED, NotFound
from reunion.base.permissions.buttons import buttons
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.permissions.exports import file_of
from reunion.base.units.pack import jurisdiction

SEE, WORK, ISSUE = "assignments.see", "assignments.work", "assignments.issue"

SOON = 7
"""Days that the list of what is due looks ahead."""

LISTS: dict[str, Callable[[AssignmentQuerySet, Actor, datetime], AssignmentQuerySet]] = {
    "turn": lambda found, actor, at: found.waiting_for(actor.unit),
    "mine": lambda found, actor, at: found.mine(actor),
    "due": lambda found, actor, at: found.mine(actor).due_within(at, SOON),
    "overdue": lambda found, actor, at: found.overdue(at),
    "waiting": lambda found, actor, at: found.waiting_for_others(actor.unit),
    "all": lambda found, actor, at: found,
}
"""The lists of the page, by the word of its address."""

TABS = {
    "turn": gettext_lazy("Our next step"),
    "mine": gettext_lazy("Ours"),
    "due": gettext_lazy("Due within a week"),
    "overdue": gettext_lazy("Overdue"),
    "waiting": gettext_lazy("Waiting for others"),
    "all": gettext_lazy("All"),
}
"""What they are called."""


@needs(SEE)
@require_GET
def assignment_list(request: ActorRequest) -> HttpResponseBase:
    """`?show=` one of LISTS; at first, what waits for the actor's unit."""
    at = timezone.now()
    show = request.GET.get("show", "turn")
    if show not in LISTS:
        show = "turn"
    found = LISTS[show](assignments_for(request.actor, at), request.actor, at)
    ordered = found.select_related("lead", "issuer").order_by("due", "title", "pk")
    empty = _("Nothing here. Tasks and requests to your unit come to this page.")
    table = AssignmentTable(ordered, request, at, empty_text=empty)
    tabs = [(words, f"?show={name}", name == show) for name, words in TABS.items()]
    page = {"table": table, "tabs": tabs}
    return file_of(request, table) or render(request, "assignments/assignment_list.html", page)


@needs(SEE)
@require_GET
def assignment(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = assignment_for(request.actor, pk, at)
    progress = [(one, STANDINGS[one.standing]) for one in progress_of(found, at)]
    page = {
        "assignment": found,
        "kind": KINDS[Kind(found.kind)],
        "outcome": OUTCOMES[Outcome(found.outcome)] if found.outcome else "",
        "overdue": found.is_overdue(at),
        "cooperations": found.cooperations.select_related("unit").order_by("unit__code"),
        "progress": progress,
        "escalations": found.escalations.select_related("unit").order_by("at", "level"),
        "parts": assignments_for(request.actor, at).filter(parent=found).order_by("due", "pk"),
        "is_lead": found.may_move(request.actor, "report"),
        "is_draft": found.state in {State.DRAFT, State.DISPUTED},
    }
    return render(request, "assignments/assignment.html", page)


@needs(ISSUE)
def assignment_new(request: ActorRequest) -> HttpResponseBase:
    """`?kind=task` or `request`; `?parent=` the assignment of which it is to be a part."""
    at = timezone.now()
    kind = Kind.REQUEST if request.GET.get("kind") == Kind.REQUEST else Kind.TASK
    parent = _parent(request, at)
    form = TermsForm(request.POST or None, at=at)
    if form.is_valid():
        try:
            made = draft_assignment(
                actor=request.actor, kind=kind, terms=form.terms(parent=parent), at=at
            )
            return redirect("assignment", pk=made.pk)
        except REFUSED as error:
            form.add_error(None, str(sentence(error)))
    page = {"form": form, "kind": KINDS[kind]}
    return render(request, "assignments/assignment_new.html", page)


@needs(ISSUE)
def assignment_edit(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = assignment_for(request.actor, pk, at)
    form = EditForm(request.POST or None, at=at, initial=values_of(found))
    if form.is_valid():
        version = form.cleaned_data.pop("version")
        terms = form.terms(parent=found.parent_id)
        try:
            edit_assignment(
                actor=request.actor, assignment_id=pk, version=version, terms=terms, at=at
            )
            return redirect("assignment", pk=pk)
        except REFUSED as error:
            form.refused(error, sentence)
    page = {"form": form, "assignment": found}
    return render(request, "assignments/assignment_edit.html", page)


@needs(WORK)
def assignment_report(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = _led(request.actor, pk, at)
    shown = {"version": found.version}
    form = ResultForm(request.POST or None, kind=Kind(found.kind), initial=shown)
    if form.is_valid():
        values = dict(form.cleaned_data)
        outcome = Outcome(values.pop("outcome"))
        try:
            report_result(actor=request.actor, assignment_id=pk, outcome=outcome, at=at, **values)
            return redirect("assignment", pk=pk)
        except REFUSED as error:
            form.refused(error, sentence)
    page = {"form": form, "assignment": found, "is_request": found.kind == Kind.REQUEST}
    return render(request, "assignments/assignment_report.html", page)


@needs(WORK)
def assignment_progress(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = _led(request.actor, pk, at)
    form = ProgressForm(request.POST or None, initial={"day": request.GET.get("day")})
    if form.is_valid():
        calendar = jurisdiction().calendar
        values = form.cleaned_data
        try:
            report_progress(
                actor=request.actor, assignment_id=pk, calendar=calendar, at=at, **values
            )
            return redirect("assignment", pk=pk)
        except REFUSED as error:
            form.add_error(None, str(sentence(error)))
    page = {"form": form, "assignment": found}
    return render(request, "assignments/assignment_progress.html", page)


def _make(actor: Actor, pk: UUID, version: int, move: str, reason: str, at: datetime) -> None:
    if move in PLAIN_MOVES:
        advance(actor=actor, assignment_id=pk, version=version, move=move, reason=reason, at=at)
    elif move == "confirm":
        confirm(actor=actor, assignment_id=pk, version=version, at=at)
    else:
        calendar = jurisdiction().calendar
        issue(
            actor=actor, assignment_id=pk, version=version, reason=reason, calendar=calendar, at=at
        )


BUTTONS = buttons(ASSIGNMENT, "assignment", _make, sentence)
"""A view for each move that needs no page of its own."""


def _led(actor: Actor, pk: UUID, at: datetime) -> Assignment:
    found = assignment_for(actor, pk, at)
    if not found.may_move(actor, "report"):
        raise NotFound(kind="assignment")
    return found


def _parent(request: ActorRequest, at: datetime) -> UUID | None:
    text = request.GET.get("parent", "")
    try:
        return assignment_for(request.actor, UUID(text), at).pk if text else None
    except ValueError as error:
        raise NotFound(kind="assignment") from error
