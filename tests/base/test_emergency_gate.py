"""Whoever did not have an emergency opening reviewed in time is stopped by the gate itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from reunion.base.accounts.models import Account
from reunion.base.units.models import Staff
from tests.base.signing_in import COUNTY, Browser, code, member, with_app, with_key

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T21")]


def test_the_gate_stops_all_accounts_of_the_person_and_says_why() -> None:
    account = with_app(member("tao", role="case_officer", region=COUNTY))
    second = Account.objects.create(login="tao2", staff=account.staff, language="en")
    browsers = [with_key(account), with_key(second)]
    assert [browser.get("/").status_code for browser in browsers] == [200, 200]
    _pause(account.staff_id, timezone.now())
    for browser in browsers:
        answer = browser.get("/")
        assert answer.headers["Location"].endswith("ended=paused")
        page = browser.get(answer.headers["Location"]).content.decode()
        assert "was not reviewed within 72 hours" in page
        assert browser.get("/me/sessions/").status_code == 302
    bystander = with_key(member("bystander", role="case_officer", region=COUNTY))
    assert bystander.get("/").status_code == 200
    _pause(account.staff_id, None)
    assert with_key(account).get("/").status_code == 200


def test_signing_in_is_refused_with_both_factors_while_paused() -> None:
    account = with_app(member("tao", role="case_officer", region=COUNTY))
    _pause(account.staff_id, timezone.now())
    browser = Browser()
    assert browser.password(account.login).headers["Location"] == "/sign-in/factor/"
    answer = browser.send("/sign-in/factor/", code=code())
    assert answer.headers["Location"].endswith("ended=paused")
    assert "/sign-in/" in browser.get("/").headers["Location"]
    assert not account.sessions.exists()


def test_a_pause_to_come_stops_nobody_yet() -> None:
    account = member("tao", role="case_officer", region=COUNTY)
    _pause(account.staff_id, timezone.now() + timedelta(hours=1))
    assert with_key(account).get("/").status_code == 200


def _pause(staff: UUID, moment: datetime | None) -> None:
    Staff.objects.unscoped().filter(pk=staff).update(paused_from=moment)
