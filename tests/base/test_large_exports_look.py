"""The pages of large exports and of saved searches in a real browser; all people are invented."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from reunion.base.accounts.models import Account
from reunion.base.lists import MOST
from reunion.base.searches.actions import save_search
from tests.base.signing_in import member
from tests.base.test_large_exports import units
from tests.base.test_look import WINDOWS, judge
from tests.base.test_pages_in_a_browser import opened
from tests.base.test_security_keys import chromium

__all__ = ["chromium"]

pytestmark = [pytest.mark.one_database, pytest.mark.browser]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("language", "width"), WINDOWS)
def test_axe_finds_nothing_from_the_long_list_to_the_proposal(
    chromium: Browser, live_server: LiveServer, language: str, width: int
) -> None:
    units(MOST + 1)
    account = member("sun", "secretariat")
    Account.objects.filter(pk=account.pk).update(language=language)
    account.refresh_from_db()
    save_search(account=account, address="/units/?sort=code", name="By code", at=timezone.now())
    with opened(chromium, live_server, account, width=width) as page:
        page.goto("/units/?sort=-code")
        page.locator("main details summary").first.click()
        wrong = judge(page, f"{language}-searches", width)
        page.locator(".exports a").click()
        wrong += judge(page, f"{language}-export-new", width)
        page.locator("[name=reason]").fill("Synthetic: the yearly report 虚构：年度报告")
        page.locator("[name=purpose]").select_option("statistics")
        page.locator("main form button").click()
        page.wait_for_url("**/exports/*-*/")
        wrong += judge(page, f"{language}-export", width)
        page.locator("main dd a").click()
        page.wait_for_url("**/approvals/**")
        wrong += judge(page, f"{language}-export-proposal", width)
    assert wrong == []
