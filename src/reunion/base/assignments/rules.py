"""Tasks and requests: their states, whose turn it is, their due dates, and when they escalate."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from reunion.base.transitions import Machine, Move
from reunion.packs.calendar import Calendar


class Kind(StrEnum):
    """A task is given downwards; a request asks another county, and must be answered."""

    TASK = "task"
    REQUEST = "request"


class Outcome(StrEnum):
    """What the lead unit says came of it. Only a request may be refused, with the reason."""

    DONE = "done"
    PARTLY_DONE = "partly_done"
    REFUSED = "refused"


class State(StrEnum):
    """Where an assignment stands. Overdue is not a state: it follows from the date."""

    DRAFT = "draft"
    ISSUED = "issued"
    DISPUTED = "disputed"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    REPORTED = "reported"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    """Which of the two units makes a move or has the next one."""

    ISSUER = "issuing_unit"
    LEAD = "lead_unit"


LEAD_TURN = frozenset({State.ISSUED, State.ACCEPTED, State.IN_PROGRESS})
"""The lead unit has the next move; only here can an assignment become overdue."""

ISSUER_TURN = frozenset({State.DRAFT, State.DISPUTED, State.REPORTED, State.CONFIRMED})
"""The issuing unit has the next move."""

UNDONE = LEAD_TURN | ISSUER_TURN - {State.CONFIRMED}
"""A part of a cascade in one of these holds its parent up."""

ANSWERED = frozenset({State.REPORTED, State.CONFIRMED, State.CLOSED})
"""The result, for a request its answer, is there; the database demands it."""


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


ASSIGNMENT = Machine(
    "assignment",
    State.DRAFT,
    (
        Move("issue", _from(State.DRAFT), State.ISSUED, needs="assignments.issue"),
        Move("accept", _from(State.ISSUED), State.ACCEPTED, needs="assignments.work"),
        Move("dispute", _from(State.ISSUED), State.DISPUTED, "assignments.work", reasoned=True),
        Move("issue_again", _from(State.DISPUTED), State.ISSUED, "assignments.issue", True),
        Move("start", _from(State.ACCEPTED), State.IN_PROGRESS, needs="assignments.work"),
        Move("report", LEAD_TURN, State.REPORTED, "assignments.work", page=True),
        Move("send_back", _from(State.REPORTED), State.IN_PROGRESS, "assignments.confirm", True),
        Move("confirm", _from(State.REPORTED), State.CONFIRMED, needs="assignments.confirm"),
        Move("close", _from(State.CONFIRMED), State.CLOSED, needs="assignments.confirm"),
        Move("reopen", _from(State.CLOSED), State.IN_PROGRESS, "assignments.confirm", True),
        Move(
            "withdraw",
            _from(State.DRAFT, State.DISPUTED, State.REPORTED) | LEAD_TURN,
            State.WITHDRAWN,
            needs="assignments.issue",
            reasoned=True,
        ),
    ),
)

LEADS = frozenset({"accept", "dispute", "start", "report"})
"""The moves of the lead unit; all others are the issuing unit's."""


def side_of(move: str) -> Side:
    """Whose a move is.

    >>> side_of("accept").value, side_of("confirm").value
    ('lead_unit', 'issuing_unit')
    """
    return Side.LEAD if move in LEADS else Side.ISSUER


@dataclass(frozen=True, slots=True)
class Terms:
    """What an assignment says, as long as it is a draft.

    Args:
        scope: path of the region that the work is about.
        completion: the measure that shows that it is done.
        due: the last day; or else `working_days` from the day of issue on.
        report_every: working days between two reports of progress; 0: none.
        subject_kind: label of the record that it is about, with `subject`.
        parent: the assignment led by the drafting unit of which this is a part.
    """

    title: str
    scope: str
    completion: str = ""
    description: str = ""
    lead: UUID | None = None
    cooperating: frozenset[UUID] = field(default_factory=frozenset)
    due: date | None = None
    working_days: int | None = None
    report_every: int = 0
    subject_kind: str = ""
    subject: UUID | None = None
    parent: UUID | None = None


