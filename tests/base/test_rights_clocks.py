"""Clocks: how long records are kept, until when requests are answered and breaches told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from reunion.base.actor import Actor, system
from reunion.base.approvals.models import Proposal
from reunion.base.approvals.rules import NotApproved
from reunion.base.audit.models import Step
from reunion.base.errors import MoveRefused, NotFound, NotPermitted, ReunionError, RuleBroken
from reunion.base.notices.models import Notice
from reunion.base.rights.access import clock_for, clocks_due_for, officers_of
from reunion.base.rights.actions import (
    destroyed,
    extend_request,
    move_breach,
    move_clock,
    move_request,
    propose_destruction,
    receive_request,
    report_breach,
    start_clock,
)
from reunion.base.rights.models import Breach, RetentionClock, RightsRequest
from reunion.base.rights.registers import (
    disclose,
    end_recipient,
    enter_recipient,
    record_assessment,
)
from reunion.base.rights.rules import REQUEST, RequestKind, Use, months_after
from reunion.base.rights.work import tell_what_has_run_out
from reunion.base.units.models import Post, Staff, Unit
from reunion.base.units.pack import jurisdiction
from reunion.packs.roles import load_roles
from tests.base.test_rights_bases import PERSON, consent
from tests.base.two_people import approved_by, fresh, record_at
from tests.cast import NOW, TODAY, acting

pytestmark = pytest.mark.django_db

COUNTY, PROVINCE = "cn/15/1506/150602/", "cn/15/"


def officer(region: str = COUNTY) -> Actor:
    """Mr Bai, the data-protection officer, with all that the role may do; synthetic."""
    may = load_roles()["data_protection_officer"].may
    return fresh(acting("data_protection_officer", region, *may))


def clock(subject: Unit, retention: str = "unverified_tip") -> RetentionClock:
    return start_clock(
        actor=system("test"), subject=subject, retention=retention, starts=TODAY, at=NOW
    )


def after(days: int) -> datetime:
    return NOW + timedelta(days)


def post_in(region: str, role: str = "data_protection_officer") -> Post:
    staff = Staff.objects.unscoped().create(name="Synthetic Person", region=region)
    return Post.objects.unscoped().create(
        unit=record_at(region), staff=staff, role=role, region=region, valid_from=TODAY
    )


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(
    day: date, months: int, wanted: date
) -> None:
    assert months_after(day, months) == wanted


@given(st.dates(date(1990, 1, 1), date(2200, 1, 1)), st.integers(0, 400))
def test_a_later_start_never_ends_earlier(day: date, months: int) -> None:
    assert months_after(day, months) <= months_after(day + timedelta(1), months)
    assert months_after(day, months + 1) > months_after(day, months)


def test_a_clock_runs_as_long_as_the_pack_says_and_one_of_a_class() -> None:
    unit = record_at()
    made = clock(unit)
    assert made.due == months_after(TODAY, jurisdiction().rights.retention["unverified_tip"].months)
    with pytest.raises(RuleBroken, match="retention_class_is_known"):
        clock(unit, "for_ever")
    with pytest.raises(RuleBroken, match="one_clock_of_a_class"):
        clock(unit)
    assert clock(unit, "search_log")


def test_a_held_clock_destroys_nothing_until_it_goes_on() -> None:
    unit, bai = record_at(), officer()
    made = clock(unit)
    last_day = datetime(2029, 3, 2, 9, tzinfo=NOW.tzinfo)
    late = last_day + timedelta(days=1)
    move: dict[str, Any] = {"actor": bai, "clock_id": made.pk, "at": late}
    with pytest.raises(RuleBroken, match="reason_given"):
        move_clock(version=1, move="hold", reason=" ", **move)
    with pytest.raises(NotPermitted):
        move_clock(version=1, move="destroy", reason="so", **move)
    move_clock(version=1, move="hold", reason="a trial", **move)
    again = replace(bai, authenticated_at=late)
    with pytest.raises(MoveRefused):
        propose_destruction(actor=again, clock_id=made.pk, version=2, reason="over", at=late)
    move_clock(version=2, move="go_on", reason="trial over", **move)
    assert list(clocks_due_for(bai, late)) == [made]
    assert not clocks_due_for(bai, last_day)
    assert [step.move for step in Step.objects.order_by("id")] == ["hold", "go_on"]


def test_a_record_is_destroyed_by_two_people_when_its_time_is_over() -> None:
    unit, bai = record_at(), officer()
    made = clock(unit)
    with pytest.raises(RuleBroken, match="clock_has_run_out"):
        propose_destruction(actor=bai, clock_id=made.pk, version=1, reason="over", at=NOW)
    RetentionClock.objects.unscoped().update(due=TODAY)
    with pytest.raises(RuleBroken, match="clock_has_run_out"):
        propose_destruction(actor=bai, clock_id=made.pk, version=1, reason="over", at=NOW)
    RetentionClock.objects.unscoped().update(due=TODAY - timedelta(days=1))
    use: dict[str, Any] = {"clock_id": made.pk, "subject": unit, "at": NOW}
    with pytest.raises(NotApproved):
        destroyed(actor=bai, **use)
    proposal = propose_destruction(actor=bai, clock_id=made.pk, version=1, reason="over", at=NOW)
    with pytest.raises(NotApproved):
        destroyed(actor=bai, **use)
    with pytest.raises(RuleBroken, match="another_person"):
        approved_by(bai, proposal)
    approved_by(officer(PROVINCE), Proposal.objects.unscoped().get())
    with pytest.raises(RuleBroken, match="clock_is_of_this_record"):
        destroyed(actor=bai, clock_id=made.pk, subject=record_at(), at=NOW)
    assert destroyed(actor=bai, **use).state == "destroyed"
    with pytest.raises(MoveRefused):
        destroyed(actor=bai, **use)


def request(kind: RequestKind = RequestKind.DELETE) -> RightsRequest:
    return receive_request(actor=officer(), kind=kind, region=COUNTY, received=TODAY, at=NOW)


def test_a_request_is_due_after_the_working_days_of_the_pack_and_extended_once() -> None:
    pack, made = jurisdiction(), request()
    assert made.due == pack.calendar.due_date(TODAY, pack.rights.answer_days).day
    bai = officer()
    with pytest.raises(RuleBroken, match="reason_given"):
        extend_request(actor=bai, request_id=made.pk, version=1, reason="", at=NOW)
    longer = extend_request(actor=bai, request_id=made.pk, version=1, reason="many files", at=NOW)
    assert longer.due == pack.calendar.due_date(made.due, pack.rights.extension_days).day
    with pytest.raises(RuleBroken, match="request_is_extended_once"):
        extend_request(actor=bai, request_id=made.pk, version=2, reason="more", at=NOW)


def test_nothing_is_answered_before_an_identity_was_shown() -> None:
    made, bai = request(), officer()

    def moved(name: str, version: int, **others: Any) -> RightsRequest:
        return move_request(
            actor=bai,
            request_id=made.pk,
            version=version,
            move=name,
            reason="looked at",
            at=NOW,
            **others,
        )

    for name in ("take_up", "fulfil", "refuse"):
        with pytest.raises(MoveRefused):
            moved(name, 1)
    with pytest.raises(RuleBroken, match="request_is_about_a_person"):
        moved("show_identity", 1)
    moved("show_identity", 1, person=PERSON)
    moved("take_up", 2)
    assert moved("refuse", 3).state == "refused"
    assert moved("reopen", 4).state == "in_work"
    assert moved("fulfil", 5).handler == bai.staff
    assert [s.move for s in Step.objects.order_by("id")][-1] == "fulfil"
    with pytest.raises(IntegrityError), transaction.atomic():
        RightsRequest.objects.unscoped().update(person=None)


def test_an_outsider_moves_and_sees_nothing() -> None:
    made, kept = request(), clock(record_at())
    stranger = officer("cn/65/")
    for name in {move.name for move in REQUEST.moves}:
        with pytest.raises(ReunionError):
            move_request(
                actor=stranger, request_id=made.pk, version=1, move=name, reason="so", at=NOW
            )
    with pytest.raises(NotFound):
        clock_for(stranger, kept.pk, NOW)
    with pytest.raises(NotPermitted):
        receive_request(actor=stranger, kind=RequestKind.SEE, region=COUNTY, received=TODAY, at=NOW)


def test_a_breach_is_told_within_the_hours_of_the_pack_and_closed_after_that() -> None:
    near = post_in(COUNTY)
    made = report_breach(
        actor=officer(), region=COUNTY, what="A synthetic list lay open", found_at=NOW, at=NOW
    )
    assert made.notify_by - NOW == timedelta(hours=jurisdiction().rights.breach_hours)
    assert Notice.objects.get(what="rights.breach_found").post == near.pk
    use: dict[str, Any] = {
        "actor": officer(),
        "breach_id": made.pk,
        "reason": "done",
        "at": after(1),
    }
    with pytest.raises(MoveRefused):
        move_breach(version=1, move="close", **use)
    move_breach(version=1, move="contain", **use)
    told = move_breach(version=2, move="notify", **use)
    assert told.notified_at == after(1)
    assert move_breach(version=3, move="close", **use).state == "closed"
    with pytest.raises(IntegrityError), transaction.atomic():
        Breach.objects.unscoped().update(notified_at=None)
    with pytest.raises(RuleBroken, match="breach_was_found_before_now"):
        report_breach(actor=officer(), region=COUNTY, what="x", found_at=after(1), at=NOW)


def test_officers_are_told_once_of_what_has_run_out_and_the_nearest_ones_only() -> None:
    far, near = post_in(PROVINCE), post_in(COUNTY)
    assert officers_of(COUNTY, NOW) == [near]
    assert officers_of("cn/15/1507/", NOW) == [far]
    kept, asked = clock(record_at(), "family_sample"), request()
    lost = report_breach(actor=officer(), region=COUNTY, what="x", found_at=NOW, at=NOW)
    tell_what_has_run_out(NOW)
    assert not Notice.objects.exclude(what="rights.breach_found").exists()
    for day in range(70):
        tell_what_has_run_out(after(day))
    told = Notice.objects.exclude(what="rights.breach_found").order_by("what")
    assert [(one.what, one.subject, one.post) for one in told] == [
        ("rights.breach_not_told", lost.pk, near.pk),
        ("rights.request_overdue", asked.pk, near.pk),
        ("rights.retention_over", kept.pk, near.pk),
    ]


def test_where_there_is_no_officer_the_first_one_to_come_is_told() -> None:
    clock(record_at(), "family_sample")
    tell_what_has_run_out(after(40))
    assert not Notice.objects.exists()
    near = post_in(COUNTY)
    tell_what_has_run_out(after(41))
    assert Notice.objects.get().post == near.pk


def test_data_are_handed_over_on_a_basis_and_to_current_recipients_only() -> None:
    bai = officer()
    body = enter_recipient(
        actor=bai, name="Synthetic court", categories="report", purpose="trial",
        article="art. 1", since=TODAY, at=NOW,
    )  # fmt: skip
    give: dict[str, Any] = {
        "actor": bai, "recipient_id": body.pk, "person": PERSON, "region": COUNTY,
        "use": Use.COURT, "categories": "report",
    }  # fmt: skip
    with pytest.raises(RuleBroken, match="no_basis_for_court"):
        disclose(at=NOW, **give)
    basis = consent(Use.COURT)
    given = disclose(at=NOW, **give)
    assert given.basis == basis
    with pytest.raises(NotPermitted):
        disclose(at=NOW, **(give | {"region": "cn/65/"}))
    end_recipient(actor=bai, recipient_id=body.pk, version=1, until=TODAY + timedelta(1), at=NOW)
    with pytest.raises(RuleBroken, match="recipient_is_current"):
        disclose(at=after(1), **give)
    given.categories = "more"
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        given.save()


def test_an_assessment_is_kept_as_long_as_the_pack_says() -> None:
    made = record_assessment(
        actor=officer(), activity="A synthetic use", necessity="n", risks="r", measures="m",
        decided_on=date(2024, 2, 29), review_due=date(2025, 2, 28), at=NOW,
    )  # fmt: skip
    assert made.kept_until == date(2027, 2, 28)
    with pytest.raises(NotPermitted):
        record_assessment(
            actor=acting("case_officer", COUNTY), activity="x", necessity="n", risks="r",
            measures="m", decided_on=TODAY, review_due=TODAY, at=NOW,
        )  # fmt: skip
