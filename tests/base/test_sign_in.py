"""Signing in: two factors before anything, one answer to all who fail, names that are shut."""

from __future__ import annotations

import re
import time
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.db import connection
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from reunion.base.accounts.access import current_posts
from reunion.base.accounts.models import Account, Session
from reunion.base.audit.models import AuditEntry
from reunion.settings import internal
from tests.base.signing_in import (
    PASSWORD,
    SECRET,
    Browser,
    code,
    member,
    post,
    recovery_codes,
    with_app,
    with_key,
)
from tests.settings import ROOT
from tools.records import Record, write_records

# The page about the health of the system asks all stores.
pytestmark = pytest.mark.django_db(databases=["default", "published", "inbox"])

HEALTH = {"healthz", "readyz"}
BEFORE_A_FACTOR = {
    "account_login",
    "account_logout",
    "first_password",
    "mfa_authenticate",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "sign_in_language",
    "tour",
    "language",
    *HEALTH,
}
"""What is open to somebody who has shown a password alone and has no factor: to get one, or go."""

EVERYBODY = {
    *("account_login", "account_logout", "first_password", "mfa_authenticate"),
    "sign_in_language",
    "tour",  # of a demonstration alone; there is none in production
    *HEALTH,
}


def addresses() -> dict[str, str]:
    """Every address of the site, by name, with invented ids in it."""

    def walk(patterns: list[URLPattern | URLResolver], above: str) -> None:
        for pattern in patterns:
            route = above + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, route)
            else:
                filled = re.sub(r"<uuid:\w+>", str(uuid4()), route)
                found[pattern.name or route] = "/" + re.sub(r"<int:\w+>", "1", filled)

    found: dict[str, str] = {}
    walk(get_resolver().url_patterns, "")
    return found


def reached(browser: Client, address: str) -> set[int]:
    """The answers to each method, but for those that ask for more: a page to go to, or a token."""
    answers = [browser.get(address), browser.post(address), browser.put(address)]
    asked = ("/sign-in/", "/again/", "/factors/")
    return {
        answer.status_code
        for answer in answers
        if answer.status_code != 401 and not answer.headers.get("Location", "").startswith(asked)
    }


@pytest.mark.threat("T20")
def test_a_password_alone_reaches_no_page_but_those_that_ask_for_more() -> None:
    account = with_app(member("deng"))
    browser = Browser()
    assert browser.password("deng").headers["Location"] == "/sign-in/factor/"
    plain = Client()
    plain.cookies = browser.cookies
    walked = addresses()
    opened = {name for name, address in walked.items() if reached(plain, address)}
    beyond = opened - EVERYBODY
    rows = [
        Record("views walked with a password alone", len(walked), "views", "", None),
        Record("of them opened, but for signing in and out", len(beyond), "views", "0", not beyond),
    ]
    command = "pytest tests/base/test_sign_in.py"
    libraries = ("django", "django-allauth")
    write_records(ROOT / "build/figures/sign_in.json", rows, command=command, libraries=libraries)
    assert len(walked) >= 40
    assert not beyond
    assert not Session.objects.filter(account=account).exists()


@pytest.mark.threat("T20")
def test_whoever_has_no_factor_reaches_only_the_pages_where_one_is_added() -> None:
    member("deng")
    browser = Browser()
    browser.password("deng")
    plain = Client()
    plain.cookies = browser.cookies
    for name, address in addresses().items():
        if name not in BEFORE_A_FACTOR:
            assert reached(plain, address) == set(), name


@pytest.mark.threat("T20")
def test_nobody_reaches_a_page_without_signing_in() -> None:
    opened = {name for name, address in addresses().items() if reached(Client(), address)}
    assert opened <= EVERYBODY


def test_with_both_factors_the_site_opens() -> None:
    account = with_app(member("deng"))
    browser = Browser().sign_in(account)
    assert browser.get("/units/").status_code == 200
    acts = AuditEntry.objects.filter(subject=account.pk).values_list("act", flat=True)
    assert "sign_in" in acts


