"""Breaking the glass: one record, one hour, two supervisors told, a review or no more work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from reunion.base.actor import Actor, Purpose, system
from reunion.base.audit.models import AuditEntry
from reunion.base.emergency.access import (
    openable_kinds,
    opening_for,
    openings_for,
    own_openings,
    published_openings,
)
from reunion.base.emergency.actions import break_glass, remind_reviewers, review
from reunion.base.emergency.models import BreakGlass
from reunion.base.emergency.rules import Finding
from reunion.base.errors import ChangedMeanwhile, NotFound, NotPermitted, RuleBroken
from reunion.base.notices.models import Notice
from reunion.base.permissions.actions import exclude
from reunion.base.permissions.decide import fetch
from reunion.base.small_cells import SMALLEST
from reunion.base.units.models import Post, Staff, Unit
from tests.base.two_people import record_at
from tests.cast import NOW, TODAY, acting, administrator

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T21")]

COUNTY, PREFECTURE, FAR = "cn/15/1506/150602/", "cn/15/1506/", "cn/65/6501/650102/"
CLOCK = system("emergency.remind")


@pytest.fixture(autouse=True)
def units_open_in_emergencies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The record that is opened here is a unit: rooms with people come later."""
    monkeypatch.setattr(Unit, "opens_in_emergency", True)


def known(value: UUID | None) -> UUID:
    assert value is not None
    return value


def supervising(unit: Unit) -> Actor:
    """Somebody with a post as supervisor at a unit."""
    staff = Staff.objects.unscoped().create(name="Synthetic Person", region=unit.region)
    post = Post.objects.unscoped().create(
        unit=unit, staff=staff, role="supervisor", region=unit.region, valid_from=TODAY
    )
    may = ("emergency.see", "emergency.review")
    actor = acting("supervisor", unit.region, *may)
    return replace(actor, staff=staff.pk, unit=unit.pk, post=post.pk)


@dataclass
class Scene:
    """Ms Tao of the county, who opens; her supervisor; one of the prefecture; the far record."""

    tao: Actor
    own_chief: Actor
    other_chief: Actor
    record: Unit

    def opens(self, at: datetime = NOW, **others: object) -> BreakGlass:
        values: dict[str, object] = {
            "actor": self.tao,
            "kind": "units.unit",
            "subject_id": self.record.pk,
            "case": "SYN-1",
            "reason": "A child may be on that train",
            "at": at,
        }
        return break_glass(**(values | others))  # type: ignore[arg-type]  # mixed values

    def sees(self, at: datetime, actor: Actor | None = None) -> bool:
        try:
            fetch(Unit.objects, actor or self.tao, self.record.pk, needs="units.see", at=at)
        except NotFound:
            return False
        return True

    def paused(self, at: datetime) -> bool:
        return Staff.objects.unscoped().get(pk=known(self.tao.staff)).is_paused(at)


@pytest.fixture
def scene() -> Scene:
    here, above = record_at(COUNTY), record_at(PREFECTURE)
    staff = Staff.objects.unscoped().create(name="Synthetic Person", region=COUNTY)
    tao = acting("case_officer", COUNTY, "units.see", "emergency.open")
    tao = replace(tao, staff=staff.pk, unit=here.pk)
    return Scene(tao, supervising(here), supervising(above), record_at(FAR))


def reviewed(by: Actor, opened: BreakGlass, at: datetime, **others: object) -> BreakGlass:
    values: dict[str, object] = {
        "actor": by,
        "opening_id": opened.pk,
        "version": opened.version,
        "finding": Finding.JUSTIFIED,
        "remark": "",
        "at": at,
    }
    return review(**(values | others))  # type: ignore[arg-type]  # mixed values


def minutes(number: float) -> datetime:
    return NOW + timedelta(minutes=number)


def hours(number: float) -> datetime:
    return NOW + timedelta(hours=number)


def test_a_record_is_open_for_sixty_minutes_and_not_a_second_longer(scene: Scene) -> None:
    assert not scene.sees(NOW)
    scene.opens()
    accesses = [scene.sees(minutes(n)) for n in range(180)]
    assert accesses == [True] * 60 + [False] * 120
    assert scene.sees(minutes(60) - timedelta(microseconds=1))


def test_nobody_else_sees_it_and_lists_stay_closed(scene: Scene) -> None:
    other = record_at(FAR)
    scene.opens()
    assert not scene.sees(NOW, replace(scene.tao, staff=uuid4()))
    assert scene.record not in Unit.objects.visible_to(scene.tao, NOW)
    with pytest.raises(NotFound):
        fetch(Unit.objects, scene.tao, other.pk, needs="units.see", at=NOW)


