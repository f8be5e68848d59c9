"""Accounts are opened by administrators of the region, with a code that is given in person."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.utils import timezone

from reunion.base.accounts.actions import (
    lock_account,
    open_account,
    replace_password,
    set_first_password,
    unlock_account,
)
from reunion.base.accounts.models import Account, PasswordCode
from reunion.base.audit.models import AuditEntry
from reunion.base.errors import NotFound, NotPermitted, RuleBroken
from reunion.base.units.actions import enter_staff
from reunion.base.units.models import Staff
from tests.base.signing_in import COUNTY, PASSWORD, Browser, id_in, member, with_app, with_key
from tests.cast import NOW, acting, administrator, outsider

pytestmark = pytest.mark.django_db
NEW = "a sentence about seven cranes"


def staff(region: str = COUNTY) -> Staff:
    return enter_staff(actor=administrator(), name="Synthetic Person", region=region, at=NOW)


def opened() -> tuple[Account, str]:
    return open_account(actor=administrator(), staff_id=staff().pk, login="deng", at=NOW)


def test_the_code_sets_the_password_once() -> None:
    account, code = opened()
    assert not account.has_usable_password()
    set_first_password(login="deng", code=code, password=NEW, at=NOW)
    account.refresh_from_db()
    assert account.check_password(NEW)
    with pytest.raises(NotFound):
        set_first_password(login="deng", code=code, password="x" * 20, at=NOW)


def test_the_code_may_be_typed_with_blanks_and_capitals() -> None:
    _, code = opened()
    typed = "-".join(code[at : at + 5] for at in range(0, 20, 5)).upper()
    set_first_password(login="deng", code=typed, password=NEW, at=NOW)


def test_a_code_grows_old() -> None:
    _, code = opened()
    late = NOW + timedelta(hours=72)
    with pytest.raises(NotFound):
        set_first_password(login="deng", code=code, password=NEW, at=late)


def test_a_code_is_for_its_own_account_and_only_while_that_is_open() -> None:
    account, code = opened()
    open_account(actor=administrator(), staff_id=staff().pk, login="wei", at=NOW)
    with pytest.raises(NotFound):
        set_first_password(login="wei", code=code, password=NEW, at=NOW)
    lock_account(actor=administrator(), account_id=account.pk, at=NOW)
    with pytest.raises(NotFound):
        set_first_password(login="deng", code=code, password=NEW, at=NOW)


def test_a_new_code_voids_the_old_one_and_the_password() -> None:
    account, old = opened()
    set_first_password(login="deng", code=old, password=NEW, at=NOW)
    first = replace_password(actor=administrator(), account_id=account.pk, at=NOW)
    second = replace_password(actor=administrator(), account_id=account.pk, at=NOW)
    account.refresh_from_db()
    assert not account.check_password(NEW)
    with pytest.raises(NotFound):
        set_first_password(login="deng", code=first, password=NEW, at=NOW)
    set_first_password(login="deng", code=second, password=NEW, at=NOW)


def test_only_the_hash_of_a_code_is_kept() -> None:
    _, code = opened()
    row = PasswordCode.objects.get()
    assert code.encode() not in bytes(row.code_hash)
    assert len(row.code_hash) == 32


@pytest.mark.parametrize("login", ["Deng", "de", "邓", "deng ", "-deng", "a" * 61])
def test_names_that_could_be_spelled_two_ways_are_refused(login: str) -> None:
    with pytest.raises(RuleBroken):
        open_account(actor=administrator(), staff_id=staff().pk, login=login, at=NOW)


def test_a_name_is_given_once() -> None:
    opened()
    with pytest.raises(RuleBroken):
        opened()


def test_an_outsider_can_do_nothing_with_an_account() -> None:
    account, _ = opened()
    for act in (lock_account, unlock_account, replace_password):
        with pytest.raises(NotFound):
            act(actor=outsider(), account_id=account.pk, at=NOW)
    with pytest.raises(NotFound):
        open_account(actor=outsider(), staff_id=staff().pk, login="qiao", at=NOW)
    nobody = acting("liaison", "cn/", "units.see")
    with pytest.raises(NotPermitted):
        open_account(actor=nobody, staff_id=staff().pk, login="qiao", at=NOW)


def test_nobody_administers_their_own_account() -> None:
    account = member("deng", role="administrator")
    own = replace(acting("administrator", "cn/", "accounts.administer"), staff=account.staff_id)
    for act in (lock_account, unlock_account, replace_password):
        with pytest.raises(RuleBroken):
            act(actor=own, account_id=account.pk, at=NOW)


def test_unlocking_also_ends_the_hour_after_wrong_passwords() -> None:
    account = with_app(member("deng"))
    for _ in range(5):
        Browser().password("deng", "not the password")
    assert Browser().password("deng").status_code == 429
    unlock_account(actor=administrator(), account_id=account.pk, at=timezone.now())
    Browser().sign_in(account)
    assert not AccessAttempt.objects.exists()


def test_every_act_leaves_an_entry() -> None:
    account, code = opened()
    set_first_password(login="deng", code=code, password=NEW, at=NOW)
    lock_account(actor=administrator(), account_id=account.pk, at=NOW)
    unlock_account(actor=administrator(), account_id=account.pk, at=NOW)
    replace_password(actor=administrator(), account_id=account.pk, at=NOW)
    acts = list(AuditEntry.objects.filter(subject=account.pk).values_list("act", flat=True))
    assert acts == [
        "open_account",
        "set_first_password",
        "lock_account",
        "unlock_account",
        "replace_password",
    ]


def test_from_entering_somebody_to_their_first_sign_in_by_forms() -> None:
    browser = with_key(member("admin", role="administrator", region="cn/15/"))
    entered = browser.send("/staff/new/", name="Synthetic Newcomer", region="150602")
    person = id_in(entered.headers["Location"])
    shown = browser.send(f"/staff/{person}/account/", login="newcomer").content.decode()
    code = re.search(r'class="code">(\w+)<', shown)
    assert code is not None
    stranger = Browser()
    answer = stranger.send(
        "/sign-in/first/", login="Newcomer", code=code[1], password=NEW, again=NEW
    )
    assert answer.headers["Location"] == "/sign-in/"
    assert stranger.password("newcomer", NEW).headers["Location"] == "/"
    assert stranger.get("/").headers["Location"] == "/factors/"


def test_a_short_or_common_password_is_refused() -> None:
    _, code = opened()
    for weak in ("short", "password1234", "123456789012"):
        page = Browser().send("/sign-in/first/", login="deng", code=code, password=weak, again=weak)
        assert page.status_code == 200
    account = Account.objects.get()
    assert not account.has_usable_password()


def test_a_password_like_the_name_is_refused() -> None:
    name = "deng.of.the.county"
    account, code = open_account(actor=administrator(), staff_id=staff().pk, login=name, at=NOW)
    page = "/sign-in/first/"
    Browser().send(page, login=name.title(), code=code, password=f"{name}1", again=f"{name}1")
    account.refresh_from_db()
    assert not account.has_usable_password()
    browser = with_key(member("wei.of.the.prefecture"))
    like = "wei.of.the.prefect"
    browser.send("/me/password/", password=like, again=like)
    assert Account.objects.get(login="wei.of.the.prefecture").check_password(PASSWORD)


def test_a_wrong_code_and_an_unknown_name_get_one_answer() -> None:
    _, code = opened()
    pages = [
        Browser()
        .send("/sign-in/first/", login=login, code=typed, password=NEW, again=NEW)
        .content.decode()
        for login, typed in (("deng", "wrongcode"), ("nobody", code))
    ]
    plain = [re.sub(r'value="[^"]*"', "", page) for page in pages]
    assert plain[0] == plain[1]


def test_administrators_see_the_accounts_of_their_region_only() -> None:
    account = with_app(member("deng"))
    inside = with_key(member("inside", role="administrator", region="cn/15/"))
    outside = with_key(member("outside", role="administrator", region="cn/65/"))
    assert "deng" in inside.get("/accounts/").content.decode()
    assert inside.get(f"/accounts/{account.pk}/").status_code == 200
    assert "deng" not in outside.get("/accounts/").content.decode()
    assert outside.get(f"/accounts/{account.pk}/").status_code == 404
    assert outside.send("/me/sessions/", f"/accounts/{account.pk}/lock/").status_code == 404


def test_locking_and_unlocking_by_forms() -> None:
    account = with_app(member("deng"))
    browser = with_key(member("inside", role="administrator", region="cn/15/"))
    page = f"/accounts/{account.pk}/"
    browser.send(page, f"{page}lock/")
    assert "Locked" in browser.get(page).content.decode()
    assert Browser().password("deng").status_code == 200
    browser.send(page, f"{page}unlock/")
    Browser().sign_in(account)