@pytest.mark.threat("T20")
def test_a_role_that_demands_a_key_is_not_satisfied_by_an_app() -> None:
    account = with_app(member("deng", role="auditor"))
    browser = Browser().sign_in(account)
    assert browser.get("/units/").headers["Location"] == "/factors/"


@pytest.mark.threat("T20")
def test_a_recovery_code_does_not_replace_a_key_that_is_demanded() -> None:
    account = with_app(member("deng", role="auditor"))
    with_key(account)
    browser = Browser()
    browser.password("deng")
    browser.send("/sign-in/factor/", code=recovery_codes(account)[0])
    assert browser.get("/units/").headers["Location"].startswith("/again/key/")
    assert browser.get("/factors/keys/add/").headers["Location"].startswith("/again/key/")


def test_a_recovery_code_signs_in_once_and_is_noted() -> None:
    account = with_app(member("deng"))
    first = recovery_codes(account)[0]
    browser = Browser()
    browser.password("deng")
    assert browser.send("/sign-in/factor/", code=first).headers["Location"] == "/"
    assert AuditEntry.objects.filter(act="sign_in_by_recovery_code").exists()
    again = Browser()
    again.password("deng")
    assert again.send("/sign-in/factor/", code=first).status_code == 200


@pytest.mark.threat("T20")
def test_a_code_is_refused_the_second_time() -> None:
    with_app(member("deng"))
    first, again = Browser(), Browser()
    first.password("deng")
    again.password("deng")
    used = code()
    assert first.send("/sign-in/factor/", code=used).status_code == 302
    assert again.send("/sign-in/factor/", code=used).status_code == 200
    assert again.get("/units/").status_code == 302


def test_the_first_factor_is_added_with_the_password_then_shown() -> None:
    member("deng")
    browser = Browser()
    assert browser.password("deng").headers["Location"] == "/"
    page = browser.get("/factors/app/").content.decode()
    assert "<svg" in page
    secret = re.search(r'<span class="code">(\w+)</span>', page)
    assert secret is not None
    assert Authenticator.objects.count() == 0
    # The secret of an app being set up lies in the session, sealed.
    assert secret[1] not in everything_stored()


@pytest.mark.threat("T20")
def test_no_secret_of_a_factor_lies_in_any_table_in_clear() -> None:
    account = with_app(member("deng"))
    codes = recovery_codes(account)
    browser = Browser()
    browser.password("deng")
    used = code()
    browser.send("/sign-in/factor/", code=used)
    stored = everything_stored()
    assert SECRET not in stored
    assert used not in stored
    assert not any(one in stored for one in codes)
    assert opened_secret(account) == SECRET


def opened_secret(account: Account) -> str:
    return str(decrypt(Authenticator.objects.get(user=account, type="totp").data["secret"]))


