"""In which language, and with the hours of which zone, the pages are shown."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from reunion.base.accounts.models import Account
from reunion.base.audit.models import AuditEntry
from reunion.base.rights.models import Breach
from reunion.settings import public as public_settings
from tests.base.signing_in import COUNTY, Browser, member, with_app

pytestmark = pytest.mark.django_db(databases=["default", "published", "inbox"])


def chinese_reader() -> Client:
    """A browser that asks for Chinese, without anybody signed in."""
    return Client(headers={"accept-language": "zh-CN,zh;q=0.9"})


def public_site() -> override_settings:
    """The public site in this process."""
    names = (
        *("ROOT_URLCONF", "MIDDLEWARE", "TEMPLATES", "RECEIPT_KDF", "CAPABILITY_KEY"),
        *("LARGEST_BODY", "HSTS"),
    )
    return override_settings(**{name: getattr(public_settings, name) for name in names})


def test_whoever_signed_in_reads_the_language_of_the_account() -> None:
    account = with_app(member("deng"))
    browser = Browser().sign_in(account)
    assert '<html lang="en">' in browser.get("/").content.decode()
    answer = browser.send("/", "/me/language/", language="zh-hans", next="/me/sessions/")
    assert answer.headers["Location"] == "/me/sessions/"
    page = browser.get("/me/sessions/").content.decode()
    assert '<html lang="zh-hans">' in page
    assert "我的会话" in page
    assert Account.objects.get(pk=account.pk).language == "zh-hans"
    assert AuditEntry.objects.filter(act="choose_language", subject=account.pk).count() == 1


def test_a_language_that_is_not_there_changes_nothing() -> None:
    account = with_app(member("deng"))
    browser = Browser().sign_in(account)
    for wanted in ("", "tlh", "../../etc"):
        answer = browser.send("/", "/me/language/", language=wanted, next="//elsewhere.example/")
        assert answer.headers["Location"] == "/"
    assert Account.objects.get(pk=account.pk).language == "en"


def test_another_persons_language_cannot_be_chosen() -> None:
    other = member("qiao")
    browser = Browser().sign_in(with_app(member("deng")))
    browser.send("/", "/me/language/", language="zh-hans", account=str(other.pk))
    assert Account.objects.get(pk=other.pk).language == "en"


def test_before_signing_in_a_link_chooses_the_language() -> None:
    client = chinese_reader()
    assert "登录" in client.get("/sign-in/").content.decode()
    answer = client.get("/sign-in/language/?language=en")
    assert answer.headers["Location"] == "/sign-in/"
    kept = answer.cookies["l"]
    assert (kept["samesite"], kept["httponly"], kept["max-age"]) == ("Strict", True, "")
    assert "Sign in" in client.get("/sign-in/").content.decode()


def test_times_are_those_of_the_country() -> None:
    officer = with_app(member("fang", "data_protection_officer", COUNTY))
    found = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)  # in China the next day has begun
    breach = Breach.objects.unscoped().create(
        region=COUNTY, what="Synthetic: a letter was lost.", found_at=found, notify_by=found
    )
    Account.objects.filter(pk=officer.pk).update(language="zh-hans")
    page = Browser().sign_in(officer).get(f"/rights/breaches/{breach.pk}/").content.decode()
    assert "2026年3月2日 01:30" in page
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_link_changes_the_language_of_the_public_site_and_no_cookie_is_set() -> None:
    with public_site():
        client = chinese_reader()
        page = client.get("/")
        assert "您可以给我们写信，不用说您是谁" in page.content.decode()
        assert 'href="?language=en"' in page.content.decode()
        page = client.get("/?language=en")
        text = page.content.decode()
        assert "You can write to us without saying who you are" in text
        links = re.findall(r'href="(/[^"]*)"', text)
        own = [link for link in links if not link.startswith("/public.")]
        assert own
        assert all(link.endswith("?language=en") for link in own)
        for link in own:
            answer = client.get(link)
            assert '<html lang="en">' in answer.content.decode()
            assert not answer.cookies
        assert not client.cookies


def test_after_a_form_was_sent_no_link_takes_the_answer_away() -> None:
    with public_site():
        answer = chinese_reader().post("/return/", {"code": "1234"})
    text = answer.content.decode()
    assert "少了一位数字，或者有一位写错了。" in text
    assert "?language=" not in text


def test_the_public_site_does_not_leave_one_visitors_language_to_the_next() -> None:
    with public_site():
        client = chinese_reader()
        client.get("/?language=en")
        refused = client.post("/return/", {}, headers={"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403
    assert "这个表单是从别的网站发来的。" in refused.content.decode()
