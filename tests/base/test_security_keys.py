"""Security keys in a real browser: enrolled, asked for at sign-in, and again for grave acts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from reunion.base.accounts.models import Account
from reunion.base.audit.models import AuditEntry
from tests.base.signing_in import PASSWORD, member
from tests.settings import CHROMIUM

pytestmark = [
    pytest.mark.one_database,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with (
        pytest.MonkeyPatch.context() as patch,
        sync_playwright() as playwright,
    ):
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright runs a loop of its own
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        expect.set_options(timeout=30_000)  # a busy machine paints late
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page with a security key plugged in; any complaint of the browser fails the test."""
    # Keys know a site by its name: localhost, not 127.0.0.1.
    address = live_server.url.replace("127.0.0.1", "localhost")
    context = chromium.new_context(base_url=address, locale="en-GB")
    opened = context.new_page()
    complaints: list[str] = []

    def heard(line: ConsoleMessage) -> None:
        if line.type == "error":
            complaints.append(line.text)

    def asked(sent: Request) -> None:
        if not sent.url.startswith(address):
            complaints.append(sent.url)

    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", heard)
    opened.on("request", asked)
    plug_in(opened)
    yield opened
    context.close()
    assert complaints == []


def plug_in(page: Page) -> None:
    """A virtual authenticator, whose owner is there and touches it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def show_password(page: Page, account: Account) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Account name").fill(account.login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def enrol(page: Page) -> None:
    """Add a key, then show it, as the gate asks."""
    expect(page.get_by_role("heading", name="My second factors")).to_be_visible()
    page.get_by_role("link", name="Add a security key").click()
    page.get_by_role("button", name="Add the key").click()
    page.get_by_role("button", name="Use the security key").click()
    expect(page.get_by_role("heading", name="My recovery codes")).to_be_visible()


@pytest.mark.threat("T20")
def test_a_leader_adds_a_key_signs_in_with_it_and_shows_it_again(page: Page) -> None:
    account = member("deng", role="case_leader")
    show_password(page, account)
    enrol(page)
    assert Authenticator.objects.filter(user=account, type="webauthn").count() == 1
    page.goto("/units/")
    expect(page.get_by_role("heading", name="Units")).to_be_visible()
    page.goto("/sign-out/")
    page.get_by_role("button", name="Sign out").click()

    show_password(page, account)
    expect(page.get_by_role("heading", name="Your second factor")).to_be_visible()
    page.goto("/units/")
    expect(page.get_by_role("heading", name="Your second factor")).to_be_visible()

    page.get_by_role("button", name="Use the security key").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    page.goto("/units/")
    expect(page.get_by_role("heading", name="Units")).to_be_visible()
    acts = AuditEntry.objects.filter(subject=account.pk).values_list("act", flat=True)
    assert list(acts).count("sign_in") == 2
    assert "webauthn_added" in acts


@pytest.mark.threat("T20")
def test_with_the_password_and_another_key_nothing_opens(chromium: Browser, page: Page) -> None:
    account = member("deng", role="case_leader")
    show_password(page, account)
    enrol(page)
    thief = chromium.new_context(base_url=page.url.split("/factors/")[0], locale="en-GB").new_page()
    plug_in(thief)
    show_password(thief, account)
    thief.get_by_role("button", name="Use the security key").click()
    expect(thief.get_by_role("alert")).to_contain_text("The key was not accepted.")
    thief.goto("/units/")
    expect(thief.get_by_role("heading", name="Your second factor")).to_be_visible()
    thief.context.close()


def test_an_app_is_set_up_without_javascript(chromium: Browser, live_server: LiveServer) -> None:
    account = member("deng")
    address = live_server.url.replace("127.0.0.1", "localhost")
    context = chromium.new_context(base_url=address, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    show_password(page, account)
    page.get_by_role("link", name="Set up an app").click()
    expect(page.locator(".qr svg")).to_be_visible()
    context.close()
