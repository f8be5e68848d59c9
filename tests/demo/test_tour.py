"""The guided tour: every page that it names is there for whoever it names, and it is remembered."""

from __future__ import annotations

import re

import pytest
from django.test import Client, RequestFactory, override_settings
from django.urls import resolve
from django.utils import timezone

from reunion.base.accounts.models import Account
from reunion.base.operations.models import Installation
from reunion.base.tour import Step, tells, tour
from reunion.demo.cast import load_cast
from reunion.demo.guide import stops, walkers
from reunion.demo.seed import seed
from tests.base.matrix.endpoints import PUBLIC
from tests.base.signing_in import Answer, Browser, with_key
from tests.cast import NOW
from tools import tour_pages

BUTTON = re.compile(r'<button name="done" value="(\d+)"')


def installed(*, synthetic: bool) -> None:
    """A system for invented people, or for real ones."""
    Installation.objects.create(
        synthetic=synthetic, jurisdiction="cn", backup_public="age1", made_at=NOW
    )


def test_the_steps_name_people_of_the_cast_and_each_leads_somewhere() -> None:
    logins = {one.login for one in load_cast("cn").people}
    assert len(tour()) > 12
    for step in tour():
        assert {step.login, step.near} <= logins | {""}, step.place
        assert ("%(region)s" in str(step.text)) == bool(step.near), step.place
    numbers = sorted(number for one in walkers(stops()) for number in one.numbers)
    assert numbers == [stop.number for stop in stops() if stop.step.login]


def test_no_two_steps_stand_at_one_place_and_none_leads_nowhere() -> None:
    with pytest.raises(ValueError, match="stand at"):
        tells(tour()[0])
    step = tour()[0]
    with pytest.raises(ValueError, match="leads to no page"):
        Step(9999, step.title, step.text, step.see)


@pytest.mark.django_db(databases=["default", "published", "inbox"], transaction=True)
def test_each_page_opens_for_whoever_takes_the_step() -> None:
    seed(number=3, at=timezone.now())
    browsers: dict[str, Browser] = {}
    for step in tour():
        if not step.page:
            continue
        if step.login not in browsers:
            browsers[step.login] = with_key(Account.objects.get(login=step.login))
        assert opened(browsers[step.login], step.address).status_code == 200, step.place


def opened(browser: Browser, address: str) -> Answer:
    """A page, after the first post was chosen where somebody holds several."""
    answer = browser.get(address)
    if answer.status_code == 302:
        choice = answer.headers["Location"]
        posts = re.findall(r'name="post" value="([^"]+)"', browser.get(choice).content.decode())
        browser.send(choice, post=posts[0])
        answer = browser.get(address)
    return answer


@pytest.mark.django_db(databases=["default", "published"])
@override_settings(ROOT_URLCONF=PUBLIC)
def test_each_page_of_the_public_site_opens() -> None:
    paths = [step.public for step in tour() if step.public]
    assert len(paths) > 3
    for path in paths:
        view, arguments, named = resolve(path)
        answer = view(RequestFactory().get(path), *arguments, **named)
        assert answer.status_code == 200, path


@pytest.mark.django_db
def test_the_browser_remembers_what_is_done_until_the_tour_begins_again() -> None:
    installed(synthetic=True)
    browser, places = Browser(), [step.place for step in tour()]
    assert BUTTON.findall(browser.get("/tour/").content.decode()) == [str(places[0])]
    for place, following in zip(places, [*places[1:], None], strict=True):
        answer = browser.send("/tour/", done=str(place))
        assert answer.status_code == 302
        shown = BUTTON.findall(browser.get("/tour/").content.decode())
        assert shown == ([str(following)] if following else [])
    cookie = browser.cookies["t"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("", True, "Strict")
    browser.send("/tour/", again="1")
    assert BUTTON.findall(browser.get("/tour/").content.decode()) == [str(places[0])]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "x", "-1", "9" * 400, "<b>", "7.8.x"])
def test_what_is_no_step_is_ignored(text: str) -> None:
    installed(synthetic=True)
    browser = Browser()
    assert browser.send("/tour/", done=text).status_code == 302
    browser.cookies["t"] = text
    page = browser.get("/tour/")
    assert page.status_code == 200
    assert BUTTON.findall(page.content.decode()) == [str(tour()[0].place)]


@pytest.mark.django_db
def test_the_sign_in_page_leads_to_it_and_real_people_have_none() -> None:
    assert 'href="/tour/"' in Client().get("/sign-in/").content.decode()
    installed(synthetic=False)
    assert Client().get("/tour/").status_code == 404


def test_the_documents_are_those_of_the_steps() -> None:
    for path, text in tour_pages.files().items():
        assert path.read_text(encoding="utf-8") == text, f"run: {tour_pages.COMMAND}"
