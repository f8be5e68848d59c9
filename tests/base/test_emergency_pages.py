"""An emergency on the real pages: opened, looked at, entered, shut after an hour, reviewed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from reunion.base.actor import Purpose
from reunion.base.assignments.models import Assignment
from reunion.base.assignments.rules import Kind
from reunion.base.audit.models import AuditEntry
from reunion.base.emergency.models import BreakGlass
from reunion.base.permissions.models import Grant
from reunion.base.units.models import Staff, Unit
from tests.base.signing_in import Browser, member, police, with_key

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T21")]

COUNTY, PREFECTURE, FAR = "cn/15/1506/150602/", "cn/15/1506/", "cn/65/6501/650102/"
TITLE = "Look for the synthetic child on the night train"


def task_of(unit: Unit) -> Assignment:
    """A task that another province gave itself."""
    return Assignment.objects.unscoped().create(
        kind=Kind.TASK, title=TITLE, scope=unit.region, region=unit.region, issuer=unit
    )


def version_in(text: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', text)
    assert found is not None
    return found[1]


def move_back(by: timedelta) -> None:
    """As if the opening had been so much earlier."""
    for model, fields in (
        (Grant, ("starts_at", "ends_at")),
        (BreakGlass, ("opened_at", "ends_at", "review_due")),
    ):
        for row in model._base_manager.all():
            for field in fields:
                setattr(row, field, getattr(row, field) - by)
            row.save()
    for person in Staff.objects.unscoped().filter(paused_from__isnull=False):
        assert isinstance(person.paused_from, datetime)
        person.paused_from -= by
        person.save()


@pytest.fixture
def tao() -> Browser:
    """Ms Tao of the county, whose supervisor and that of the prefecture are there; synthetic."""
    return with_key(member("tao", "case_officer", COUNTY))


@pytest.fixture
def chiefs() -> list[Browser]:
    return [
        with_key(member(f"chief-{number}", "supervisor", region))
        for number, region in enumerate((COUNTY, PREFECTURE))
    ]


def reads(task: Assignment) -> int:
    entries = AuditEntry.objects.filter(act="read_in_emergency", subject=task.pk)
    assert all(entry.purpose == Purpose.EMERGENCY for entry in entries)
    return entries.count()


def test_one_task_of_another_province_is_open_for_an_hour(
    tao: Browser, chiefs: list[Browser]
) -> None:
    task, other = (task_of(police(FAR)) for _ in range(2))
    page = f"/assignments/{task.pk}/"
    assert tao.get(page).status_code == 404
    assert "Assignment" in tao.get("/emergency/new/").content.decode()
    answer = tao.send(
        "/emergency/new/",
        kind="assignments.assignment",
        subject_id=str(task.pk),
        case="SYN-1",
        reason="The train arrives in twenty minutes",
    )
    assert answer.status_code == 302, answer.content.decode()
    assert page in tao.get("/emergency/own/").content.decode()

    shown = tao.get(page)
    assert shown.status_code == 200
    assert TITLE in shown.content.decode()
    assert reads(task) == 1
    assert tao.get(page).status_code == 200
    assert reads(task) == 2
    assert tao.get(f"/assignments/{other.pk}/").status_code == 404
    assert TITLE not in tao.get("/assignments/?show=all").content.decode()
    assert tao.get(f"{page}edit/").status_code == 404

    opened = BreakGlass.objects.unscoped().get()
    for chief in chiefs:
        assert f"/emergency/{opened.pk}/" in chief.get("/notices/").content.decode()
    told = chiefs[1].get(f"/emergency/{opened.pk}/").content.decode()
    assert f"Assignment {task.pk}" in told

    move_back(timedelta(minutes=60))
    assert tao.get(page).status_code == 404
    assert reads(task) == 2


def test_without_a_review_in_72_hours_the_account_stops_and_a_review_lets_it_work(
    tao: Browser, chiefs: list[Browser]
) -> None:
    task = task_of(police(FAR))
    fields = {"subject_id": str(task.pk), "case": "SYN-1", "reason": "A life is in danger"}
    tao.send("/emergency/new/", kind="assignments.assignment", **fields)
    move_back(timedelta(hours=72))
    assert "ended=paused" in tao.get("/").headers["Location"]

    opened = BreakGlass.objects.unscoped().get()
    page = f"/emergency/{opened.pk}/review/"
    own, other = chiefs
    version = version_in(other.get(page).content.decode())
    own.send(page, version=version, finding="justified", remark="")
    assert BreakGlass.objects.unscoped().get().reviewed_at is None
    other.send(page, version=version, finding="justified", remark="")
    reviewed = BreakGlass.objects.unscoped().get()
    assert reviewed.reviewed_at is not None
    assert reviewed.reviewed_at <= timezone.now()
    person = Staff.objects.unscoped().get(pk=opened.staff)
    assert not person.is_paused(timezone.now())


def test_a_look_that_needs_no_emergency_is_not_entered_as_one() -> None:
    far = police(FAR)
    task = task_of(far)
    inside = with_key(member("inside", "case_officer", FAR))
    assert inside.get(f"/assignments/{task.pk}/").status_code == 200
    assert reads(task) == 0
