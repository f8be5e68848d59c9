"""Opening a record in an emergency, reviewing such an opening, and reminding of reviews."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reunion.base.actor import Actor, Purpose
from reunion.base.audit.actions import record
from reunion.base.emergency.access import openable, reviewers
from reunion.base.emergency.models import BreakGlass
from reunion.base.emergency.rules import (
    OPEN_FOR,
    OPENED,
    REMINDED_BEFORE,
    REVIEW_DUE,
    REVIEWED_WITHIN,
    Finding,
)
from reunion.base.errors import NotPermitted, RuleBroken
from reunion.base.notices.actions import notify
from reunion.base.notices.models import Notice
from reunion.base.permissions.actions import grant
from reunion.base.permissions.decide import require
from reunion.base.permissions.models import Opening
from reunion.base.permissions.rules import EMERGENCY
from reunion.base.records import locked
from reunion.base.units.actions import let_work, stop_work_from
from reunion.base.units.models import Staff


@transaction.atomic
def break_glass(
    *, actor: Actor, kind: str, subject_id: UUID, case: str, reason: str, at: datetime
) -> BreakGlass:
    """Open one record for an hour, to somebody whose region does not cover it.

    Two supervisors are told at once, one of them of another unit. Lists and searches stay closed.
    If the opening is not reviewed in 72 hours, no account of whoever opened it works any longer.

    Args:
        kind: label of the model, such as persons.person; only kinds that say so can be opened.
        case: reference of the case that it is about.

    Raises:
        NotPermitted: the role may not.
        NotFound: no such record, or one that is hidden from the actor, or of another kind.
        RuleBroken: no reason or case is given; there are no two supervisors.
    """
    require(actor, "emergency.open")
    if actor.staff is None or actor.unit is None:
        raise NotPermitted(needs="emergency.open")
    if not reason.strip() or not case.strip():
        raise RuleBroken(rule="emergency_has_a_reason_and_a_case")
    # Two openings at once must not each overlook the other one's moment of pausing.
    locked(Staff.objects.unscoped(), actor.staff)
    # First: whoever cannot open anything is not told either which records there are.
    told = reviewers(staff=actor.staff, unit=actor.unit, region=actor.region, at=at)
    subject = openable(actor, kind, subject_id)
    opened = BreakGlass.objects.unscoped().create(
        region=actor.region,
        staff=actor.staff,
        unit=actor.unit,
        kind=kind,
        subject=subject_id,
        case=case,
        reason=reason,
        opened_at=at,
        ends_at=at + OPEN_FOR,
        review_due=at + REVIEWED_WITHIN,
    )
    stated = actor.stating(Purpose.EMERGENCY, case)
    grant(
        actor=stated,
        subject=subject,
        basis=EMERGENCY,
        at=at,
        staff=actor.staff,
        opening=Opening.NAMED,
        ends_at=opened.ends_at,
    )
    for post in told:
        notify(actor=stated, what=OPENED, subject=opened, at=at, post=post.pk)
    record(actor=stated, act="break_glass", subject=subject, at=at, after={"reason": reason})
    _set_pause(stated, actor.staff, at)
    return opened


@transaction.atomic
def review(
    *,
    actor: Actor,
    opening_id: UUID,
    version: int,
    finding: Finding,
    remark: str,
    at: datetime,
) -> BreakGlass:
    """Say whether an opening was justified; a person of another unit does.

    Raises:
        NotFound: there is none that the actor may review.
        ChangedMeanwhile: somebody else reviewed it after it was shown.
        RuleBroken: it was reviewed already; the reviewer is who opened it, or of the same unit; an
            opening that was not justified needs a remark.
    """
    require(actor, "emergency.review")
    opened = locked(BreakGlass.objects.visible_to(actor, at), opening_id, version=version)
    if opened.reviewed_at is not None:
        raise RuleBroken(rule="emergency_is_reviewed_once")
    if not opened.may_review(actor):
        raise RuleBroken(rule="emergency_is_reviewed_by_another_unit")
    if finding is Finding.NOT_JUSTIFIED and not remark.strip():
        raise RuleBroken(rule="finding_needs_a_remark")
    locked(Staff.objects.unscoped(), opened.staff)
    opened.reviewed_at, opened.reviewer, opened.reviewer_unit = at, actor.staff, actor.unit
    opened.finding, opened.remark = finding, remark
    opened.save_changes("reviewed_at", "reviewer", "reviewer_unit", "finding", "remark")
    record(actor=actor, act="review_break_glass", subject=opened, at=at, after={"finding": finding})
    _set_pause(actor, opened.staff, at)
    return opened


@transaction.atomic
def remind_reviewers(*, actor: Actor, at: datetime) -> int:
    """Tell the reviewers of openings whose review is due within a day, once; how many there were.

    The posts are looked up anew: whoever was told at first may have left.
    """
    told = Notice.objects.filter(what=REVIEW_DUE).values("subject")
    waiting = BreakGlass.objects.due_by(at + REMINDED_BEFORE).exclude(pk__in=told)
    return sum(_remind(actor, opened, at) for opened in waiting.order_by("review_due", "pk"))


def _remind(actor: Actor, opened: BreakGlass, at: datetime) -> bool:
    try:
        posts = reviewers(staff=opened.staff, unit=opened.unit, region=opened.region, at=at)
    except RuleBroken:  # nobody is there now; the next time may find somebody
        return False
    for post in posts:
        notify(actor=actor, what=REVIEW_DUE, subject=opened, at=at, post=post.pk)
    return True


def _set_pause(actor: Actor, staff: UUID, at: datetime) -> None:
    """Let the accounts of somebody work until the first of their reviews is due."""
    first = BreakGlass.objects.first_due(staff)
    if first is None:
        let_work(actor=actor, staff=staff, at=at)
    else:
        stop_work_from(actor=actor, staff=staff, moment=first, at=at)
