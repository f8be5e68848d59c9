"""Who sees which record: one rule in Python, and the same in the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reunion.base.actor import Actor, Purpose
from reunion.base.audit.models import AuditEntry
from reunion.base.errors import Implicated, NotFound, RuleBroken
from reunion.base.permissions.access import with_purpose
from reunion.base.permissions.actions import (
    end_grants,
    enter_household,
    exclude,
    grant,
    implicate,
    lift_implication,
    state_purpose,
)
from reunion.base.permissions.barred import is_barred, require_uninvolved
from reunion.base.permissions.decide import fetch
from reunion.base.permissions.models import Opening
from reunion.base.permissions.rules import REVEALED_PER_DAY, is_visible
from reunion.base.units.models import Unit
from reunion.base.units.pack import jurisdiction
from tests.cast import NOW, TODAY, acting, administrator, outsider

pytestmark = pytest.mark.django_db

REGIONS = ["cn/", "cn/15/", "cn/15/1506/", "cn/15/1506/150602/", "cn/15/1507/", "cn/65/"]


def unit_in(region: str) -> Unit:
    return Unit.objects.unscoped().create(
        code=str(uuid4()), kind="police", level="county", region=region,
        name_en="Synthetic unit", name="合成单位", valid_from=TODAY,
    )  # fmt: skip


def sees(actor: Actor, unit: Unit) -> bool:
    return Unit.objects.visible_to(actor, NOW).filter(pk=unit.pk).exists()


@given(
    scope=st.sampled_from(REGIONS),
    region=st.sampled_from(REGIONS),
    granted=st.booleans(),
    excluded=st.lists(st.sampled_from(REGIONS), max_size=2),
)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_shows_what_the_rule_says(
    scope: str, region: str, granted: bool, excluded: list[str]
) -> None:
    unit, actor = unit_in(region), acting("administrator", scope, "units.see")
    if granted:
        grant(actor=administrator(), subject=unit, basis="test", at=NOW, unit=actor.unit)
    for hidden in excluded:
        exclude(actor=administrator(), subject=unit, basis="test", at=NOW, region=hidden)
    assert sees(actor, unit) == is_visible(scope, region, granted=granted, excluded=excluded)


@pytest.mark.threat("T3")
def test_an_exclusion_is_stronger_than_region_and_grant() -> None:
    unit, officer = unit_in("cn/15/1506/"), acting("case_officer", "cn/15/1506/", "units.see")
    grant(actor=administrator(), subject=unit, basis="test", at=NOW, staff=officer.staff)
    exclude(actor=administrator(), subject=unit, basis="test", at=NOW, staff=officer.staff)
    with pytest.raises(NotFound):
        fetch(Unit.objects, officer, unit.pk, needs="units.see", at=NOW)
    assert sees(administrator(), unit)


def test_a_grant_ends_when_its_reason_does() -> None:
    unit = unit_in("cn/15/")
    qiao = outsider()
    grant(actor=administrator(), subject=unit, basis="cases.transfer", at=NOW, staff=qiao.staff)
    assert sees(qiao, unit)
    later = NOW + timedelta(hours=1)
    ended = end_grants(actor=administrator(), subject=unit, basis="cases.transfer", at=later)
    assert ended == 1
    assert not Unit.objects.visible_to(qiao, later).exists()
    assert sees(qiao, unit), "what was so at an earlier moment stays so"


def test_a_named_grant_opens_the_record_and_lists_nothing() -> None:
    unit, qiao = unit_in("cn/15/"), outsider()
    grant(
        actor=administrator(), subject=unit, basis="break_glass", at=NOW, staff=qiao.staff,
        opening=Opening.NAMED, ends_at=NOW + timedelta(hours=1),
    )  # fmt: skip
    assert not sees(qiao, unit)
    assert fetch(Unit.objects, qiao, unit.pk, needs="units.see", at=NOW) == unit
    with pytest.raises(NotFound):
        fetch(Unit.objects, qiao, unit.pk, needs="units.see", at=NOW + timedelta(hours=1))


def test_a_role_without_the_permission_finds_nothing_even_in_its_region() -> None:
    unit = unit_in("cn/15/")
    with pytest.raises(NotFound):
        fetch(Unit.objects, acting("family", "cn/15/"), unit.pk, needs="units.see", at=NOW)


def test_a_stated_purpose_is_recorded_and_holds_for_one_record_and_a_while() -> None:
    unit, other, deng = unit_in("cn/15/"), unit_in("cn/15/"), administrator()
    assert with_purpose(deng, unit, NOW).purpose is None
    state_purpose(actor=deng, subject=unit, purpose=Purpose.OWN_CASE, case="SYN-1", at=NOW)
    assert with_purpose(deng, unit, NOW).purpose is Purpose.OWN_CASE
    assert with_purpose(deng, other, NOW).purpose is None
    assert with_purpose(deng, unit, NOW + timedelta(minutes=30)).purpose is None
    entry = AuditEntry.objects.get(act="state_purpose")
    assert (entry.subject, entry.purpose, entry.case) == (unit.pk, "own_case", "SYN-1")


def test_ones_own_case_must_be_named() -> None:
    with pytest.raises(RuleBroken, match="own_case_names_its_case"):
        state_purpose(
            actor=administrator(), subject=unit_in("cn/"), purpose=Purpose.OWN_CASE, at=NOW
        )


@pytest.mark.threat("T13")
def test_nobody_opens_a_register_in_a_day() -> None:
    deng = administrator()

    def state(subject: Unit, at: datetime) -> None:
        state_purpose(actor=deng, subject=subject, purpose=Purpose.SUPERVISION, at=at)

    # Two in the morning there, when UTC has the day before; a midnight is no new budget either.
    early = NOW + timedelta(hours=9)
    with timezone.override(jurisdiction().zone):
        for _ in range(REVEALED_PER_DAY):
            first = unit_in("cn/")
            state(first, early)
        for at in (early, early + timedelta(hours=23)):
            with pytest.raises(RuleBroken, match="daily_budget"):
                state(unit_in("cn/"), at)
        state(first, early)
        state(unit_in("cn/"), early + timedelta(days=1))


@pytest.mark.threat("T16")
def test_the_implicated_and_their_household_are_barred_from_acting_for_the_found() -> None:
    found, buyer, mother, stranger = uuid4(), uuid4(), uuid4(), uuid4()
    home = uuid4()
    made = implicate(actor=administrator(), found=found, person=buyer, basis="suspect", at=NOW)
    for person in (buyer, mother):
        enter_household(actor=administrator(), household=home, person=person, at=NOW, until=TODAY)
    assert [is_barred(p, found=found, at=NOW) for p in (buyer, mother, stranger)] == [
        True, True, False,
    ]  # fmt: skip
    assert not is_barred(buyer, found=uuid4(), at=NOW)
    with pytest.raises(Implicated):
        require_uninvolved(mother, found=found, at=NOW)
    require_uninvolved(None, found=found, at=NOW)
    later = NOW + timedelta(days=9)
    lift_implication(actor=administrator(), implication=made.pk, at=later)
    assert not is_barred(mother, found=found, at=later)
