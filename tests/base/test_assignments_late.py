"""Requests across counties must be answered, and what is late goes up, step by step and once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reunion.base.actor import system
from reunion.base.assignments.access import assignment_for
from reunion.base.assignments.actions import advance, confirm, report_result
from reunion.base.assignments.escalation import escalate_overdue
from reunion.base.assignments.models import Assignment, Escalation
from reunion.base.assignments.rules import Addressee, Kind, Outcome, State, rungs_due
from reunion.base.errors import MoveRefused, NotFound, RuleBroken
from reunion.base.notices.actions import mark_read
from reunion.base.notices.models import Notice
from tests.base.assigned import calendar, days_later, ground, issued, of, terms_for
from tests.cast import NOW

pytestmark = pytest.mark.django_db

CLOCK = system("assignments.escalate")


def test_a_request_reaches_another_county_and_its_answer_comes_back() -> None:
    here = ground()
    asking, asked = of(here.county), of(here.neighbour)
    terms = replace(terms_for(here.neighbour, None), working_days=10)
    request = issued(asking, terms, Kind.REQUEST)
    assert request.due == calendar().due_date(NOW.date(), 10).day
    answer = report_result(
        actor=asked,
        assignment_id=request.pk,
        version=request.version,
        outcome=Outcome.DONE,
        result="She lives here no more; the last trace is of 2019",
        at=NOW,
    )
    assert assignment_for(asking, request.pk, NOW).result == answer.result
    done = confirm(actor=asking, assignment_id=request.pk, version=answer.version, at=NOW)
    assert done.state == State.CONFIRMED


def test_a_request_cannot_be_closed_or_confirmed_without_an_answer() -> None:
    here = ground()
    request = issued(of(here.county), terms_for(here.far), Kind.REQUEST)
    with pytest.raises(MoveRefused):
        confirm(actor=of(here.county), assignment_id=request.pk, version=request.version, at=NOW)
    with pytest.raises(MoveRefused):
        advance(
            actor=of(here.county),
            assignment_id=request.pk,
            version=request.version,
            move="close",
            at=NOW,
        )
    with pytest.raises(RuleBroken, match="result_given"):
        report_result(
            actor=of(here.far),
            assignment_id=request.pk,
            version=request.version,
            outcome=Outcome.DONE,
            result="  ",
            at=NOW,
        )


def test_a_refusal_is_an_answer_and_the_unit_above_is_told() -> None:
    here = ground()
    request = issued(of(here.county), terms_for(here.neighbour), Kind.REQUEST)
    report_result(
        actor=of(here.neighbour),
        assignment_id=request.pk,
        version=request.version,
        outcome=Outcome.REFUSED,
        result="We have nobody who could go there",
        at=NOW,
    )
    told = Notice.objects.filter(what="assignment.refused").values_list("unit", flat=True)
    assert list(told) == [here.prefecture.pk]


def test_a_task_cannot_be_refused() -> None:
    here = ground()
    task = issued(of(here.prefecture), terms_for(here.county))
    with pytest.raises(RuleBroken, match="only_requests_are_refused"):
        report_result(
            actor=of(here.county),
            assignment_id=task.pk,
            version=task.version,
            outcome=Outcome.REFUSED,
            result="no",
            at=NOW,
        )


def test_an_unanswered_request_goes_to_the_unit_above_on_the_first_day_that_is_late() -> None:
    here = ground()
    request = issued(of(here.county), terms_for(here.neighbour), Kind.REQUEST)
    assert escalate_overdue(actor=CLOCK, at=days_later(10)) == 0
    assert escalate_overdue(actor=CLOCK, at=days_later(11)) == 2
    told = Escalation.objects.order_by("level").values_list("addressee", "unit")
    assert list(told) == [
        (Addressee.LEAD, here.neighbour.pk),
        (Addressee.ABOVE, here.prefecture.pk),
    ]
    assert assignment_for(of(here.prefecture), request.pk, days_later(11)) == request
    with pytest.raises(NotFound):
        assignment_for(of(here.far), request.pk, days_later(11))


def test_each_step_up_is_taken_once_however_often_the_clock_comes_round() -> None:
    here = ground()
    issued(of(here.prefecture), terms_for(here.county))
    taken = [escalate_overdue(actor=CLOCK, at=days_later(day)) for day in range(60)]
    assert [day for day, count in enumerate(taken) if count] == [11, 18, 25, 41]
    told = Escalation.objects.order_by("level").values_list("unit", flat=True)
    assert list(told) == [
        here.county.pk,
        here.prefecture.pk,
        here.prefecture.pk,
        here.province.pk,
    ]
    assert Notice.objects.filter(what="assignment.overdue").count() == 4


def test_a_clock_that_stood_still_takes_all_the_steps_at_once() -> None:
    here = ground()
    issued(of(here.prefecture), terms_for(here.county))
    assert escalate_overdue(actor=CLOCK, at=days_later(365)) == 4
    assert escalate_overdue(actor=CLOCK, at=days_later(366)) == 0


def test_what_was_reported_or_withdrawn_is_not_late() -> None:
    here = ground()
    task = issued(of(here.prefecture), terms_for(here.county))
    advance(
        actor=of(here.prefecture),
        assignment_id=task.pk,
        version=task.version,
        move="withdraw",
        reason="no longer wanted",
        at=NOW,
    )
    assert escalate_overdue(actor=CLOCK, at=days_later(365)) == 0
    assert not Assignment.objects.unscoped().overdue(days_later(365))


def test_the_steps_that_are_due_follow_from_dates_alone() -> None:
    due = date(2026, 3, 12)
    assert rungs_due(Kind.TASK, due, due, ()) == []
    assert [r.level for r in rungs_due(Kind.TASK, due, date(2026, 3, 20), ())] == [1, 2]
    assert [r.level for r in rungs_due(Kind.TASK, due, date(2026, 3, 20), (1,))] == [2]


def test_a_notice_is_read_by_its_own_unit_only() -> None:
    here = ground()
    lead = of(here.county)
    issued(of(here.prefecture), terms_for(here.county))
    notice = Notice.objects.to(lead).unread().get()
    for other in (of(here.far), of(here.neighbour)):
        assert not Notice.objects.to(other)
        with pytest.raises(NotFound):
            mark_read(actor=other, notice_id=notice.pk, at=NOW)
    assert mark_read(actor=lead, notice_id=notice.pk, at=NOW).read_by == lead.staff
    mark_read(actor=of(here.county), notice_id=notice.pk, at=days_later(1))
    notice.refresh_from_db()
    assert (notice.read_by, notice.read_at) == (lead.staff, NOW)
