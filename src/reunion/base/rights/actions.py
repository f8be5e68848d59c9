"""Legal bases, clocks, requests, breaches: every change that a person can make to them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from django.apps import apps
from django.db import transaction

from reunion.base.actor import Actor
from reunion.base.approvals.actions import approved, propose
from reunion.base.approvals.models import Proposal
from reunion.base.audit.actions import record, record_move
from reunion.base.errors import NotFound, RuleBroken
from reunion.base.notices.actions import notify
from reunion.base.permissions.barred import require_uninvolved
from reunion.base.permissions.decide import require, require_over
from reunion.base.records import Placed, locked, unless_taken
from reunion.base.rights.access import officers_of
from reunion.base.rights.models import Breach, LegalBasis, RetentionClock, RightsRequest
from reunion.base.rights.rules import (
    BREACH_FOUND,
    CLOCK,
    CONSENTS,
    OPEN_REQUESTS,
    Basis,
    ClockState,
    RequestKind,
    Use,
    basis_obstacle,
    months_after,
)
from reunion.base.transitions import Machine
from reunion.base.units.pack import day_of, jurisdiction

Moved: TypeAlias = RetentionClock | RightsRequest | Breach


@transaction.atomic
def record_basis(
    *,
    actor: Actor,
    person: UUID,
    region: str,
    use: Use,
    basis: Basis,
    at: datetime,
    given_by: UUID | None = None,
    article: str = "",
    text_version: str = "",
    interpreter: UUID | None = None,
) -> LegalBasis:
    """Record on what basis a person's data may be used in one way.

    Args:
        given_by: of a consent: the person, or the guardian who gives it.
        article: of a duty: the article that sets it.
        text_version: of a consent: the version of the text that was explained.

    Raises:
        NotPermitted: not in this region.
        RuleBroken: only a consent is a basis for this use; who gives it is not named.
        Implicated: who gives it, or interprets, is barred.
    """
    require_over(actor, "rights.record_basis", region)
    rule = basis_obstacle(
        use=use,
        basis=basis,
        is_own=given_by == person,
        is_named=given_by is not None and actor.staff is not None,
        article=article,
        text_version=text_version,
    )
    if rule:
        raise RuleBroken(rule=rule)
    for involved in {given_by, interpreter} - {person}:
        require_uninvolved(involved, found=person, at=at)
    made = LegalBasis.objects.unscoped().create(
        region=region,
        person=person,
        use=use,
        basis=basis,
        article=article,
        text_version=text_version,
        given_by=given_by,
        witness=actor.staff if basis in CONSENTS else None,
        interpreter=interpreter,
        given_at=at,
    )
    record(actor=actor, act="record_basis", subject=made, at=at, after={"use": use})
    return made


@transaction.atomic
def withdraw_basis(*, actor: Actor, basis_id: UUID, at: datetime) -> LegalBasis:
    """Record that a consent was withdrawn; from now on the use is not lawful on it.

    Raises:
        NotFound: there is none that the actor may see.
        RuleBroken: it is no consent, or was withdrawn already.
    """
    require(actor, "rights.record_basis")
    basis = locked(LegalBasis.objects.visible_to(actor, at), basis_id)
    if basis.basis not in CONSENTS:
        raise RuleBroken(rule="only_a_consent_is_withdrawn")
    if basis.withdrawn_at is not None:
        raise RuleBroken(rule="consent_is_withdrawn_once")
    basis.withdrawn_at = at
    basis.save_changes("withdrawn_at")
    record(actor=actor, act="withdraw_basis", subject=basis, at=at)
    return basis


@transaction.atomic
def start_clock(
    *, actor: Actor, subject: Placed, retention: str, starts: date, at: datetime
) -> RetentionClock:
    """Start the clock until when a record is kept, by a class of the pack.

    Called by the action from which it follows, which has checked that the actor may do it.

    Raises:
        RuleBroken: the pack has no such class, or such a clock runs for the record.
    """
    rule = jurisdiction().rights.retention.get(retention)
    if rule is None:
        raise RuleBroken(rule="retention_class_is_known")
    with unless_taken(RuleBroken(rule="one_clock_of_a_class")):
        clock = RetentionClock.objects.unscoped().create(
            region=subject.region,
            kind=subject._meta.label_lower,
            subject=subject.pk,
            retention=retention,
            starts=starts,
            due=months_after(starts, rule.months),
        )
    record(actor=actor, act="start_clock", subject=clock, at=at, after={"class": retention})
    return clock


@transaction.atomic
def move_clock(
    *, actor: Actor, clock_id: UUID, version: int, move: str, reason: str, at: datetime
) -> RetentionClock:
    """Hold a clock, such as for a trial, or let it go on."""
    clock = locked(RetentionClock.objects.visible_to(actor, at), clock_id, version=version)
    _move(actor, clock, move, reason, at)
    return clock


@transaction.atomic
def propose_destruction(
    *, actor: Actor, clock_id: UUID, version: int, reason: str, at: datetime
) -> Proposal:
    """Propose that a record whose clock has run out be destroyed; somebody else decides.

    Raises:
        NotFound: there is no such clock in the actor's region, or its record is gone.
        MoveRefused: the clock is held.
        RuleBroken: the clock has not run out; or what `propose` says.
    """
    clock = locked(RetentionClock.objects.visible_to(actor, at), clock_id, version=version)
    _require_over(clock, at)
    model = apps.get_model(clock.kind)
    subject = model._base_manager.filter(pk=clock.subject).first()
    if not isinstance(subject, Placed):
        raise NotFound(kind=clock.kind)
    return propose(
        actor=actor, act="destroy", subject=subject, shown=clock.facts, reason=reason, at=at
    )


@transaction.atomic
def destroyed(*, actor: Actor, clock_id: UUID, subject: Placed, at: datetime) -> RetentionClock:
    """Record that a record whose clock has run out was destroyed; two people have agreed to it.

    The room that owns the record calls this in the transaction in which it destroys it.

    Raises:
        MoveRefused: the clock is held, or the record was destroyed before.
        RuleBroken: the clock has not run out, or is of another record.
        NotApproved: no approval is left.
    """
    clock = locked(RetentionClock.objects.visible_to(actor, at), clock_id)
    _require_over(clock, at)
    if (clock.kind, clock.subject) != (subject._meta.label_lower, subject.pk):
        raise RuleBroken(rule="clock_is_of_this_record")
    approved(actor=actor, act="destroy", subject=subject, shown=clock.facts, at=at)
    source = ClockState(clock.state)
    move = CLOCK.move(source, "destroy")
    clock.state = move.target
    clock.save_changes("state")
    record_move(actor=actor, subject=clock, machine=CLOCK.name, move=move, source=source, at=at)
    return clock


@transaction.atomic
def receive_request(
    *,
    actor: Actor,
    kind: RequestKind,
    region: str,
    received: date,
    at: datetime,
    person: UUID | None = None,
    item: UUID | None = None,
) -> RightsRequest:
    """Enter somebody's request about their data; its clock runs from the day it came.

    Args:
        person: whose data it is about, where that is known already.
        item: what they wrote, in the inbox.

    Raises:
        NotPermitted: not in this region.
        RuleBroken: the day is still to come.
    """
    require_over(actor, "rights.handle", region)
    if received > day_of(at):
        raise RuleBroken(rule="request_came_before_now")
    pack = jurisdiction()
    request = RightsRequest.objects.unscoped().create(
        region=region,
        kind=kind,
        person=person,
        item=item,
        received=received,
        due=pack.calendar.due_date(received, pack.rights.answer_days).day,
    )
    record(actor=actor, act="receive_request", subject=request, at=at, after={"kind": kind})
    return request


@transaction.atomic
def move_request(
    *,
    actor: Actor,
    request_id: UUID,
    version: int,
    move: str,
    at: datetime,
    reason: str = "",
    person: UUID | None = None,
) -> RightsRequest:
    """Move a request on; with `show_identity` comes the person whose identity was shown."""
    request = locked(RightsRequest.objects.visible_to(actor, at), request_id, version=version)
    if move == "show_identity":
        if person is None or request.person not in {None, person}:
            raise RuleBroken(rule="request_is_about_a_person")
        request.person = person
    request.handler = actor.staff
    _move(actor, request, move, reason, at, "person", "handler")
    return request


@transaction.atomic
def extend_request(
    *, actor: Actor, request_id: UUID, version: int, reason: str, at: datetime
) -> RightsRequest:
    """Give oneself more time for a difficult request, once, and say why.

    Raises:
        RuleBroken: it was extended before, or is answered; no reason is given.
    """
    require(actor, "rights.handle")
    request = locked(RightsRequest.objects.visible_to(actor, at), request_id, version=version)
    if request.extended:
        raise RuleBroken(rule="request_is_extended_once")
    if request.state not in OPEN_REQUESTS:
        raise RuleBroken(rule="request_is_open")
    if not reason.strip():
        raise RuleBroken(rule="reason_given")
    pack = jurisdiction()
    request.due = pack.calendar.due_date(request.due, pack.rights.extension_days).day
    request.extended = True
    request.extension_reason = reason
    request.save_changes("due", "extended", "extension_reason")
    record(actor=actor, act="extend_request", subject=request, at=at, after={"reason": reason})
    return request


@transaction.atomic
def report_breach(
    *,
    actor: Actor,
    region: str,
    what: str,
    found_at: datetime,
    at: datetime,
    persons_at_most: int | None = None,
) -> Breach:
    """Record that data were lost, changed or seen by somebody who may not; officers are told.

    Raises:
        NotPermitted: not in this region.
        RuleBroken: it is said to have been found later than now; it is not said what happened.
    """
    require_over(actor, "rights.report_breach", region)
    if found_at > at:
        raise RuleBroken(rule="breach_was_found_before_now")
    if not what.strip():
        raise RuleBroken(rule="reason_given")
    breach = Breach.objects.unscoped().create(
        region=region,
        what=what,
        persons_at_most=persons_at_most,
        found_at=found_at,
        notify_by=found_at + timedelta(hours=jurisdiction().rights.breach_hours),
    )
    record(actor=actor, act="report_breach", subject=breach, at=at)
    for post in officers_of(region, at):
        notify(actor=actor, what=BREACH_FOUND, subject=breach, at=at, post=post.pk)
    return breach


@transaction.atomic
def move_breach(
    *, actor: Actor, breach_id: UUID, version: int, move: str, reason: str, at: datetime
) -> Breach:
    """Move the answer to a breach on; the reason says what was done."""
    breach = locked(Breach.objects.visible_to(actor, at), breach_id, version=version)
    if move == "notify":
        breach.notified_at = at
    _move(actor, breach, move, reason, at, "notified_at")
    return breach


def _move(
    actor: Actor, subject: Moved, name: str, reason: str, at: datetime, *changed: str
) -> None:
    """Check the move, write the state with what goes with it, and record it."""
    machine: Machine[Any] = subject.machine
    source = type(machine.start)(subject.state)
    move = machine.move(source, name)
    require(actor, move.needs)
    if move.reasoned and not reason.strip():
        raise RuleBroken(rule="reason_given")
    subject.state = move.target
    subject.save_changes("state", *changed)
    record_move(
        actor=actor,
        subject=subject,
        machine=machine.name,
        move=move,
        source=source,
        at=at,
        reason=reason,
    )


def _require_over(clock: RetentionClock, at: datetime) -> None:
    CLOCK.move(ClockState(clock.state), "destroy")
    if clock.due >= day_of(at):  # the last day is kept whole
        raise RuleBroken(rule="clock_has_run_out")