def everything_stored() -> str:
    """All rows of all tables as one text."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # our own tables
            for row in cursor.fetchall():
                texts += [
                    bytes(value).decode("latin-1")
                    if isinstance(value, (bytes, memoryview))
                    else str(value)
                    for value in row
                ]
    return "\n".join(texts)


def answer_to(login: str, password: str) -> tuple[int, str]:
    """What a stranger sees, but for the name that they typed and the token."""
    answer = Browser().password(login, password)
    page = re.sub(r'value="[^"]*"', "", answer.content.decode())
    return answer.status_code, page


def test_an_unknown_name_a_wrong_password_and_a_locked_account_get_one_answer() -> None:
    with_app(member("deng"))
    locked = with_app(member("wei"))
    locked.is_active = False
    locked.save_changes("is_active")
    wrong = answer_to("deng", "not the password")
    assert wrong == answer_to("nobody", "not the password")
    assert wrong == answer_to("wei", PASSWORD)
    assert wrong[0] == 200


@pytest.mark.threat("T20")
@pytest.mark.parametrize("login", ["deng", "nobody"])
def test_five_wrong_passwords_shut_a_name_whether_or_not_it_exists(login: str) -> None:
    with_app(member("deng"))
    answers = [Browser().password(login, "not the password").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert Browser().password(login, PASSWORD).status_code == 429


def test_other_spellings_of_a_name_share_its_count() -> None:
    with_app(member("deng"))
    for spelling in ("deng", "DENG", "Deng ", " dEng", "denG"):
        answer = Browser().password(spelling, "not the password")
    assert answer.status_code == 429
    assert Browser().password("deng").status_code == 429


def test_other_names_stay_open_while_one_is_shut() -> None:
    with_app(member("deng"))
    account = with_app(member("wei"))
    for _ in range(5):
        Browser().password("deng", "not the password")
    Browser().sign_in(account)


def test_what_is_typed_as_a_name_and_the_address_are_not_kept() -> None:
    browser = Browser()
    browser.defaults["REMOTE_ADDR"] = "203.0.113.77"
    browser.password("my-password-by-mistake", "x")
    stored = everything_stored()
    assert "my-password-by-mistake" not in stored
    assert "203.0.113.77" not in stored


def test_five_wrong_codes_shut_the_second_stage() -> None:
    with_app(member("deng"))
    browser = Browser()
    browser.password("deng")
    for _ in range(5):
        browser.send("/sign-in/factor/", code="000000")
    assert browser.send("/sign-in/factor/", code=code()).status_code == 200
    assert browser.get("/units/").status_code == 302


def test_nobody_can_sign_up_or_ask_for_a_password_by_mail() -> None:
    names = set(addresses())
    assert not names & {"account_signup", "account_reset_password", "account_email"}
    assert Client().get("/sign-up/").status_code == 404


def test_a_link_from_outside_asks_for_one_click() -> None:
    account = with_app(member("deng"))
    answer = Client().get("/units/", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
    assert b'href="/units/"' in answer.content
    assert account.login not in answer.content.decode()


def test_somebody_with_two_posts_chooses_one_and_acts_under_it_alone() -> None:
    account = with_app(member("deng", role="secretariat"))
    other = post(account, "liaison")
    browser = Browser().sign_in(account)
    assert browser.get("/units/").headers["Location"].startswith("/me/post/")
    before = browser.cookies["s"].value
    assert browser.send("/me/post/", post=str(other.pk), next="/units/").headers["Location"] == (
        "/units/"
    )
    assert browser.cookies["s"].value != before
    page = browser.get("/units/").content.decode()
    assert "Liaison of a member unit" in page


def test_nobody_chooses_the_post_of_somebody_else() -> None:
    account = with_app(member("deng"))
    stranger = with_app(member("wei", region="cn/65/6501/650102/"))
    theirs = current_posts(stranger, timezone.now())[0].pk
    browser = Browser().sign_in(account)
    assert browser.send("/me/post/", post=str(theirs)).status_code == 404


@pytest.mark.parametrize("other", ["nobody", "wei", "new"])
def test_the_answer_takes_as_long_for_an_unknown_a_locked_and_a_new_account(
    other: str,
) -> None:
    # The hash of production: the quick one of the other tests would hide a difference.
    with override_settings(PASSWORD_HASHERS=internal.PASSWORD_HASHERS):
        member("deng")
        locked, new = member("wei"), member("new")
        locked.is_active = False
        locked.save_changes("is_active")
        new.set_unusable_password()
        new.save_changes("password")
        known, unknown = took("deng"), took(other)
    assert 0.5 < unknown / known < 2


def took(login: str) -> float:
    """The shortest of four tries, in seconds: fewer than shut the name."""
    times = []
    for _ in range(4):
        browser = Browser()
        page = browser.get("/sign-in/")
        assert page.status_code == 200
        start = time.perf_counter()
        browser.password(login, "not the password")
        times.append(time.perf_counter() - start)
    return min(times)
