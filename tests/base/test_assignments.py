"""An assignment has a lead unit and a due date; only the office that issued it confirms it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from reunion.base.actor import Actor
from reunion.base.assignments.access import assignment_for, assignments_for
from reunion.base.assignments.actions import (
    advance,
    confirm,
    edit_assignment,
    issue,
    report_progress,
    report_result,
)
from reunion.base.assignments.models import Assignment, ProgressReport
from reunion.base.assignments.rules import (
    Kind,
    Outcome,
    Standing,
    State,
    report_days,
    standing,
)
from reunion.base.audit.models import Step
from reunion.base.errors import (
    ChangedMeanwhile,
    MoveRefused,
    NotFound,
    NotPermitted,
    RuleBroken,
)
from reunion.base.notices.models import Notice
from tests.base.assigned import (
    DUE,
    WORKER,
    calendar,
    days_later,
    drafted,
    ground,
    issued,
    of,
    terms_for,
)
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def moved(actor: Actor, task: Assignment, move: str, reason: str = "") -> Assignment:
    return advance(
        actor=actor,
        assignment_id=task.pk,
        version=task.version,
        move=move,
        reason=reason,
        at=NOW,
    )


def answered(
    actor: Actor, task: Assignment, outcome: Outcome = Outcome.DONE, at: datetime = NOW
) -> Assignment:
    return report_result(
        actor=actor,
        assignment_id=task.pk,
        version=task.version,
        outcome=outcome,
        result="It is in the file",
        at=at,
    )


def test_a_task_goes_from_draft_to_closed_with_its_steps() -> None:
    here = ground()
    office, worker = of(here.prefecture), of(here.county, *WORKER)
    task = issued(office, terms_for(here.county))
    task = moved(worker, moved(worker, task, "accept"), "start")
    task = answered(worker, task)
    task = confirm(actor=office, assignment_id=task.pk, version=task.version, at=NOW)
    task = moved(office, task, "close")
    assert task.state == State.CLOSED
    steps = Step.objects.filter(subject=task.pk).order_by("id").values_list("move", flat=True)
    assert list(steps) == ["issue", "accept", "start", "report", "confirm", "close"]


def test_a_task_without_a_lead_unit_cannot_be_issued() -> None:
    with pytest.raises(RuleBroken, match="lead_unit_named"):
        issued(of(ground().province), terms_for(None))


@pytest.mark.parametrize(
    ("completion", "due", "rule"),
    [
        (" ", DUE, "measure_of_completion"),
        ("the file", None, "due_date_named"),
        ("the file", date(2026, 3, 1), "due_after_issue"),
        ("the file", date.max, "due_within_ten_years"),
    ],
)
def test_a_task_is_issued_only_when_it_is_complete(
    completion: str, due: date | None, rule: str
) -> None:
    here = ground()
    terms = replace(terms_for(here.county, due), completion=completion)
    with pytest.raises(RuleBroken, match=rule):
        issued(of(here.prefecture), terms)


def test_the_due_date_is_counted_in_working_days_from_the_day_of_issue() -> None:
    here = ground()
    terms = replace(terms_for(here.county, None), working_days=5)
    # Monday, 2 March: the first day is Tuesday, the fifth the Monday after the weekend.
    assert issued(of(here.prefecture), terms).due == date(2026, 3, 9)


def test_nobody_commands_agencies_beyond_their_region() -> None:
    here = ground()
    with pytest.raises(NotPermitted):
        drafted(of(here.prefecture), terms_for(here.far))
    draft = drafted(of(here.county), replace(terms_for(here.neighbour), scope=here.county.region))
    with pytest.raises(RuleBroken, match="lead_in_region"):
        issue(
            actor=of(here.county),
            assignment_id=draft.pk,
            version=draft.version,
            calendar=calendar(),
            at=NOW,
        )


def test_a_unit_leads_or_cooperates_but_not_both() -> None:
    here = ground()
    terms = replace(terms_for(here.county), cooperating=frozenset({here.county.pk}))
    with pytest.raises(RuleBroken, match="lead_or_cooperating"):
        drafted(of(here.prefecture), terms)


def test_a_unit_that_does_not_exist_is_not_named() -> None:
    terms = replace(terms_for(ground().county), lead=uuid4())
    with pytest.raises(RuleBroken, match="unit_in_force"):
        drafted(of(ground().prefecture), terms)


def test_a_draft_is_seen_by_its_own_side_and_a_task_by_the_units_that_take_part() -> None:
    here = ground()
    office, lead, helper = of(here.prefecture), of(here.county), of(here.neighbour)
    terms = replace(terms_for(here.county), cooperating=frozenset({here.neighbour.pk}))
    draft = drafted(office, terms)
    for other in (lead, helper, of(here.far)):
        with pytest.raises(NotFound):
            assignment_for(other, draft.pk, NOW)
    issue(actor=office, assignment_id=draft.pk, version=draft.version, calendar=calendar(), at=NOW)
    assert assignment_for(lead, draft.pk, NOW) == assignment_for(helper, draft.pk, NOW)
    with pytest.raises(NotFound):
        assignment_for(of(here.far), draft.pk, NOW)


def test_only_the_lead_unit_works_and_only_the_issuing_unit_confirms() -> None:
    here = ground()
    office, lead = of(here.prefecture), of(here.county)
    task = issued(office, terms_for(here.county))
    for other in (office, of(here.province)):
        with pytest.raises(RuleBroken, match="only_the_lead_unit"):
            moved(other, task, "accept")
    task = answered(lead, task)
    for other in (lead, of(here.province)):
        with pytest.raises(RuleBroken, match="only_the_issuing_unit"):
            confirm(actor=other, assignment_id=task.pk, version=task.version, at=NOW)
    with pytest.raises(NotFound):
        confirm(actor=of(here.far), assignment_id=task.pk, version=task.version, at=NOW)


def test_what_somebody_reported_is_confirmed_by_another_person() -> None:
    here = ground()
    deng = of(here.prefecture)
    task = answered(deng, issued(deng, terms_for(here.prefecture)))
    with pytest.raises(RuleBroken, match="another_person"):
        confirm(actor=deng, assignment_id=task.pk, version=task.version, at=NOW)
    done = confirm(actor=of(here.prefecture), assignment_id=task.pk, version=task.version, at=NOW)
    assert done.state == State.CONFIRMED


def test_a_role_without_the_permission_moves_nothing() -> None:
    here = ground()
    task = issued(of(here.prefecture), terms_for(here.county))
    with pytest.raises(NotPermitted):
        moved(of(here.county, "assignments.see"), task, "accept")
    with pytest.raises(NotPermitted):
        assignments_for(of(here.county, "units.see"), NOW)


def test_a_disputed_task_goes_to_another_unit_and_the_first_one_sees_it_no_more() -> None:
    here = ground()
    office, first, second = of(here.prefecture), of(here.county), of(here.neighbour)
    task = moved(first, issued(office, terms_for(here.county)), "dispute", "not our river")
    task = edit_assignment(
        actor=office,
        assignment_id=task.pk,
        version=task.version,
        terms=terms_for(here.neighbour),
        at=NOW,
    )
    task = issue(
        actor=office,
        assignment_id=task.pk,
        version=task.version,
        calendar=calendar(),
        reason="it is theirs",
        at=NOW,
    )
    assert moved(second, task, "accept").state == State.ACCEPTED
    with pytest.raises(NotFound):
        assignment_for(first, task.pk, NOW)


def test_a_disputed_task_is_rewritten_without_a_day_yet_and_then_needs_one() -> None:
    here = ground()
    office = of(here.prefecture)
    task = moved(of(here.county), issued(office, terms_for(here.county)), "dispute", "not ours")
    task = edit_assignment(
        actor=office,
        assignment_id=task.pk,
        version=task.version,
        terms=terms_for(here.neighbour, None),
        at=NOW,
    )
    with pytest.raises(RuleBroken, match="due_date_named"):
        issue(
            actor=office,
            assignment_id=task.pk,
            version=task.version,
            calendar=calendar(),
            reason="it is theirs",
            at=NOW,
        )


def test_a_move_that_must_be_explained_is_refused_without_a_reason() -> None:
    here = ground()
    task = issued(of(here.prefecture), terms_for(here.county))
    with pytest.raises(RuleBroken, match="reason_given"):
        moved(of(here.county), task, "dispute", " ")


def test_a_move_that_does_not_exist_is_refused() -> None:
    here = ground()
    task = issued(of(here.prefecture), terms_for(here.county))
    with pytest.raises(MoveRefused):
        moved(of(here.county), task, "start")


def test_a_move_on_an_old_page_is_refused() -> None:
    here = ground()
    office, lead = of(here.prefecture), of(here.county)
    task = issued(office, terms_for(here.county))
    shown = task.version
    moved(lead, task, "accept")
    with pytest.raises(ChangedMeanwhile):
        advance(
            actor=office,
            assignment_id=task.pk,
            version=shown,
            move="withdraw",
            reason="mistaken",
            at=NOW,
        )


def test_an_issued_task_is_edited_no_more() -> None:
    here = ground()
    office = of(here.prefecture)
    task = issued(office, terms_for(here.county))
    with pytest.raises(RuleBroken, match="only_drafts_are_edited"):
        edit_assignment(
            actor=office,
            assignment_id=task.pk,
            version=task.version,
            terms=terms_for(here.county),
            at=NOW,
        )


def test_a_cascade_grows_from_the_lead_unit_and_holds_the_whole_up() -> None:
    here = ground()
    province, prefecture, county = of(here.province), of(here.prefecture), of(here.county)
    whole = issued(province, terms_for(here.prefecture))
    part_terms = replace(terms_for(here.county), parent=whole.pk)
    with pytest.raises(RuleBroken, match="cascade_of_own_assignment"):
        drafted(province, part_terms)
    with pytest.raises(RuleBroken, match="due_within_parent"):
        issued(prefecture, replace(part_terms, due=date(2026, 3, 13)))
    part = issued(prefecture, part_terms)
    with pytest.raises(RuleBroken, match="parts_are_open"):
        answered(prefecture, whole)
    with pytest.raises(RuleBroken, match="parts_are_open"):
        moved(province, whole, "withdraw", "no longer wanted")
    part = answered(county, part)
    confirm(actor=prefecture, assignment_id=part.pk, version=part.version, at=NOW)
    for draft in Assignment.objects.unscoped().filter(parent=whole, state=State.DRAFT):
        moved(prefecture, draft, "withdraw", "was never issued")
    assert answered(prefecture, whole).state == State.REPORTED


def test_progress_is_reported_for_the_days_that_were_asked_for() -> None:
    here = ground()
    office, lead = of(here.prefecture), of(here.county)
    task = issued(office, replace(terms_for(here.county), report_every=3))
    assert task.report_days(calendar()) == (date(2026, 3, 5), date(2026, 3, 10))
    with pytest.raises(RuleBroken, match="report_day"):
        report_progress(
            actor=lead,
            assignment_id=task.pk,
            day=date(2026, 3, 6),
            text="x",
            calendar=calendar(),
            at=NOW,
        )
    report = report_progress(
        actor=lead,
        assignment_id=task.pk,
        day=date(2026, 3, 5),
        text="Half of the files were read",
        calendar=calendar(),
        at=days_later(4),
    )
    assert standing(report.day, report.on, date(2026, 3, 20)) is Standing.LATE
    with pytest.raises(RuleBroken, match="only_the_lead_unit"):
        report_progress(
            actor=office,
            assignment_id=task.pk,
            day=date(2026, 3, 5),
            text="x",
            calendar=calendar(),
            at=NOW,
        )


@pytest.mark.parametrize(
    ("received", "today", "wanted"),
    [
        (None, 5, Standing.NOT_DUE),
        (None, 6, Standing.MISSING),
        (5, 9, Standing.ON_TIME),
        (6, 9, Standing.LATE),
    ],
)
def test_a_report_is_on_time_late_or_missing(
    received: int | None, today: int, wanted: Standing
) -> None:
    on = date(2026, 3, received) if received else None
    assert standing(date(2026, 3, 5), on, date(2026, 3, today)) is wanted


def test_no_reports_are_asked_for_where_none_are_wanted() -> None:
    assert list(report_days(date(2026, 3, 2), DUE, 0, calendar())) == []


def test_lists_tell_whose_turn_it_is() -> None:
    here = ground()
    office, lead, helper = of(here.prefecture), of(here.county), of(here.neighbour)
    terms = replace(terms_for(here.county), cooperating=frozenset({here.neighbour.pk}))
    task = issued(office, terms)
    tasks = Assignment.objects.unscoped()
    assert (
        list(tasks.waiting_for(lead.unit)) == list(tasks.waiting_for_others(office.unit)) == [task]
    )
    assert not tasks.waiting_for(office.unit)
    assert not tasks.waiting_for_others(lead.unit)
    assert list(tasks.mine(lead)) == list(tasks.mine(helper)) == [task]
    assert not tasks.mine(of(here.far))
    answered(lead, task)
    assert list(tasks.waiting_for(office.unit)) == list(tasks.waiting_for_others(lead.unit))


def test_a_task_is_overdue_on_the_day_after_its_due_date_and_not_before() -> None:
    here = ground()
    task = issued(of(here.prefecture), terms_for(here.county))
    tasks = Assignment.objects.unscoped()
    assert not tasks.overdue(days_later(10))
    assert list(tasks.overdue(days_later(11))) == [task]
    assert list(tasks.due_within(days_later(4), 7)) == [task]
    assert (task.is_overdue(days_later(10)), task.is_overdue(days_later(11))) == (False, True)
    answered(of(here.county), task)
    assert not tasks.overdue(days_later(11))


def test_each_side_is_told_what_the_other_one_did() -> None:
    here = ground()
    office, lead = of(here.prefecture), of(here.county)
    task = answered(lead, issued(office, terms_for(here.county)))
    moved(office, task, "send_back", "the report is missing")
    told = Notice.objects.order_by("pk").values_list("unit", "what")
    assert set(told) == {
        (here.county.pk, "assignment.issued"),
        (here.prefecture.pk, "assignment.reported"),
        (here.county.pk, "assignment.sent_back"),
    }


def test_a_draft_that_is_withdrawn_is_told_to_nobody() -> None:
    here = ground()
    office = of(here.prefecture)
    moved(office, drafted(office, terms_for(here.county)), "withdraw", "mistaken")
    assert not Notice.objects.exists()


def test_reports_cannot_be_changed() -> None:
    here = ground()
    task = issued(of(here.prefecture), replace(terms_for(here.county), report_every=3))
    report_progress(
        actor=of(here.county),
        assignment_id=task.pk,
        day=date(2026, 3, 5),
        text="All is well",
        calendar=calendar(),
        at=NOW,
    )
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        ProgressReport.objects.update(text="Nothing was done")


@pytest.mark.parametrize(
    "change",
    [
        "state = 'issued', lead_id = NULL",
        "state = 'issued', due = NULL",
        "state = 'reported'",
        "state = 'reported', result = 'x', reported_at = NULL, reported_by = NULL",
        "state = 'closed'",
        "state = 'overdue'",
        "kind = 'order'",
        "outcome = 'refused'",
    ],
)
def test_the_database_itself_refuses(change: str) -> None:
    here = ground()
    task = issued(of(here.prefecture), terms_for(here.county))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE assignments_assignment SET {change} WHERE id = %s",  # noqa: S608  # our words
            [task.pk.hex],
        )


def test_the_database_refuses_one_person_in_both_parts() -> None:
    here = ground()
    task = answered(of(here.county), issued(of(here.prefecture), terms_for(here.county)))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assignments_assignment SET state = 'confirmed', confirmed_by = reported_by"
            " WHERE id = %s",
            [task.pk.hex],
        )


def test_a_request_is_of_another_unit() -> None:
    here = ground()
    with pytest.raises(RuleBroken, match="another_unit"):
        issued(of(here.county), terms_for(here.county), Kind.REQUEST)
