"""A journey over the real pages: who takes part, each in a browser of their own, all judged.

Pages are found by the words of their language, as people find them. All people are synthetic.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

from django.utils import translation
from playwright.sync_api import Browser, Locator, Page, expect

from reunion.base.accounts.models import Account
from tests.base.signing_in import PASSWORD
from tests.base.test_look import judge
from tests.base.test_pages_in_a_browser import guarded, sign_in

LOCALES = {"en": "en-GB", "zh-hans": "zh-CN"}


@dataclass
class Walker:
    """Somebody's browser; `language` is that of the pages that they see."""

    journey: Journey
    page: Page
    language: str

    def words(self, text: str, context: str = "") -> str:
        """What a page says in the walker's language for words of the source."""
        with translation.override(self.language):
            return translation.pgettext(context, text) if context else translation.gettext(text)

    def comes_to(self, heading: str) -> Locator:
        """Wait for the page of a heading; gives its content."""
        expect(self.page.locator("main h1")).to_have_text(self.words(heading))
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        return self.page.locator("main")

    def sees(self, heading: str) -> Locator:
        """The same, and judge the page."""
        content = self.comes_to(heading)
        self.journey.judge(self.page)
        return content

    def goes(self, address: str, heading: str) -> Locator:
        self.page.goto(address)
        return self.sees(heading)

    def fills(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"main form [name={name}]").fill(value)

    def presses(self, button: str, context: str = "") -> None:
        self._click("button", self.words(button, context))

    def follows(self, link: str, context: str = "") -> None:
        self._click("link", self.words(link, context))

    def chooses(self, group: str, link: str) -> None:
        """Open a part of the menu, and follow a link of it."""
        menu = self.page.locator(".menu details").filter(has_text=self.words(group))
        menu.locator("summary").click()
        menu.get_by_role("link", name=self.words(link), exact=True).click()

    def shows_password(self, account: Account) -> None:
        """The first stage of signing in, from the page that is open."""
        self.comes_to("Sign in")
        self.fills(login=account.login, password=PASSWORD)
        self.presses("Sign in")

    def _click(self, role: Literal["button", "link"], words: str) -> None:
        main = self.page.get_by_role("main")
        main.get_by_role(role, name=words, exact=True).first.click()


@dataclass
class Journey:
    """One journey in one language and width; what is wrong with its pages is gathered.

    Args:
        address: of the site, by a name that security keys know.
    """

    chromium: Browser
    address: str
    name: str
    language: str
    width: int
    wrong: list[str] = field(default_factory=list)
    browsers: ExitStack = field(default_factory=ExitStack)
    _pictures: count[int] = field(default_factory=lambda: count(1))

    def outsider(self, language: str = "") -> Walker:
        """A browser in which nobody is signed in."""
        language = language or self.language
        page = self.browsers.enter_context(
            guarded(self.chromium, self.address, width=self.width, locale=LOCALES[language])
        )
        return Walker(self, page, language)

    def walker(self, account: Account) -> Walker:
        """A browser in which somebody has signed in, and reads the language of the journey."""
        account.language = self.language
        account.save(update_fields=["language"])
        walker = self.outsider()
        sign_in(walker.page, account, self.address)
        return walker

    def judge(self, page: Page) -> None:
        picture = f"journeys/{self.language}-{self.name}-{next(self._pictures):02}"
        self.wrong += judge(page, picture, self.width)
