"""Assignments: what the clock does about those that are late."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reunion.base.actor import Actor
from reunion.base.assignments.models import Assignment, Escalation
from reunion.base.assignments.rules import LATE, Addressee, Kind, rungs_due
from reunion.base.audit.actions import record
from reunion.base.notices.actions import notify
from reunion.base.permissions.actions import grant
from reunion.base.records import locked
from reunion.base.units.models import Unit
from reunion.base.units.pack import day_of


def escalate_overdue(*, actor: Actor, at: datetime) -> int:
    """Take every step up that is due now, each one once; gives how many there were.

    A duty of the clock: it may run as often as it likes, and twice at the same time.
    """
    late = Assignment.objects.unscoped().overdue(at).order_by("due", "pk")
    return sum(_escalate(actor, pk, at) for pk in list(late.values_list("pk", flat=True)))


@transaction.atomic
def _escalate(actor: Actor, pk: UUID, at: datetime) -> int:
    assignment = locked(Assignment.objects.unscoped(), pk)
    if not assignment.is_overdue(at) or assignment.due is None:  # reported just now
        return 0
    taken = assignment.escalations.filter(due=assignment.due).values_list("level", flat=True)
    rungs = rungs_due(Kind(assignment.kind), assignment.due, day_of(at), set(taken))
    for rung in rungs:
        unit = _told(assignment, rung.to)
        Escalation.objects.create(
            assignment=assignment,
            due=assignment.due,
            level=rung.level,
            addressee=rung.to,
            unit=unit,
            at=at,
        )
        if rung.to in {Addressee.ABOVE, Addressee.TWO_ABOVE}:
            grant(actor=actor, subject=assignment, basis=LATE, at=at, unit=unit.pk)
        notify(actor=actor, what=LATE, subject=assignment, unit=unit.pk, at=at)
    if rungs:
        record(actor=actor, act="escalate_overdue", subject=assignment, at=at)
    return len(rungs)


def _told(assignment: Assignment, to: Addressee) -> Unit:
    """The unit that a step up goes to; where there is none above, the highest one there is."""
    # The database demands a lead unit of whatever is issued.
    lead = assignment.lead or assignment.issuer
    if to is Addressee.LEAD:
        return lead
    if to is Addressee.ISSUER:
        return assignment.issuer
    above = lead.parent or lead
    return above if to is Addressee.ABOVE else above.parent or above
