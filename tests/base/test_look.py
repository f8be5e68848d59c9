"""Every main page in a real browser: axe finds nothing, and no page is wider than its window.

Pictures of all of them are left in var/shots, for people to look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from reunion.base.accounts.models import Account
from reunion.base.assignments.models import Assignment
from reunion.base.operations.models import Installation
from tests.base.signing_in import COUNTY, member, police
from tests.base.test_pages_in_a_browser import RULES, SHOTS, opened
from tests.base.test_security_keys import chromium
from tools.own_system import own_system
from tools.public_site import PublicSite, public_site

__all__ = ["chromium"]

pytestmark = [pytest.mark.one_database, pytest.mark.browser]

WINDOWS = [("en", 1200), ("zh-hans", 390)]

PAGES = {
    "administrator": [
        "/",
        "/units/",
        "/units/UNIT/",
        "/staff/",
        "/accounts/",
        "/me/tokens/new/",
        "/webhooks/new/",
        "/api/docs",
        "/me/tokens/",
        "/tokens/",
        "/webhooks/",
        "/desks/",
        "/tour/",
        "/factors/",
        "/me/sessions/",
        "/components/",
        "/find/?q=psb",
        "/jobs/",
    ],
    "auditor": ["/audit/", "/audit/entries/", "/emergency/"],
    "case_leader": ["/", "/assignments/", "/assignments/ASSIGNMENT/", "/assignments/new/"],
    "case_officer": ["/notices/", "/practice/", "/emergency/own/", "/emergency/new/"],
    "supervisor": ["/recoveries/", "/approvals/"],
    "data_protection_officer": [
        "/rights/",
        "/rights/uses/",
        "/rights/requests/",
        "/rights/retention/",
        "/rights/breaches/",
        "/rights/recipients/",
        "/rights/assessments/",
    ],
}
"""The pages that each role looks at; whoever adds a page that people use adds it here."""

OUTSIDE = ["/sign-in/", "/sign-in/first/", "/nowhere/"]
PUBLIC = [
    "/",
    "/published/announcement/",
    "/write/family_message/",
    "/return/",
    "/trail/",
    "/nowhere/",
]
SIDEWAYS = """[...document.querySelectorAll("main table")].filter(
    table => !table.closest(".wide") || table.querySelector("[data-label]")
).filter(table => [table, table.closest(".wide")].some(
    box => box && box.clientWidth && box.scrollWidth > box.clientWidth + 8
)).length"""
"""Tables of which a part is out of sight, but for those of a component that says so itself. A
Chinese bracket at the end of a line stands out by its blank half."""


def judge(page: Page, name: str, width: int) -> list[str]:
    """What is wrong with a page as it stands in the window."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
    wrong = [
        f"{name} {width}: {one['id']} {node['html']}"
        for one in Axe().run(page, options={"runOnly": RULES}).response["violations"]
        for node in one["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        wrong.append(f"{name} {width}: the page is wider than the window")
    if page.evaluate(SIDEWAYS):
        wrong.append(f"{name} {width}: a table must be moved sideways")
    return wrong


def look(page: Page, address: str) -> None:
    """Go to a page, which must be there: what is looked at is then not the page of an error."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == (404 if "nowhere" in address else 200), address


def named(language: str, role: str, address: str) -> str:
    """The name of a picture."""
    return f"{language}-{role}-{address.partition('?')[0].strip('/').replace('/', '-') or 'start'}"


def a_task() -> Assignment:
    """A task of the county's own police, two days late."""
    unit, now = police(COUNTY), timezone.now()
    return Assignment.objects.unscoped().create(
        kind="task",
        title="Look again at the synthetic case 再看一遍虚构的案件",
        scope=COUNTY,
        region=COUNTY,
        completion="The file has a new report",
        issuer=unit,
        lead=unit,
        state="issued",
        issued_on=(now - timedelta(days=9)).date(),
        due=(now - timedelta(days=2)).date(),
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("language", "width"), WINDOWS)
def test_axe_finds_nothing_on_the_internal_site(
    chromium: Browser, live_server: LiveServer, language: str, width: int
) -> None:
    unit = police(COUNTY)
    Installation.objects.create(
        synthetic=True, jurisdiction="cn", backup_public="age1", made_at=timezone.now()
    )
    ids = {"UNIT": str(unit.pk), "ASSIGNMENT": str(a_task().pk)}
    wrong: list[str] = []
    for role, addresses in PAGES.items():
        account = member(role, role=role)
        Account.objects.filter(pk=account.pk).update(language=language)
        account.refresh_from_db()
        with opened(chromium, live_server, account, width=width) as page:
            for address in addresses:
                real = address
                for word, key in ids.items():
                    real = real.replace(word, key)
                look(page, real)
                wrong += judge(page, named(language, role, address), width)
    assert wrong == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("language", "width"), WINDOWS)
def test_axe_finds_nothing_before_signing_in_and_where_there_is_no_page(
    chromium: Browser, live_server: LiveServer, language: str, width: int
) -> None:
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 850}, locale=language
    )
    page, wrong = context.new_page(), []
    for address in OUTSIDE:
        look(page, address)
        wrong += judge(page, named(language, "outside", address), width)
    page.goto("/sign-in/")
    page.locator("main form button").click()
    wrong += judge(page, named(language, "outside", "error"), width)
    context.close()
    assert wrong == []


