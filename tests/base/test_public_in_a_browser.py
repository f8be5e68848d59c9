"""The public site in a real browser: it works, and the browser runs no script that gets into it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.base.test_security_keys import chromium
from tools.own_system import own_system
from tools.public_site import PublicSite, public_site

__all__ = ["chromium"]

pytestmark = [pytest.mark.one_database, pytest.mark.browser]

REGION = "cn/15/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PublicSite]:
    folder = tmp_path_factory.mktemp("public")
    with own_system(folder / "system") as system, public_site(system, folder, REGION) as running:
        yield running


@pytest.fixture
def page(chromium: Browser, site: PublicSite) -> Iterator[Page]:
    """A visitor."""
    context = chromium.new_context(base_url=f"http://127.0.0.1:{site.port}", locale="en-GB")
    opened = context.new_page()
    yield opened
    context.close()


def test_a_message_is_sent_and_read_again_and_the_browser_has_nothing_to_complain_of(
    page: Page,
) -> None:
    complaints: list[str] = []

    def heard(line: ConsoleMessage) -> None:
        if line.type in {"error", "warning"}:
            complaints.append(line.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/write/family_message/?language=en")
    page.locator("[name=area]").select_option(REGION)
    page.locator("[name=text]").fill("Synthetic: a yellow house.")
    page.get_by_role("button", name="Send").click()
    code = page.locator(".code").inner_text()
    page.goto("/return/?language=en")
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("Synthetic: a yellow house.")).to_be_visible()
    assert complaints == []


# What a script that got into the page would do: each is refused by the policy or the type.
ATTACKS = {
    "text becomes markup": "document.body.innerHTML = '<p>changed</p>'",
    "an address becomes code": "document.createElement('script').src = '/x.js'",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_text_never_becomes_markup_or_code(page: Page, attack: str) -> None:
    page.goto("/")
    name = page.evaluate(
        f"() => {{ try {{ {attack}; return ''; }} catch (error) {{ return error.name; }} }}"
    )
    assert name == "TypeError"


def test_a_script_in_the_page_itself_is_not_run(page: Page) -> None:
    page.goto("/")
    page.evaluate(
        "() => { const s = document.createElement('script');"
        " s.append('document.title = \"run\"'); document.body.append(s); }"
    )
    assert page.title() != "run"
