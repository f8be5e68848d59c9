"""Agencies and posts are kept by those who administer their region."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from reunion.base.audit.models import AuditEntry
from reunion.base.errors import ChangedMeanwhile, NotFound, NotPermitted, RuleBroken, ScopeMissing
from reunion.base.units.access import posts_held, roster, unit_for, units_for, witness_keys
from reunion.base.units.actions import (
    appoint,
    close_unit,
    end_post,
    enter_staff,
    name_witness,
    open_unit,
    rename_unit,
)
from reunion.base.units.models import Post, Staff, Unit
from reunion.base.units.pack import start_of
from tests.base.signing_in import id_in, member, with_key
from tests.cast import NOW, TODAY, administrator, outsider

pytestmark = pytest.mark.django_db


def county_police() -> Unit:
    return open_unit(
        actor=administrator(),
        code="psb-150602",
        kind="police",
        level="county",
        region="cn/15/1506/150602/",
        name_en="County police",
        name="县公安局",
        valid_from=TODAY,
        at=NOW,
    )


def somebody() -> Staff:
    return enter_staff(
        actor=administrator(), name="Synthetic Person", region="cn/15/1506/150602/", at=NOW
    )


def officer(unit: Unit, staff: Staff | None = None, **others: Any) -> Post:
    values: dict[str, Any] = {"role": "case_officer", "valid_from": TODAY, "at": NOW} | others
    person = staff or somebody()
    return appoint(actor=administrator(), unit_id=unit.pk, staff_id=person.pk, **values)


def days(number: int) -> datetime:
    return NOW + timedelta(days=number)


def test_a_unit_is_seen_within_its_region_only() -> None:
    unit = county_police()
    assert unit_for(administrator("cn/15/"), unit.pk, NOW) == unit
    assert list(units_for(outsider(), NOW)) == []
    with pytest.raises(NotFound):
        unit_for(outsider(), unit.pk, NOW)


def test_every_write_leaves_an_entry() -> None:
    unit = county_police()
    assert [entry.act for entry in AuditEntry.objects.filter(subject=unit.pk)] == ["open_unit"]


def test_nobody_administers_another_region() -> None:
    unit = county_police()
    staff = somebody()
    with pytest.raises(NotFound):
        appoint(
            actor=outsider(),
            unit_id=unit.pk,
            staff_id=staff.pk,
            role="auditor",
            valid_from=TODAY,
            at=NOW,
        )
    with pytest.raises(NotPermitted):
        open_unit(
            actor=outsider(),
            code="x",
            kind="police",
            level="county",
            region="cn/15/",
            name_en="x",
            name="x",
            valid_from=TODAY,
            at=NOW,
        )


def test_nobody_appoints_themselves() -> None:
    unit = county_police()
    deng = administrator()
    assert deng.staff is not None
    with pytest.raises(RuleBroken):
        appoint(
            actor=deng,
            unit_id=unit.pk,
            staff_id=deng.staff,
            role="auditor",
            valid_from=TODAY,
            at=NOW,
        )


def test_a_post_lies_within_the_days_of_its_unit() -> None:
    unit = county_police()
    with pytest.raises(RuleBroken, match="unit_has_begun"):
        officer(unit, valid_from=unit.valid_from - timedelta(days=1))
    assert officer(unit, valid_from=unit.valid_from).valid_from == unit.valid_from
    end = TODAY + timedelta(days=30)
    close_unit(actor=administrator(), unit_id=unit.pk, valid_to=end, at=NOW, version=1)
    with pytest.raises(RuleBroken, match="post_ends_with_its_unit"):
        officer(unit, valid_to=end + timedelta(days=1))
    with pytest.raises(RuleBroken, match="unit_is_open"):
        officer(unit, valid_from=end)
    assert officer(unit, valid_to=end).valid_to == end


def test_asking_without_saying_for_whom_is_refused() -> None:
    with pytest.raises(ScopeMissing):
        Unit.objects.all()


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"kind": "bakery"}, "agency_is_known"),
        ({"level": "galaxy"}, "agency_has_this_level"),
        ({"level": "province"}, "region_is_of_this_level"),
        ({"region": "cn/15/1506/999999/"}, "region_is_known"),
        ({"region": "cn/15/1506/150602"}, "region_is_known"),
    ],
)
def test_what_the_pack_does_not_have_is_refused(wrong: dict[str, str], rule: str) -> None:
    values: dict[str, Any] = {
        "kind": "police",
        "level": "county",
        "region": "cn/15/1506/150602/",
    } | wrong
    with pytest.raises(RuleBroken) as refused:
        open_unit(
            actor=administrator(),
            code="x",
            name_en="x",
            name="x",
            valid_from=TODAY,
            at=NOW,
            **values,
        )
    assert refused.value.rule == rule


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"role": "wizard"}, "role_is_known"),
        ({"role": "family"}, "role_is_of_an_agency"),
        ({"rank": "grand_vizier"}, "rank_is_of_the_agency"),
        ({"region": "cn/15/"}, "post_within_region_of_unit"),
    ],
)
def test_a_post_has_a_role_a_rank_and_a_region_of_its_unit(
    wrong: dict[str, Any], rule: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        officer(county_police(), **wrong)
    assert refused.value.rule == rule


def test_a_post_is_held_from_its_first_day_to_the_day_before_its_last() -> None:
    post = officer(county_police(), valid_from=TODAY, valid_to=days(10).date())
    held = [len(posts_held(post.staff_id, days(number))) for number in (-1, 0, 9, 10)]
    assert held == [0, 1, 1, 0]


def test_a_post_begins_and_ends_with_the_days_of_the_country() -> None:
    """There a day begins eight hours before that of UTC does."""
    first, last = TODAY, days(10).date()
    post = officer(county_police(), valid_from=first, valid_to=last)
    minute = timedelta(minutes=1)
    moments = [start_of(day) - before for day in (first, last) for before in (minute, 0 * minute)]
    assert [posts_held(post.staff_id, at.astimezone(UTC)).exists() for at in moments] == [
        *(False, True),
        *(True, False),
    ]


def test_the_roster_is_that_of_the_day_asked_for() -> None:
    unit = county_police()
    first = officer(unit)
    end_post(actor=administrator(), post_id=first.pk, valid_to=days(5).date(), at=NOW)
    second = officer(unit, valid_from=days(5).date())
    assert list(roster(unit, days(4))) == [first]
    assert list(roster(unit, days(5))) == [second]


def test_closing_a_unit_ends_its_posts_and_names_what_follows() -> None:
    old = county_police()
    post = officer(old)
    new = open_unit(
        actor=administrator(),
        code="psb-new",
        kind="police",
        level="county",
        region="cn/15/1506/150602/",
        name_en="New police",
        name="新公安局",
        valid_from=days(30).date(),
        at=NOW,
    )
    close_unit(
        actor=administrator(),
        unit_id=old.pk,
        successor=new.pk,
        valid_to=days(30).date(),
        at=NOW,
        version=old.version,
    )
    old.refresh_from_db()
    post.refresh_from_db()
    assert (old.successor_id, post.valid_to) == (new.pk, days(30).date())
    assert not posts_held(post.staff_id, days(30))
    acts = {entry.act for entry in AuditEntry.objects.filter(subject__in=[old.pk, post.pk])}
    assert acts == {"open_unit", "close_unit", "appoint", "end_post"}
    with pytest.raises(RuleBroken):
        officer(old, valid_from=days(30).date())


def test_a_closed_unit_is_not_closed_again_and_a_unit_does_not_follow_itself() -> None:
    unit = county_police()
    with pytest.raises(RuleBroken):
        close(unit, successor=unit)
    with pytest.raises(RuleBroken):
        close_unit(
            actor=administrator(), unit_id=unit.pk, valid_to=TODAY, at=NOW, version=unit.version
        )
    close(unit)
    unit.refresh_from_db()
    with pytest.raises(RuleBroken):
        close(unit)


def close(unit: Unit, successor: Unit | None = None) -> Unit:
    return close_unit(
        actor=administrator(),
        unit_id=unit.pk,
        valid_to=days(1).date(),
        at=NOW,
        version=unit.version,
        successor=successor.pk if successor else None,
    )


def test_the_database_refuses_a_successor_of_an_open_unit() -> None:
    unit = county_police()
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.unscoped().filter(pk=unit.pk).update(successor=unit)


def test_a_page_shown_before_a_change_changes_nothing() -> None:
    unit = county_police()

    def rename(name: str) -> None:
        rename_unit(
            actor=administrator(),
            unit_id=unit.pk,
            name_en=name,
            name="别名",
            at=NOW,
            version=unit.version,
        )

    rename("One")
    with pytest.raises(ChangedMeanwhile):
        rename("Other")


def test_an_outsider_changes_no_unit_post_or_staff() -> None:
    unit = county_police()
    post = officer(unit)
    with pytest.raises(NotFound):
        close_unit(actor=outsider(), unit_id=unit.pk, valid_to=days(1).date(), at=NOW, version=1)
    with pytest.raises(NotFound):
        end_post(actor=outsider(), post_id=post.pk, valid_to=days(1).date(), at=NOW)
    with pytest.raises(NotPermitted):
        enter_staff(actor=outsider(), name="x", region="cn/15/", at=NOW)


def test_from_a_new_unit_to_its_end_by_forms() -> None:
    browser = with_key(member("admin", role="administrator", region="cn/15/"))
    staff = somebody()
    made = browser.send(
        "/units/new/",
        code="lab-150602",
        name="虚构实验室",
        name_en="Invented laboratory",
        kind="laboratory",
        level="county",
        region="150602",
        valid_from=TODAY.isoformat(),
    )
    page = made.headers["Location"]
    appointed = browser.send(
        f"{page}appoint/",
        staff=str(staff.pk),
        role="laboratory_analyst",
        valid_from=TODAY.isoformat(),
    )
    assert appointed.headers["Location"] == page
    shown = browser.get(page).content.decode()
    assert "Laboratory analyst" in shown
    post = Post.objects.unscoped().get(staff=staff)
    ended = browser.send(
        f"/posts/{post.pk}/end/", valid_to=days(1).date().isoformat(), version=str(post.version)
    )
    assert ended.headers["Location"] == page
    version = Unit.objects.unscoped().get(pk=id_in(page)).version
    browser.send(f"{page}close/", valid_to=days(2).date().isoformat(), version=str(version))
    assert Unit.objects.unscoped().get(pk=id_in(page)).valid_to == days(2).date()


def test_a_refused_form_says_why() -> None:
    browser = with_key(member("admin", role="administrator", region="cn/15/"))
    refused = browser.send(
        "/units/new/",
        code="x",
        name="x",
        name_en="x",
        kind="police",
        level="province",
        region="150602",
        valid_from=TODAY.isoformat(),
    )
    assert refused.status_code == 200
    assert "The region is not of this level." in refused.content.decode()


def test_pages_of_units_are_for_those_of_the_region() -> None:
    unit = county_police()
    inside = with_key(member("inside", region="cn/15/"))
    outside = with_key(member("outside", region="cn/65/"))
    assert inside.get(f"/units/{unit.pk}/").status_code == 200
    assert inside.get("/units/new/").status_code == 404
    assert outside.get(f"/units/{unit.pk}/").status_code == 404


def test_a_unit_becomes_a_witness_with_a_key_of_its_own() -> None:
    unit, key = county_police(), bytes(range(32))
    named = name_witness(
        actor=administrator(), unit_id=unit.pk, key=key, version=unit.version, at=NOW
    )
    assert witness_keys(NOW) == {unit.pk.hex: key.hex()}
    with pytest.raises(RuleBroken, match="witness_key_has_32_bytes"):
        name_witness(
            actor=administrator(), unit_id=unit.pk, key=key[1:], version=named.version, at=NOW
        )
    name_witness(actor=administrator(), unit_id=unit.pk, key=None, version=named.version, at=NOW)
    assert witness_keys(NOW) == {}
