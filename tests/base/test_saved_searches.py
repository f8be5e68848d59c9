"""Searches that somebody keeps: on every list, sealed, one's own, and nothing without asking."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from reunion.base.accounts.models import Account
from reunion.base.audit.models import AuditEntry
from reunion.base.errors import NotFound, RuleBroken
from reunion.base.searches.access import searches_of
from reunion.base.searches.actions import save_search
from reunion.base.searches.models import SavedSearch
from reunion.base.searches.rules import MOST
from tests.base.signing_in import Answer, Browser, member, with_key

pytestmark = pytest.mark.django_db(databases=["default", "published", "inbox"])

PAGE = "/assignments/"
NAME = "Überfällig 逾期"


@pytest.fixture
def account() -> Account:
    return member("lan", "case_leader")


def text(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def saved(browser: Browser, address: str, name: str = NAME) -> Answer:
    """Send the form as the list at an address has it."""
    shown = re.search(r'name="address" value="([^"]*)"', text(browser, address))
    assert shown is not None
    sent = shown[1].replace("&amp;", "&")
    return browser.send(address, "/me/searches/", name=name, address=sent)


def test_a_search_is_saved_found_again_and_forgotten(account: Account) -> None:
    browser = with_key(account)
    assert "My searches on this list" not in text(browser, PAGE), "there is nothing to save"
    answer = saved(browser, f"{PAGE}?show=overdue&sort=-due&page=2")
    assert answer.headers["Location"] == f"{PAGE}?show=overdue&sort=-due"
    page = text(browser, PAGE)
    assert f'<a href="{PAGE}?show=overdue&amp;sort=-due">{NAME}</a>' in page
    assert NAME not in text(browser, "/notices/"), "it is of another list"
    row = SavedSearch.objects.get()
    stored = bytes(row.sealed)
    assert NAME.encode() not in stored
    assert b"overdue" not in stored
    browser.send(PAGE, f"/me/searches/{row.pk}/forget/", address=PAGE)
    assert NAME not in text(browser, PAGE)
    acts = AuditEntry.objects.filter(subject=row.pk).order_by("id").values_list("act", flat=True)
    assert list(acts) == ["save_search", "forget_search"]


def test_nobody_sees_or_forgets_those_of_another_person(account: Account) -> None:
    saved(with_key(account), f"{PAGE}?show=due")
    other = with_key(member("mo", "case_leader"))
    assert NAME not in text(other, PAGE)
    row = SavedSearch.objects.get()
    page = f"{PAGE}?show=due"
    answer = other.send(page, f"/me/searches/{row.pk}/forget/", address=PAGE)
    assert answer.status_code == 404
    assert SavedSearch.objects.exists()


def test_nothing_is_remembered_that_nobody_saved(account: Account) -> None:
    browser = with_key(account)
    text(browser, f"{PAGE}?show=overdue&sort=title")
    assert not SavedSearch.objects.exists()
    assert "?show=overdue&amp;sort=title" not in text(browser, PAGE)


def test_what_was_typed_into_the_box_is_not_kept() -> None:
    account = member("deng", "administrator")
    browser = with_key(account)
    page = text(browser, "/staff/?q=Wang&sort=name")
    assert "is not kept: it may be a name." in page
    assert "Save this search" not in page
    browser.send("/staff/", "/me/searches/", name=NAME, address="/staff/?q=Wang&sort=name")
    assert not SavedSearch.objects.exists()
    assert "is not kept: it may be a name." in text(browser, "/staff/")


@pytest.mark.parametrize(("address", "name", "rule"), [
    (PAGE, NAME, "search_is_chosen_and_named"),
    (f"{PAGE}?page=2&file=csv", NAME, "search_is_chosen_and_named"),
    (f"{PAGE}?show=due", "  ", "search_is_chosen_and_named"),
    (f"{PAGE}?show=due&q=x", NAME, "search_without_words"),
])  # fmt: skip
def test_what_is_no_search_is_refused(account: Account, address: str, name: str, rule: str) -> None:
    with pytest.raises(RuleBroken, match=rule):
        save_search(account=account, address=address, name=name, at=timezone.now())
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize(
    "address", ["//[/?a=b", "/nowhere/?a=b", "https://far.example/x?a=b", "javascript:x?a"]
)
def test_only_a_page_of_ours_is_kept(account: Account, address: str) -> None:
    with pytest.raises(NotFound):
        save_search(account=account, address=address, name=NAME, at=timezone.now())


@pytest.mark.parametrize(
    "address", ["https://far.example/?a=b", "//far.example/?a=b", "/\\far/?a=b"]
)
def test_nobody_is_led_to_another_site(account: Account, address: str) -> None:
    browser = with_key(account)
    answer = browser.send(f"{PAGE}?show=due", "/me/searches/", name="", address=address)
    assert answer.headers["Location"] == "/"


def test_they_have_an_end_on_each_list(account: Account) -> None:
    at = timezone.now()
    for number in range(MOST):
        name = f"{MOST - number:02}"
        save_search(account=account, address=f"{PAGE}?show=due", name=name, at=at)
    with pytest.raises(RuleBroken, match="searches_have_an_end"):
        save_search(account=account, address=f"{PAGE}?show=due", name=NAME, at=at)
    save_search(account=account, address="/notices/?all=1", name=NAME, at=at)
    found = [one.name for one in searches_of(account.staff_id, PAGE)]
    assert found == sorted(found)
    assert len(found) == MOST
