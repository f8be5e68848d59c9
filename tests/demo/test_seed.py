"""The demonstration is filled by the acts of its people, whenever it is made, and once."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest
from allauth.mfa import app_settings
from django.utils import timezone

from reunion.base.accounts.access import current_posts
from reunion.base.accounts.models import Account, FactorRecovery
from reunion.base.approvals.models import Proposal
from reunion.base.assignments.models import Assignment
from reunion.base.attachments.models import Attachment
from reunion.base.audit.models import AuditEntry
from reunion.base.correspondence.access import items_for
from reunion.base.emergency.models import BreakGlass
from reunion.base.jobs.models import Job
from reunion.base.operations.errors import SetUpAlready
from reunion.base.published.access import shown
from reunion.base.rights.access import clocks_due_for, requests_for
from reunion.base.units.models import Staff, Unit
from reunion.demo.access import practice_cases_for, seeding
from reunion.demo.cast import load_cast
from reunion.demo.seed import seed
from reunion.demo.world import World
from reunion.packs.roles import load_roles
from tests.base.signing_in import PATIENCE, Browser
from tests.cast import NOW

STORES = ["default", "published", "inbox"]
pytestmark = pytest.mark.django_db(databases=STORES, transaction=True)
MOMENTS = (
    datetime(2026, 2, 20, 1, 0, tzinfo=UTC),  # in the long holiday of the spring festival
    datetime(2028, 10, 7, 15, 59, tzinfo=UTC),  # a minute before midnight in China, no calendar yet
)
CODE = re.compile(r"Code of this demo account now: (\d{6}) \(synthetic data\)")


def world(number: int) -> World:
    """A demonstration of which nothing is made yet."""
    return World(load_cast("cn"), number, NOW)


def wait_for_a_fresh_code() -> None:
    """The code of the page must still hold when it is sent."""
    left = app_settings.TOTP_PERIOD - time.time() % app_settings.TOTP_PERIOD
    if left < PATIENCE:
        time.sleep(left)


@pytest.mark.threat("T20")
def test_everybody_signs_in_as_pages_ask_and_finds_something_to_do() -> None:
    made = seed(number=7, at=timezone.now())
    internal = {role.code for role in load_roles().values() if role.internal}
    assert {one.role for one in made.sign_ins} == internal
    for one in made.sign_ins:
        if one.login == "collector-2":  # whose factor is being recovered
            continue
        browser = Browser()
        Account.objects.filter(login=one.login).update(language="en")
        browser.password(one.login, one.password)
        wait_for_a_fresh_code()
        page = browser.get("/sign-in/factor/").content.decode()
        code = CODE.search(page)
        assert code is not None, one.login
        answer = browser.send("/sign-in/factor/", code=code[1])
        assert answer.status_code == 302, one.login
        start = browser.get(one.start)
        expected = 302 if one.login in {"two-posts", "case-leader-2"} else 200
        assert start.status_code == expected, (one.login, one.start)


@pytest.mark.parametrize("at", MOMENTS)
def test_its_pages_are_not_empty_whenever_it_is_made(at: datetime) -> None:
    seed(number=1, at=at)
    people = world(1)
    for account in Account.objects.select_related("staff"):
        people.accounts[account.login] = account
        people.posts[account.login] = current_posts(account, at)
    officer, leader = people.actor("case-officer", at), people.actor("case-leader", at)
    assert Assignment.objects.visible_to(officer, at).overdue(at).count() >= 2
    assert Assignment.objects.visible_to(officer, at).due_within(at, 3).exists()
    asked = Assignment.objects.visible_to(leader, at).filter(kind="request")
    assert {one.state for one in asked} == {"issued", "accepted", "reported"}
    for login in ("supervisor", "laboratory-reviewer", "supervisor-3", "key-holder"):
        assert Proposal.objects.unscoped().to_decide(people.actor(login, at), at).exists(), login
    assert FactorRecovery.objects.open_at(at).get().state == "approved_once"
    assert BreakGlass.objects.unscoped().filter(reviewed_at=None).count() == 1
    protection = people.actor("data-protection-officer", at)
    assert {one.state for one in requests_for(protection, at)} >= {"received", "in_work", "granted"}
    assert clocks_due_for(protection, at).exists()
    assert items_for(officer).count() == 1
    assert items_for(people.actor("intake-operator-2", at)).count() == 2
    assert practice_cases_for(officer, at).count() == 3
    assert Attachment.objects.count() == 2
    assert shown("announcement", at).count() == 2
    assert Job.objects.get().kind == "demo_inventory"
    made = seeding()
    assert made is not None
    assert (made.seed, made.size) == (1, "small")


def test_it_is_made_once_and_every_name_says_that_it_is_synthetic() -> None:
    seed(number=2, at=NOW)
    assert all("合成" in name for name in Staff.objects.unscoped().values_list("name", flat=True))
    for unit in Unit.objects.unscoped():
        assert unit.name.startswith("合成")
        assert unit.name_en.startswith("Synthetic")
    entered = set(AuditEntry.objects.values_list("act", flat=True))
    assert {"set_up", "appoint", "totp_activated", "break_glass", "note_seeding"} <= entered
    assert not AuditEntry.objects.filter(at__gt=NOW).exists()
    before = AuditEntry.objects.count()
    with pytest.raises(SetUpAlready):
        seed(number=2, at=NOW)
    assert AuditEntry.objects.count() == before


def test_the_same_number_gives_the_same_names() -> None:
    assert world(5)._names() == world(5)._names()
    assert world(5)._names() != world(6)._names()