LONGEST = timedelta(days=3653)
"""Nobody answers for what is due later; and a page lists each day on which a report was asked."""


def due_obstacle(due: date | None, today: date, due_of_whole: date | None) -> str:
    """The rule that a due date breaks on the day of issue; empty: none.

    Args:
        due_of_whole: of the assignment that this one is a part of.
    """
    if due is None:
        return "due_date_named"
    if due < today:
        return "due_after_issue"
    if due - today > LONGEST:
        return "due_within_ten_years"
    return "due_within_parent" if due_of_whole is not None and due > due_of_whole else ""


def report_days(issued: date, due: date, every: int, calendar: Calendar) -> Iterator[date]:
    """The days on which progress is to be reported, before the due date itself.

    Args:
        every: working days between two reports; 0: none are asked for.
    """
    day = issued
    while every and (day := calendar.due_date(day, every).day) < due:
        yield day


class Standing(StrEnum):
    """How it stands with one report of progress that was asked for."""

    NOT_DUE = "not_due"
    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"


def standing(day: date, received: date | None, today: date) -> Standing:
    """How it stands with the report of a day.

    >>> standing(date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 9)).value
    'late'
    """
    if received is not None:
        return Standing.ON_TIME if received <= day else Standing.LATE
    return Standing.MISSING if today > day else Standing.NOT_DUE


def is_overdue(state: State, due: date | None, today: date) -> bool:
    """Whether the lead unit is late. On the due date itself it is not."""
    return due is not None and state in LEAD_TURN and today > due


class Addressee(StrEnum):
    """Who is told when an assignment is late."""

    LEAD = "lead_unit"
    ISSUER = "issuing_unit"
    ABOVE = "unit_above"
    TWO_ABOVE = "unit_two_above"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step up: so many days after the first day that is late, somebody is told."""

    level: int
    after: timedelta
    to: Addressee


LADDER = {
    Kind.TASK: (
        Rung(1, timedelta(0), Addressee.LEAD),
        Rung(2, timedelta(7), Addressee.ISSUER),
        Rung(3, timedelta(14), Addressee.ABOVE),
        Rung(4, timedelta(30), Addressee.TWO_ABOVE),
    ),
    # Nobody above the two counties would notice an unanswered request by themselves.
    Kind.REQUEST: (
        Rung(1, timedelta(0), Addressee.LEAD),
        Rung(2, timedelta(0), Addressee.ABOVE),
        Rung(3, timedelta(14), Addressee.TWO_ABOVE),
    ),
}
"""Source: reference on people and cases, 1.14 (0, 7, 14 and 30 days); for requests: our own."""


def rungs_due(kind: Kind, due: date, today: date, done: Collection[int]) -> Sequence[Rung]:
    """The steps up that are due today and not yet done.

    Args:
        done: the levels that were written already for this due date.
    """
    late = today - due - timedelta(1)
    return [rung for rung in LADDER[kind] if rung.after <= late and rung.level not in done]


TELLS = {
    "issue": (Side.LEAD, "assignment.issued"),
    "issue_again": (Side.LEAD, "assignment.issued"),
    "dispute": (Side.ISSUER, "assignment.disputed"),
    "report": (Side.ISSUER, "assignment.reported"),
    "send_back": (Side.LEAD, "assignment.sent_back"),
    "confirm": (Side.LEAD, "assignment.confirmed"),
    "reopen": (Side.LEAD, "assignment.reopened"),
    "withdraw": (Side.LEAD, "assignment.withdrawn"),
}
"""Which moves tell the other side, and what; the same codes stand on notices."""

LATE, REFUSAL = "assignment.overdue", "assignment.refused"
"""What units above are told."""
