"""Builders for tests of assignments: four synthetic agencies, one above the other, and an outsider.

The province's police; below it one prefecture; in this one two counties. Far away: another one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from uuid import uuid4

from reunion.base.actor import Actor
from reunion.base.assignments.actions import draft_assignment, issue
from reunion.base.assignments.models import Assignment
from reunion.base.assignments.rules import Kind, Terms
from reunion.base.units.models import Unit
from reunion.packs.calendar import Calendar
from tests.cast import NOW, TODAY, acting

WORKER = ("assignments.see", "assignments.work")
OFFICE = (*WORKER, "assignments.issue", "assignments.confirm", "notices.see")
DUE = date(2026, 3, 12)


@cache
def calendar() -> Calendar:
    """Weekends only."""
    return Calendar(frozenset({6, 7}), {}, (), {})


def days_later(days: int) -> datetime:
    """The same hour, so many days after the tests' moment."""
    return NOW + timedelta(days)


@dataclass(frozen=True)
class Ground:
    """The agencies."""

    province: Unit
    prefecture: Unit
    county: Unit
    neighbour: Unit
    far: Unit


def ground() -> Ground:
    """Write the agencies."""
    province = _unit("cn/15/", None)
    prefecture = _unit("cn/15/1506/", province)
    return Ground(
        province,
        prefecture,
        _unit("cn/15/1506/150602/", prefecture),
        _unit("cn/15/1506/150621/", prefecture),
        _unit("cn/65/6501/650102/", None),
    )


def _unit(region: str, parent: Unit | None) -> Unit:
    return Unit.objects.unscoped().create(
        code=f"u-{uuid4().hex[:12]}",
        kind="police",
        level="county",
        region=region,
        name_en=f"Synthetic agency {region}",
        name="虚构单位",
        parent=parent,
        valid_from=TODAY,
    )


def of(unit: Unit, *permissions: str) -> Actor:
    """Somebody of a unit; each call gives another person."""
    return replace(acting("office", unit.region, *(permissions or OFFICE)), unit=unit.pk)


def terms_for(lead: Unit | None, due: date | None = DUE) -> Terms:
    """Terms of an assignment for a unit, with all that is needed to issue it."""
    return Terms(
        title="Look again at the synthetic case",
        scope=lead.region if lead else "cn/15/",
        completion="The file has a new report",
        lead=lead.pk if lead else None,
        due=due,
    )


def drafted(actor: Actor, terms: Terms, kind: Kind = Kind.TASK) -> Assignment:
    """A draft."""
    return draft_assignment(actor=actor, kind=kind, terms=terms, at=NOW)


def issued(actor: Actor, terms: Terms, kind: Kind = Kind.TASK) -> Assignment:
    """An assignment that its lead unit has just been given."""
    draft = drafted(actor, terms, kind)
    return issue(
        actor=actor, assignment_id=draft.pk, version=draft.version, calendar=calendar(), at=NOW
    )