def test_two_supervisors_are_told_at_once_one_of_them_of_another_unit(scene: Scene) -> None:
    opened = scene.opens()
    told = Notice.objects.filter(what="emergency.opened", subject=opened.pk)
    posts = {scene.own_chief.post, scene.other_chief.post}
    assert {one.post for one in told} == posts
    assert {one.at for one in told} == {NOW}
    entry = AuditEntry.objects.get(act="break_glass")
    assert (entry.subject, entry.purpose, entry.case) == (
        scene.record.pk, Purpose.EMERGENCY, "SYN-1",
    )  # fmt: skip


def test_without_a_supervisor_of_another_unit_nothing_is_opened(scene: Scene) -> None:
    Post.objects.unscoped().filter(pk=known(scene.other_chief.post)).update(role="auditor")
    supervising(Unit.objects.unscoped().get(pk=known(scene.tao.unit)))
    for subject in (scene.record.pk, uuid4()):  # nobody learns which records there are
        with pytest.raises(RuleBroken, match="emergency_needs_two_supervisors"):
            scene.opens(subject_id=subject)
    assert not BreakGlass.objects.unscoped().exists()


def test_ones_own_post_as_a_supervisor_is_not_told(scene: Scene) -> None:
    Post.objects.unscoped().filter(pk=known(scene.own_chief.post)).update(staff=scene.tao.staff)
    with pytest.raises(RuleBroken, match="emergency_needs_two_supervisors"):
        scene.opens()


@pytest.mark.parametrize("gap", [{"reason": " "}, {"case": ""}])
def test_a_reason_and_a_case_are_given(scene: Scene, gap: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken, match="emergency_has_a_reason_and_a_case"):
        scene.opens(**gap)


def test_what_cannot_be_opened_looks_like_what_is_not_there(scene: Scene) -> None:
    def refused(**others: Any) -> None:
        with pytest.raises(NotFound):
            scene.opens(**others)

    refused(subject_id=uuid4())
    refused(kind="nothing.such")
    refused(kind="")
    refused(kind="units.staff", subject_id=scene.tao.staff)
    exclude(actor=administrator(), subject=scene.record, basis="test", at=NOW, region=COUNTY)
    refused()
    with pytest.raises(NotPermitted):
        scene.opens(actor=acting("secretariat", COUNTY, "units.see"))
    assert not BreakGlass.objects.unscoped().exists()


def test_an_exclusion_written_afterwards_shuts_the_record_at_once(scene: Scene) -> None:
    scene.opens()
    exclude(
        actor=administrator(), subject=scene.record, basis="test", at=NOW, staff=scene.tao.staff
    )
    assert not scene.sees(minutes(1))


def test_tips_originals_vouchers_and_keys_are_never_among_the_kinds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Unit, "opens_in_emergency", False)
    apart = {"tips", "inbox", "correspondence", "attachments", "keys", "accounts", "audit"}
    assert not {kind.split(".")[0] for kind in openable_kinds()} & apart
    assert "approvals.proposal" not in openable_kinds()
    assert "assignments.assignment" in openable_kinds()


def test_every_unreviewed_opening_pauses_whoever_opened_at_72_hours(scene: Scene) -> None:
    """By the gate's own clock: no job has run here."""
    scene.opens()
    assert not scene.paused(hours(72) - timedelta(microseconds=1))
    assert scene.paused(hours(72))
    assert scene.paused(hours(1000))


def test_a_review_by_another_unit_lifts_it_also_afterwards(scene: Scene) -> None:
    reviewed(scene.other_chief, scene.opens(), hours(1))
    assert not scene.paused(hours(1000))
    late = scene.opens(hours(2))
    assert scene.paused(hours(80))
    reviewed(scene.other_chief, late, hours(80))
    assert not scene.paused(hours(80))


def test_each_of_several_openings_keeps_its_own_time(scene: Scene) -> None:
    first, second = scene.opens(), scene.opens(hours(10))
    reviewed(scene.other_chief, first, hours(20))
    assert not scene.paused(hours(81))
    assert scene.paused(hours(82))
    reviewed(scene.other_chief, second, hours(90))
    assert not scene.paused(hours(90))
    third = scene.opens(hours(100))
    scene.opens(hours(101))
    reviewed(scene.other_chief, third, hours(173))
    assert scene.paused(hours(173)), "the fourth is late too"


def test_one_unreviewed_among_many_is_enough(scene: Scene) -> None:
    opened = [scene.opens(hours(n)) for n in range(20)]
    for one in opened[1:]:
        reviewed(scene.other_chief, one, hours(30))
    assert not scene.paused(hours(71.99))
    assert scene.paused(hours(72))


