"""Sessions end by rest, by age, by a click elsewhere, by a lock; and posts count at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client
from django.utils import timezone

from reunion.base.accounts.actions import end_oldest_sessions, end_session, lock_account
from reunion.base.accounts.models import Account, Session
from reunion.base.accounts.rules import SESSIONS
from reunion.base.accounts.sessions import STARTED, hash_of
from reunion.base.audit.models import AuditEntry
from reunion.base.errors import NotFound
from reunion.base.keys.envelope import EnvelopeDamaged
from reunion.base.units.actions import end_post
from reunion.base.units.models import Post
from tests.base.signing_in import (
    Browser,
    code,
    cookie,
    member,
    post,
    recovery_codes,
    with_app,
    with_key,
)
from tests.cast import administrator

pytestmark = pytest.mark.django_db


def rested(account: Account, **columns: timedelta) -> None:
    """Let the sessions of an account be so much older."""
    now = timezone.now()
    changes: dict[str, Any] = {name: now - since for name, since in columns.items()}
    Session.objects.filter(account=account).update(**changes)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(("role", "limit"), [("secretariat", 30), ("pay_officer", 15)])
def test_a_session_ends_by_rest_after_the_minutes_of_the_role(role: str, limit: int) -> None:
    account = with_app(member("deng", role=role))
    browser = Browser().sign_in(account)
    rested(account, last_seen_at=minutes(limit - 0.1))
    assert browser.get("/me/sessions/").status_code == 200
    rested(account, last_seen_at=minutes(limit))
    answer = browser.get("/me/sessions/")
    assert "ended=idle" in answer.headers["Location"]
    assert not Session.objects.filter(account=account).exists()
    assert browser.get("/me/sessions/").headers["Location"].startswith("/sign-in/")


def test_use_keeps_a_session_from_resting() -> None:
    account = with_app(member("deng"))
    browser = Browser().sign_in(account)
    for _ in range(3):
        rested(account, last_seen_at=minutes(20))
        assert browser.get("/me/sessions/").status_code == 200


def test_a_session_ends_after_ten_hours_however_busy() -> None:
    account = with_app(member("deng"))
    browser = Browser().sign_in(account)
    rested(account, started_at=timedelta(hours=9, minutes=59))
    assert browser.get("/me/sessions/").status_code == 200
    rested(account, started_at=timedelta(hours=10))
    assert "ended=absolute" in browser.get("/me/sessions/").headers["Location"]


def test_choosing_another_post_does_not_make_a_session_younger() -> None:
    account = with_app(member("deng"))
    other = post(account, "liaison")
    browser = Browser().sign_in(account)
    rested(account, started_at=timedelta(hours=1))
    session = browser.session
    session[STARTED] -= 3600
    session.save()
    before = Session.objects.get(account=account)
    browser.send("/me/post/", post=str(other.pk))
    after = Session.objects.get(account=account)
    assert abs(after.started_at - before.started_at) < timedelta(seconds=1)
    assert after.post == other.pk
    assert bytes(after.key_hash) != bytes(before.key_hash)


def test_the_cookie_is_not_kept_and_no_address_either() -> None:
    account = with_app(member("deng"))
    browser = Browser().sign_in(account)
    row = Session.objects.get(account=account)
    assert bytes(row.key_hash) == hash_of(cookie(browser))
    assert row.device == "Firefox, Windows"
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_session")
        stored = str([bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])
    assert cookie(browser) not in stored
    assert "127.0.0.1" not in stored
    assert "Gecko" not in stored


def test_signing_in_takes_a_new_key() -> None:
    with_app(member("deng"))
    browser = Browser()
    browser.password("deng")
    before = cookie(browser)
    browser.send("/sign-in/factor/", code=code())
    assert cookie(browser) != before
    assert not Session.objects.filter(key_hash=hash_of(before)).exists()


@pytest.mark.threat("T20")
def test_showing_the_factor_again_takes_a_new_key_and_the_old_one_opens_nothing() -> None:
    account = with_app(member("deng"))
    browser = Browser()
    browser.password("deng")
    browser.send("/sign-in/factor/", code=recovery_codes(account)[0])
    before, started = cookie(browser), Session.objects.get(account=account).started_at
    refused = browser.send("/again/code/", code="000000")
    assert (refused.status_code, cookie(browser)) == (200, before)
    assert browser.send("/again/code/?next=/units/", code=code()).status_code == 302
    assert cookie(browser) != before
    assert browser.get("/units/").status_code == 200
    thief = Client()
    thief.cookies["s"] = before
    assert thief.get("/units/").headers["Location"].startswith("/sign-in/")
    assert abs(Session.objects.get(account=account).started_at - started) < timedelta(seconds=1)


@pytest.mark.threat("T20")
def test_a_sixth_sign_in_ends_the_oldest_session_and_says_so() -> None:
    account = with_app(member("deng"))
    codes = iter(recovery_codes(account))

    def signed_in() -> Browser:
        browser = Browser()
        browser.password("deng")
        assert browser.send("/sign-in/factor/", code=next(codes)).status_code == 302
        return browser

    said = "your oldest session ended"
    first, *others = [signed_in() for _ in range(SESSIONS)]
    assert said not in others[-1].get("/me/sessions/").content.decode()
    assert first.get("/me/sessions/").status_code == 200
    last = signed_in()
    assert said in last.get("/me/sessions/").content.decode()
    assert first.get("/me/sessions/").headers["Location"].startswith("/sign-in/")
    assert all(each.get("/me/sessions/").status_code == 200 for each in (*others, last))
    assert AuditEntry.objects.filter(act="end_oldest_session", account=account.pk).count() == 1


def test_sessions_at_rest_do_not_count_and_those_of_others_neither() -> None:
    account, other = with_app(member("deng")), with_app(member("wei"))
    for _ in range(SESSIONS):
        with_key(account)
    rested(account, last_seen_at=minutes(31))
    in_use = [with_key(account) for _ in range(SESSIONS)]
    theirs = [with_key(other) for _ in range(SESSIONS)]
    assert end_oldest_sessions(account=account, at=timezone.now()) == 0
    assert all(each.get("/me/sessions/").status_code == 200 for each in (*in_use, *theirs))


def test_one_sees_ones_sessions_and_ends_one_elsewhere() -> None:
    account = with_app(member("deng"))
    elsewhere = with_key(account)
    here = Browser().sign_in(account)
    row = Session.objects.get(key_hash=hash_of(cookie(elsewhere)))
    page = here.get("/me/sessions/").content.decode()
    assert str(row.pk) in page
    assert elsewhere.get("/me/sessions/").status_code == 200
    here.send("/me/sessions/", f"/me/sessions/{row.pk}/end/")
    assert elsewhere.get("/me/sessions/").headers["Location"].startswith("/sign-in/")
    assert here.get("/me/sessions/").status_code == 200
    assert AuditEntry.objects.filter(act="end_session", subject=row.pk).exists()


def test_all_other_sessions_end_at_once() -> None:
    account = with_app(member("deng"))
    others = [with_key(account) for _ in range(3)]
    here = Browser().sign_in(account)
    here.send("/me/sessions/", "/me/sessions/others/end/")
    assert all(other.get("/me/sessions/").status_code == 302 for other in others)
    assert here.get("/me/sessions/").status_code == 200


def test_nobody_ends_the_session_of_somebody_else() -> None:
    theirs = with_app(member("wei", region="cn/65/6501/650102/"))
    browser = Browser().sign_in(theirs)
    row = Session.objects.get(account=theirs)
    outsider = member("qiao")
    with pytest.raises(NotFound):
        end_session(account=outsider, session_id=row.pk, at=timezone.now())
    assert browser.get("/me/sessions/").status_code == 200


def test_a_killed_session_is_not_revived_by_a_late_answer() -> None:
    account = with_app(member("deng"))
    browser = Browser().sign_in(account)
    session = browser.session
    session["late"] = "value"
    Session.objects.filter(account=account).delete()
    with pytest.raises(UpdateError):
        session.save()
    assert not Session.objects.filter(account=account).exists()


def test_a_lock_ends_the_sessions_and_the_next_request_finds_it() -> None:
    account = with_app(member("deng"))
    browser = Browser().sign_in(account)
    lock_account(actor=administrator(), account_id=account.pk, at=timezone.now())
    assert browser.get("/units/").headers["Location"].startswith("/sign-in/")
    assert not Session.objects.filter(account=account).exists()


def test_a_post_that_ends_is_lost_at_the_next_request() -> None:
    account = with_app(member("deng"))
    browser = Browser().sign_in(account)
    assert browser.get("/units/").status_code == 200
    now = timezone.now()
    held = Post.objects.unscoped().get(staff=account.staff)
    end_post(actor=administrator(), post_id=held.pk, valid_to=now.date(), at=now)
    assert browser.get("/units/").headers["Location"].startswith("/me/post/")


def test_a_new_post_that_demands_a_key_closes_the_site_until_there_is_one() -> None:
    account = with_app(member("deng"))
    browser = Browser().sign_in(account)
    assert browser.get("/units/").status_code == 200
    post(account, "auditor")
    assert browser.get("/units/").headers["Location"] == "/factors/"


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one() -> None:
    account = with_app(member("deng"))
    elsewhere = with_key(account)
    here = with_key(account)
    new = "another sentence about ten herons"
    here.send("/me/password/", password=new, again=new)
    assert here.get("/me/sessions/").status_code == 200
    assert elsewhere.get("/me/sessions/").status_code == 302
    account.refresh_from_db()
    assert account.check_password(new)


def test_an_old_sign_in_must_show_the_factor_again_before_the_password_changes() -> None:
    account = with_app(member("deng"))
    browser = Browser().sign_in(account)
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()
    assert browser.get("/me/password/").headers["Location"].startswith("/again/code/")


def test_signing_out_ends_the_session_and_clears_the_browser() -> None:
    account = with_app(member("deng"))
    browser = Browser().sign_in(account)
    answer = browser.send("/sign-out/")
    assert "cache" in answer.headers["Clear-Site-Data"]
    assert not Session.objects.filter(account=account).exists()


def test_a_made_up_cookie_is_nobody() -> None:
    client = Client()
    client.cookies["s"] = "a" * 32
    assert client.get("/units/").headers["Location"].startswith("/sign-in/")


def test_a_session_whose_key_was_taken_away_is_over() -> None:
    account = with_app(member("deng"))
    browser = Browser().sign_in(account)
    row = Session.objects.get(account=account)
    row.data = bytes(row.data[:4]) + b"\xff\xff" + bytes(row.data[6:])  # of version 65,535
    row.save(update_fields=["data"])
    assert browser.get("/units/").headers["Location"].startswith("/sign-in/")


def test_the_data_of_one_session_do_not_open_in_another() -> None:
    one, other = with_app(member("deng")), with_app(member("wei"))
    Browser().sign_in(one)
    browser = Browser().sign_in(other)
    row = Session.objects.get(account=other)
    row.data = Session.objects.get(account=one).data
    row.save(update_fields=["data"])
    with pytest.raises(EnvelopeDamaged):
        browser.get("/units/")
