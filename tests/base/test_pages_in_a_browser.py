"""The pictures of a page in a real browser: drawn, within the policy, from this site alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from reunion.base.accounts.models import Account
from tests.base.signing_in import cookie, member, with_key
from tests.base.test_security_keys import chromium
from tests.settings import ROOT

__all__ = ["chromium"]

pytestmark = [
    pytest.mark.one_database,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

PAGE = "/components/pictures/"
SHOTS = ROOT / "var" / "shots"
WIDTHS = {"en": 1200, "zh-hans": 390}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@contextmanager
def guarded(
    chromium: Browser, address: str, *, width: int, locale: str = "en-GB", script: bool = True
) -> Iterator[Page]:
    """A page of a browser of its own; any complaint, or request to elsewhere, fails the test."""
    context = chromium.new_context(
        base_url=address,
        viewport={"width": width, "height": 850},
        reduced_motion="reduce",
        java_script_enabled=script,
        locale=locale,
    )
    page = context.new_page()
    complaints: list[str] = []

    def heard(line: ConsoleMessage) -> None:
        if line.type in {"error", "warning"}:
            complaints.append(line.text)

    def asked(sent: Request) -> None:
        if not sent.url.startswith(address):
            complaints.append(sent.url)

    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", heard)
    page.on("request", asked)
    yield page
    context.close()
    assert complaints == []


def sign_in(page: Page, account: Account, address: str) -> None:
    """Let somebody be signed in there."""
    name = settings.SESSION_COOKIE_NAME
    value = cookie(with_key(account))
    page.context.add_cookies([{"name": name, "value": value, "url": address}])


@contextmanager
def opened(
    chromium: Browser, server: LiveServer, account: Account, *, width: int, script: bool = True
) -> Iterator[Page]:
    """The same, of somebody who is signed in."""
    with guarded(chromium, server.url, width=width, script=script) as page:
        sign_in(page, account, server.url)
        yield page


def look(page: Page) -> None:
    """Wait until everything is drawn; on a phone the map is asked for."""
    for chart in page.locator("[data-chart]").all():
        expect(chart).to_have_attribute("data-ready", "yes")
        expect(chart.locator("svg")).to_be_visible()
    expect(page.locator("[data-network]")).to_have_attribute("data-ready", "yes")
    opening = page.locator("[data-map]")
    if opening.get_attribute("open") is None:
        expect(page.locator(".map-drawing")).to_be_hidden()
        opening.locator("summary").click()
    expect(opening).to_have_attribute("data-ready", "yes")
    expect(page.locator(".map-point > span").first).to_be_visible()


@pytest.mark.parametrize("language", WIDTHS)
def test_pictures_are_drawn_within_the_policy_and_axe_finds_nothing(
    chromium: Browser, live_server: LiveServer, language: str
) -> None:
    account = member("deng", role="case_leader")
    account.language = language
    account.save()
    width = WIDTHS[language]
    with opened(chromium, live_server, account, width=width) as page:
        page.goto(PAGE)
        look(page)
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"pictures-{language}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page, options={"runOnly": RULES})
        assert found.violations_count == 0, found.generate_report()


def test_a_network_looks_the_same_twice_and_its_list_selects(
    chromium: Browser, live_server: LiveServer
) -> None:
    account = member("deng", role="case_leader")
    seen: list[object] = []
    for _ in range(2):
        with opened(chromium, live_server, account, width=1200) as page:
            page.goto(PAGE)
            picture = page.locator("[data-network]")
            expect(picture).to_have_attribute("data-ready", "yes")
            seen.append(json.loads(picture.get_attribute("data-places") or ""))
            before = picture.screenshot()
            page.get_by_role("button", name="Show in the picture: Car A").click()
            assert picture.screenshot() != before
    assert seen[0] == seen[1]
    assert len(seen[0]) == 11  # type: ignore[arg-type]  # a list of JSON


def test_without_javascript_the_tables_lists_and_links_are_there(
    chromium: Browser, live_server: LiveServer
) -> None:
    account = member("deng", role="case_leader")
    with opened(chromium, live_server, account, width=390, script=False) as page:
        page.goto(f"{PAGE}?near=beijing")
        expect(page.get_by_role("cell", name="1,210")).to_be_visible()
        expect(page.locator(".network-list > li")).to_have_count(11)
        expect(page.locator(".chart-drawing").first).to_be_hidden()
        expect(page.locator("[data-map]")).to_be_hidden()
        with page.expect_download() as file:
            page.get_by_role("link", name="Download as CSV").first.click()
        text = Path(file.value.path()).read_text(encoding="utf-8-sig").splitlines()
        assert text[0] == "All people and data here are synthetic."
        assert text[2:4] == ["2016,120,no figure", "2017,180,<11"]