def test_neither_the_person_nor_the_unit_reviews_its_own_opening(scene: Scene) -> None:
    opened = scene.opens()
    same_person = replace(scene.other_chief, staff=scene.tao.staff)
    for one in (scene.own_chief, same_person, replace(scene.other_chief, unit=None)):
        with pytest.raises(RuleBroken, match="emergency_is_reviewed_by_another_unit"):
            reviewed(one, opened, hours(1))
    far_chief = supervising(scene.record)
    with pytest.raises(NotFound):
        reviewed(far_chief, opened, hours(1))
    with pytest.raises(NotPermitted):
        reviewed(acting("case_leader", PREFECTURE, "emergency.see"), opened, hours(1))
    assert scene.paused(hours(72))


def test_the_database_refuses_such_a_review_too(scene: Scene) -> None:
    opened = scene.opens()
    rows = BreakGlass.objects.unscoped().filter(pk=opened.pk)
    good: dict[str, object] = {
        "reviewed_at": hours(1),
        "reviewer": scene.other_chief.staff,
        "reviewer_unit": scene.other_chief.unit,
        "finding": "justified",
    }
    for bad in (
        {"reviewer": scene.tao.staff},
        {"reviewer_unit": scene.tao.unit},
        {"reviewer": None},
        {"reviewer_unit": None},
        {"finding": ""},
        {"finding": "fine"},
        {"reviewed_at": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**(good | bad))
    rows.update(**good)


def test_a_review_is_made_once_and_a_bad_finding_says_why(scene: Scene) -> None:
    opened = scene.opens()
    with pytest.raises(RuleBroken, match="finding_needs_a_remark"):
        reviewed(scene.other_chief, opened, hours(1), finding=Finding.NOT_JUSTIFIED)
    reviewed(scene.other_chief, opened, hours(1), finding=Finding.NOT_JUSTIFIED, remark="no danger")
    with pytest.raises(ChangedMeanwhile):
        reviewed(scene.other_chief, opened, hours(2))
    with pytest.raises(RuleBroken, match="emergency_is_reviewed_once"):
        reviewed(scene.other_chief, opened, hours(2), version=2)


def test_reviewers_are_reminded_once_a_day_before(scene: Scene) -> None:
    done, waiting = scene.opens(), scene.opens(hours(1))
    reviewed(scene.other_chief, done, hours(2))
    told = [remind_reviewers(actor=CLOCK, at=hours(n)) for n in range(80)]
    assert [n for n, count in enumerate(told) if count] == [49]
    posts = Notice.objects.filter(what="emergency.review_due", subject=waiting.pk)
    assert {one.post for one in posts} == {scene.own_chief.post, scene.other_chief.post}


def test_openings_are_seen_by_their_region_and_by_whoever_opened(scene: Scene) -> None:
    opened = scene.opens()
    later = scene.opens(hours(1))
    reviewed(scene.other_chief, opened, hours(2))
    assert list(openings_for(scene.other_chief, hours(2))) == [later, opened]
    assert list(own_openings(scene.tao)) == [later, opened]
    assert not own_openings(acting("case_officer", COUNTY, "emergency.open"))
    stranger = acting("supervisor", FAR, "emergency.see")
    assert not openings_for(stranger, NOW)
    with pytest.raises(NotFound):
        opening_for(stranger, opened.pk, NOW)


@pytest.mark.threat("T25")
def test_published_counts_are_by_province_and_month_and_never_small(scene: Scene) -> None:
    def opened_in(region: str, number: int) -> None:
        for _ in range(number):
            BreakGlass.objects.unscoped().create(
                region=region, staff=uuid4(), unit=uuid4(), kind="units.unit",
                subject=scene.record.pk, case="SYN-1", reason="synthetic", opened_at=NOW,
                ends_at=minutes(60), review_due=hours(72),
            )  # fmt: skip

    for region, number in ((COUNTY, 7), (PREFECTURE, 8), (FAR, 3), ("cn/", 30), ("cn/31/", 40)):
        opened_in(region, number)
    shown = published_openings(date(2026, 3, 31), at=NOW + timedelta(40))
    assert shown.total == 88
    # Without the 15 the rest would be the 3 of one province.
    assert {key: cell for key, cell in shown.cells.items() if cell} == {"cn/": 30, "cn/31/": 40}
    assert all(cell is None or cell >= SMALLEST for cell in shown.cells.values())
    rest = 88 - sum(cell for cell in shown.cells.values() if cell is not None)
    assert rest >= SMALLEST
    assert published_openings(date(2026, 2, 1), at=NOW).total is None
    with pytest.raises(RuleBroken, match="month_is_over"):
        published_openings(TODAY, at=NOW)