@pytest.mark.django_db(transaction=True)
def test_errors_are_listed_first_and_lead_to_their_fields(
    chromium: Browser, live_server: LiveServer
) -> None:
    with opened(chromium, live_server, member("deng", role="case_leader"), width=390) as page:
        page.goto("/assignments/new/")
        page.locator("main form button").last.click()
        expect(page).to_have_title("Error: New: Task · Reunion")
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        assert judge(page, "en-error", 390) == []
        link = page.locator(".govuk-error-summary a").first
        link.click()
        field = page.locator(link.get_attribute("href") or "")
        expect(field).to_be_focused()
        told = (field.get_attribute("aria-describedby") or "").split()
        assert any(
            "This field is required." in page.locator(f"#{one}").inner_text() for one in told
        )


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PublicSite]:
    with (
        own_system(tmp_path_factory.mktemp("system")) as system,
        public_site(system, tmp_path_factory.mktemp("site"), "cn/", "cn/15/") as site,
    ):
        yield site


@pytest.mark.parametrize(("language", "width"), WINDOWS)
def test_axe_finds_nothing_on_the_public_site(
    chromium: Browser, everybody: PublicSite, language: str, width: int
) -> None:
    address = f"http://localhost:{everybody.port}"
    context = chromium.new_context(base_url=address, viewport={"width": width, "height": 850})
    page, wrong = context.new_page(), []
    for path in PUBLIC:
        look(page, f"{path}?language={language}")
        wrong += judge(page, named(language, "public", path), width)
    page.goto(f"/write/family_message/?language={language}")
    page.locator("main form button").click()
    wrong += judge(page, named(language, "public", "error"), width)
    page.locator("textarea").fill("Synthetic: I look for my son. 虚构：我找我的儿子。")
    page.locator("select").select_option("cn/15/")
    page.locator("main form button").click()
    expect(page.locator(".code")).to_be_visible()
    wrong += judge(page, named(language, "public", "receipt"), width)
    context.close()
    assert wrong == []


@pytest.mark.django_db(transaction=True)
def test_the_menu_opens_and_closes_and_long_work_shows_how_far_it_is(
    chromium: Browser, live_server: LiveServer
) -> None:
    with opened(chromium, live_server, member("deng", role="administrator"), width=390) as page:
        page.goto("/components/")
        link = page.get_by_role("link", name="Accounts")
        expect(link).to_be_hidden()
        page.locator(".menu summary").filter(has_text="People and units").click()
        expect(link).to_be_visible()
        page.keyboard.press("Escape")
        expect(link).to_be_hidden()
        expect(page.locator("#progress .status")).to_have_text("Done")
        expect(page.locator("#progress")).to_contain_text("100% done")
        assert page.evaluate("sessionStorage.getItem('htmx-history-cache')") is None


@pytest.mark.django_db(transaction=True)
def test_without_scripts_the_menu_and_the_tables_work(
    chromium: Browser, live_server: LiveServer
) -> None:
    account = member("deng", role="administrator")
    with opened(chromium, live_server, account, width=390, script=False) as page:
        page.goto("/components/")
        expect(page.get_by_role("link", name="Look again")).to_be_visible()
        page.locator("thead").get_by_role("link", name="Code").click()
        head = page.locator("th[aria-sort]")
        expect(head).to_have_attribute("aria-sort", "ascending")
        page.locator("main a[rel=next]").last.click()
        expect(page.get_by_role("cell", name="ZZ-0025")).to_be_visible()
        expect(head).to_have_attribute("aria-sort", "ascending")
        page.locator(".menu summary").filter(has_text="My account").click()
        page.get_by_role("link", name="My sessions").click()
        expect(page.get_by_role("heading", name="My sessions")).to_be_visible()
