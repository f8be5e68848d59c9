"""The way from a request to assignments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from reunion.base.actor import Actor
from reunion.base.assignments.models import Assignment, AssignmentQuerySet, ProgressReport
from reunion.base.assignments.rules import Standing, standing
from reunion.base.permissions.decide import fetch, require
from reunion.base.units.pack import day_of, jurisdiction


def assignments_for(actor: Actor, at: datetime) -> AssignmentQuerySet:
    """The assignments issued in the actor's region, and those of the actor's unit."""
    require(actor, "assignments.see")
    return Assignment.objects.visible_to(actor, at)


def assignment_for(actor: Actor, pk: UUID, at: datetime) -> Assignment:
    """One assignment, or NotFound."""
    return fetch(Assignment.objects, actor, pk, needs="assignments.see", at=at)


@dataclass(frozen=True, slots=True)
class Progress:
    """A day for which a report of progress was asked, and how it stands with it."""

    day: date
    standing: Standing
    reports: tuple[ProgressReport, ...]


def progress_of(assignment: Assignment, at: datetime) -> list[Progress]:
    """All days for which reports were asked, with the reports; a correction is a second report."""
    given: dict[date, list[ProgressReport]] = {}
    for report in assignment.reports.order_by("at"):
        given.setdefault(report.day, []).append(report)
    asked = assignment.report_days(jurisdiction().calendar)
    return [
        Progress(day, standing(day, _first(given.get(day)), day_of(at)), tuple(given.get(day, ())))
        for day in asked
    ]


def _first(reports: list[ProgressReport] | None) -> date | None:
    return reports[0].on if reports else None
