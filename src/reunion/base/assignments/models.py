"""Assignments, reports on them, and the steps up that were taken when they were late."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar, cast
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from reunion.base.actor import Actor
from reunion.base.assignments.rules import (
    ANSWERED,
    ASSIGNMENT,
    ISSUER_TURN,
    LEAD_TURN,
    UNDONE,
    Addressee,
    Kind,
    Outcome,
    Side,
    State,
    is_overdue,
    report_days,
    side_of,
)
from reunion.base.permissions.models import ScopedManager
from reunion.base.records import REGION_LENGTH, Placed, Record, one_of
from reunion.base.transitions import Machine
from reunion.base.units.models import Unit
from reunion.base.units.pack import day_of
from reunion.packs.calendar import Calendar

# Where the lead unit has moved, and the issuing unit has not yet looked.
_LOOKED_AT_NEXT = frozenset({State.REPORTED, State.DISPUTED})


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Questions about assignments. Due dates are days in the zone of the country."""

    def overdue(self, at: datetime) -> AssignmentQuerySet:
        """Those whose lead unit is late."""
        return self.filter(state__in=LEAD_TURN, due__lt=day_of(at))

    def due_within(self, at: datetime, days: int) -> AssignmentQuerySet:
        """Those whose lead unit has until one of the next days, today included."""
        today = day_of(at)
        return self.filter(state__in=LEAD_TURN, due__gte=today, due__lte=today + timedelta(days))

    def mine(self, actor: Actor) -> AssignmentQuerySet:
        """Those that the actor's unit leads or helps with, and that are not ended."""
        helped = Cooperation.objects.filter(unit=actor.unit)
        return self.filter(
            Q(lead=actor.unit) | Q(pk__in=helped.values("assignment")),
            state__in=LEAD_TURN | _LOOKED_AT_NEXT,
        )

    def waiting_for(self, unit: UUID | None) -> AssignmentQuerySet:
        """Those in which a unit has the next move."""
        return self.filter(
            Q(lead=unit, state__in=LEAD_TURN) | Q(issuer=unit, state__in=ISSUER_TURN)
        )

    def waiting_for_others(self, unit: UUID | None) -> AssignmentQuerySet:
        """Those of a unit in which another one has the next move."""
        given = Q(issuer=unit, state__in=LEAD_TURN) & ~Q(lead=unit)
        led = Q(lead=unit, state__in=_LOOKED_AT_NEXT) & ~Q(issuer=unit)
        return self.filter(given | led)


class AssignmentManager(ScopedManager["Assignment"]):
    """Gives the questions above, and nothing without saying for whom."""

    def unscoped(self) -> AssignmentQuerySet:
        return AssignmentQuerySet(self.model, using=self._db)

    def visible_to(self, actor: Actor, at: datetime) -> AssignmentQuerySet:
        return cast(AssignmentQuerySet, super().visible_to(actor, at))


class Assignment(Placed):
    """A task, or a request to another county: what, by whom, until when, and what shows it done.

    Its region is that of the issuing unit; the other units see it by a grant, from the day on
    which it is issued. `scope` is the region that the work is about.
    """

    machine: ClassVar[Machine[State]] = ASSIGNMENT
    opens_in_emergency = True  # where to look for somebody may stand in another county's task

    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    completion = models.TextField(blank=True)  # the measure that shows that it is done
    scope = models.CharField(max_length=REGION_LENGTH)
    subject_kind = models.CharField(max_length=80, blank=True)
    subject = models.UUIDField(null=True, db_index=True)
    issuer = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    working_days = models.PositiveSmallIntegerField(null=True)
    due = models.DateField(null=True)
    report_every = models.PositiveSmallIntegerField(default=0)  # working days; 0: never
    state = models.CharField(max_length=20, default=ASSIGNMENT.start.value)
    issued_on = models.DateField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    result = models.TextField(blank=True)  # of a request: the answer
    reported_at = models.DateTimeField(null=True)
    reported_by = models.UUIDField(null=True)
    confirmed_by = models.UUIDField(null=True)

    objects = AssignmentManager()

    class Meta:
        constraints = (
            one_of("state", State, name="assignment_state_is_known"),
            one_of("kind", Kind, name="assignment_kind_is_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *(outcome.value for outcome in Outcome)]),
                name="assignment_outcome_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "disputed", "withdrawn"])
                | Q(lead__isnull=False, due__isnull=False, issued_on__isnull=False),
                name="assignment_issued_has_lead_and_due_date",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(state.value for state in ANSWERED))
                | (Q(reported_at__isnull=False, reported_by__isnull=False) & ~Q(result="")),
                name="assignment_reported_has_result",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "closed"])
                | (Q(confirmed_by__isnull=False) & ~Q(confirmed_by=F("reported_by"))),
                name="assignment_confirmed_by_another_person",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="refused") | Q(kind="request"),
                name="assignment_only_requests_are_refused",
            ),
        )

    def may_move(self, actor: Actor, move: str) -> bool:
        """Each move is of one of the two units; what was reported is confirmed by another one."""
        if move == "confirm" and actor.staff == self.reported_by:
            return False
        unit = self.lead_id if side_of(move) is Side.LEAD else self.issuer_id
        return actor.unit is not None and actor.unit == unit

    def is_overdue(self, at: datetime) -> bool:
        """Whether the lead unit is late."""
        return is_overdue(State(self.state), self.due, day_of(at))

    def report_days(self, calendar: Calendar) -> tuple[date, ...]:
        """The days for which its lead unit is asked to report progress."""
        if self.issued_on is None or self.due is None:
            return ()
        return tuple(report_days(self.issued_on, self.due, self.report_every, calendar))

    def has_open_parts(self) -> bool:
        """Whether another assignment that was made of this one is not ended."""
        return Assignment.objects.unscoped().filter(parent=self, state__in=UNDONE).exists()


class Cooperation(Record):
    """A unit helps the lead unit with an assignment."""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.CASCADE, related_name="cooperations"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("assignment", "unit"), name="cooperates_once"),
        )


class ProgressReport(Record):
    """What the lead unit reported of its progress, for one of the days asked for. Append-only."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="reports")
    day = models.DateField()
    text = models.TextField()
    staff = models.UUIDField()
    at = models.DateTimeField()
    on = models.DateField()  # the day of `at` in the zone of the country

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="report_says_something"),)


class Escalation(Record):
    """One step up that was taken because an assignment is late. Append-only."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="escalations")
    due = models.DateField()
    level = models.PositiveSmallIntegerField()
    addressee = models.CharField(max_length=20)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            one_of("addressee", Addressee, name="escalation_addressee_is_known"),
            models.UniqueConstraint(
                fields=("assignment", "due", "level"), name="escalation_once_for_each_step"
            ),
        )
