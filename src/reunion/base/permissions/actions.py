"""Grants, exclusions, stated purposes and implications: what upper rooms and people write."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from reunion.base.actor import Actor, Purpose
from reunion.base.audit.actions import record
from reunion.base.errors import RuleBroken
from reunion.base.permissions.models import (
    Exclusion,
    Grant,
    Household,
    Implication,
    Opening,
    StatedPurpose,
)
from reunion.base.permissions.rules import REVEALED_PER_DAY, STATED_FOR
from reunion.base.records import Record, locked


@transaction.atomic
def grant(
    *,
    actor: Actor,
    subject: Record,
    basis: str,
    at: datetime,
    unit: UUID | None = None,
    staff: UUID | None = None,
    opening: Opening = Opening.LISTED,
    ends_at: datetime | None = None,
) -> Grant:
    """Open a record to a unit or a staff member outside its region.

    Called by the action from which the need to know follows, such as a transfer of a case; that
    action has checked that the actor may do it.

    Args:
        basis: the code of what it follows from, such as cases.transfer.
    """
    opened = Grant.objects.create(
        kind=subject._meta.label_lower,
        subject=subject.pk,
        unit=unit,
        staff=staff,
        opening=opening,
        basis=basis,
        granted_by=actor.staff,
        starts_at=at,
        ends_at=ends_at,
    )
    record(actor=actor, act="grant", subject=subject, at=at, after={"grant": str(opened.pk)})
    return opened


@transaction.atomic
def end_grants(*, actor: Actor, subject: Record, basis: str, at: datetime) -> int:
    """End the grants of a record that follow from something which is over; how many there were."""
    open_ones = Grant.objects.filter(
        kind=subject._meta.label_lower, subject=subject.pk, basis=basis
    ).exclude(ends_at__lte=at)
    ended = open_ones.update(ends_at=at)
    if ended:
        record(actor=actor, act="end_grants", subject=subject, at=at, after={"basis": basis})
    return ended


@transaction.atomic
def exclude(
    *,
    actor: Actor,
    subject: Record,
    basis: str,
    at: datetime,
    region: str = "",
    unit: UUID | None = None,
    staff: UUID | None = None,
) -> Exclusion:
    """Hide a record from a region and all below it, from a unit, or from a staff member."""
    hidden = Exclusion.objects.create(
        kind=subject._meta.label_lower,
        subject=subject.pk,
        region=region,
        unit=unit,
        staff=staff,
        basis=basis,
    )
    record(actor=actor, act="exclude", subject=subject, at=at, after={"basis": basis})
    return hidden


@transaction.atomic
def state_purpose(
    *, actor: Actor, subject: Record, purpose: Purpose, at: datetime, case: str = ""
) -> StatedPurpose:
    """Say why the masked fields of a record are needed; they open for a while.

    Raises:
        RuleBroken: no person asks; a case is needed and not named; the budget of 24 hours is used
            up.
    """
    if actor.staff is None:
        raise RuleBroken(rule="a_person_states_a_purpose")
    if purpose is Purpose.OWN_CASE and not case:
        raise RuleBroken(rule="own_case_names_its_case")
    last = StatedPurpose.objects.filter(staff=actor.staff, stated_at__gt=at - timedelta(days=1))
    opened = set(last.values_list("kind", "subject"))
    if len(opened) >= REVEALED_PER_DAY and (subject._meta.label_lower, subject.pk) not in opened:
        raise RuleBroken(rule="daily_budget_of_opened_records")
    stated = StatedPurpose.objects.create(
        kind=subject._meta.label_lower,
        subject=subject.pk,
        staff=actor.staff,
        post=actor.post,
        purpose=purpose,
        case=case,
        stated_at=at,
        ends_at=at + STATED_FOR,
    )
    record(actor=actor.stating(purpose, case), act="state_purpose", subject=subject, at=at)
    return stated


@transaction.atomic
def implicate(*, actor: Actor, found: UUID, person: UUID, basis: str, at: datetime) -> Implication:
    """Record that a person is implicated in what happened to a found person."""
    made, new = Implication.objects.get_or_create(
        found=found, person=person, lifted_at=None, defaults={"basis": basis, "since": at}
    )
    if new:
        record(actor=actor, act="implicate", subject=made, at=at, after={"basis": basis})
    return made


@transaction.atomic
def lift_implication(*, actor: Actor, implication: UUID, at: datetime) -> Implication:
    """Record that the suspicion against a person has ended."""
    lifted = locked(Implication.objects.filter(lifted_at=None), implication)
    lifted.lifted_at = at
    lifted.save_changes("lifted_at")
    record(actor=actor, act="lift_implication", subject=lifted, at=at)
    return lifted


@transaction.atomic
def enter_household(
    *,
    actor: Actor,
    household: UUID,
    person: UUID,
    at: datetime,
    since: date | None = None,
    until: date | None = None,
) -> Household:
    """Record that a person lives or lived in a household."""
    member = Household.objects.create(household=household, person=person, since=since, until=until)
    record(actor=actor, act="enter_household", subject=member, at=at)
    return member
