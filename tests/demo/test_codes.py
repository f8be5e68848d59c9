"""Codes are shown, and do in place of a key, for invented people; in production for nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import timezone

from reunion.base.accounts.access import current_posts, key_demanded
from reunion.base.accounts.models import Account
from reunion.base.actor import system
from reunion.base.errors import RuleBroken
from reunion.base.operations.models import Installation
from reunion.demo.access import code_now
from reunion.demo.actions import note_demo_account, note_seeding, open_practice_case
from tests.base.signing_in import Browser, code, member, with_app
from tests.cast import NOW

BY = system("demo")

LOADED = """
import json, django
django.setup()
from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
def missing(do, error):
    try:
        do()
    except error:
        return True
    return False
print(json.dumps({
    "app": "reunion.demo" in settings.INSTALLED_APPS,
    "waiver": settings.KEY_WAIVER,
    "no page": all(
        missing(lambda: reverse(name), NoReverseMatch) for name in ("practicecase_list", "tour")
    ),
    "no code": missing(lambda: get_template("demo/code.html"), TemplateDoesNotExist),
}))
"""


def installed(*, synthetic: bool) -> None:
    """A system for invented people, or for real ones."""
    Installation.objects.create(
        synthetic=synthetic, jurisdiction="cn", backup_public="age1", made_at=NOW
    )


def supervisor(*, is_demo: bool) -> Account:
    """Somebody of whom a key is demanded, with an app."""
    account = with_app(member("deng", role="supervisor"))
    if is_demo:
        note_demo_account(actor=BY, account=account, at=NOW)
    return account


def demanded(account: Account) -> bool:
    """Whether the gate would ask for a key."""
    return key_demanded(account, current_posts(account, timezone.now()))


@pytest.mark.django_db
def test_of_a_demo_account_the_code_is_known_and_does_in_place_of_a_key() -> None:
    installed(synthetic=True)
    account = supervisor(is_demo=True)
    assert not demanded(account)
    page = code()  # waits where a code is about to change
    now = code_now(account, timezone.now())
    assert now is not None
    assert (now.code, now.is_used) == (page, False)
    browser = Browser()
    browser.password("deng")
    assert browser.send("/sign-in/factor/", code=now.code).status_code == 302
    assert browser.get("/units/").status_code == 200
    again = Browser()
    again.password("deng")
    said = again.get("/sign-in/factor/").content.decode()
    assert f"is good: {now.following}." in said or f"now: {now.following} (" in said


@pytest.mark.django_db
@pytest.mark.threat("T20")
def test_of_every_other_account_nothing_is_shown_and_a_key_is_demanded() -> None:
    installed(synthetic=True)
    account = supervisor(is_demo=False)
    assert code_now(account, timezone.now()) is None
    assert demanded(account)
    browser = Browser()
    browser.password("deng")
    assert "synthetic data)" not in browser.get("/sign-in/factor/").content.decode()


@pytest.mark.django_db
@pytest.mark.threat("T20")
def test_a_system_of_real_people_takes_no_demo_account() -> None:
    installed(synthetic=False)
    account = with_app(member("deng", role="supervisor"))
    with pytest.raises(RuleBroken):
        note_demo_account(actor=BY, account=account, at=NOW)
    with pytest.raises(RuleBroken):
        note_seeding(actor=BY, seed=1, at=NOW)
    with pytest.raises(RuleBroken):
        open_practice_case(actor=BY, number="1", title="1", region="cn/", at=NOW)


@pytest.mark.django_db
@pytest.mark.threat("T20")
@override_settings(MODE="production")
def test_in_production_even_a_row_of_a_demo_account_shows_nothing() -> None:
    with override_settings(MODE="demo"):
        installed(synthetic=True)
        account = supervisor(is_demo=True)
    assert code_now(account, timezone.now()) is None
    assert demanded(account)


@pytest.mark.threat("T20")
@pytest.mark.parametrize(("mode", "is_there"), [("production", False), ("demo", True)])
def test_in_production_the_room_is_not_there(tmp_path: Path, mode: str, is_there: bool) -> None:
    own = {"REUNION_MODE": mode, "REUNION_HOME": str(tmp_path)}
    variables = {k: v for k, v in os.environ.items() if not k.startswith("REUNION_")}
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        env={**variables, **own, "DJANGO_SETTINGS_MODULE": "reunion.settings.internal"},
        capture_output=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found == {
        "app": is_there,
        "waiver": "reunion.demo.access.is_demo_account" if is_there else "",
        "no page": not is_there,
        "no code": not is_there,
    }
