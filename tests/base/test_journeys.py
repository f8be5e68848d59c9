"""What people come to do, walked in a real browser: in English on a desk, in Chinese on a phone.

Each page on the way is judged by axe, and its picture left in var/shots/journeys for people to look
at (docs/looked-at.md says what they found). A sign-in with a security key alone is walked in
tests/base/test_security_keys.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from reunion.base.accounts.models import Account
from reunion.base.actor import Purpose
from reunion.base.assignments.models import Assignment
from reunion.base.assignments.work import escalate
from reunion.base.attachments.actions import attach
from reunion.base.audit.models import AuditEntry
from reunion.base.emergency.models import BreakGlass
from reunion.base.units.actions import enter_staff
from reunion.demo.files import picture
from reunion.demo.models import PracticeCase
from tests.base.journeys import Journey, Walker
from tests.base.signing_in import PASSWORD, code, member, police, post, recovery_codes, with_app
from tests.base.test_look import WINDOWS
from tests.base.test_security_keys import chromium, plug_in
from tests.cast import acting, administrator

__all__ = ["chromium"]

pytestmark = [
    pytest.mark.one_database,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

COUNTY, PREFECTURE, FAR = "cn/15/1506/150602/", "cn/15/1506/", "cn/65/6501/650102/"
LATE = timedelta(days=8)
"""So late that the issuing unit is told too."""


@pytest.fixture(params=WINDOWS, ids=[language for language, _ in WINDOWS])
def journey(
    request: pytest.FixtureRequest, chromium: Browser, live_server: LiveServer
) -> Iterator[Journey]:
    """A journey, on whose pages axe must find nothing and the browser must not complain."""
    language, width = request.param
    name = request.node.originalname.removeprefix("test_").replace("_", "-")
    address = live_server.url.replace("127.0.0.1", "localhost")
    found = Journey(chromium, address, name, language, width)
    with found.browsers:
        yield found
    assert found.wrong == []


def sets_password(walker: Walker, account: Account, given: str) -> None:
    """From the page of signing in: a code that was given in person, then the first stage."""
    walker.goes("/sign-in/", "Sign in")
    walker.follows("I was given a code in person")
    walker.sees("Set your password")
    walker.fills(login=account.login, code=given, password=PASSWORD, again=PASSWORD)
    walker.presses("Set the password")
    walker.shows_password(account)


def test_first_sign_in(journey: Journey) -> None:
    keeper = journey.walker(member("keeper", "administrator", COUNTY))
    staff = enter_staff(
        actor=administrator(), name="Synthetic Newcomer", region=COUNTY, at=timezone.now()
    )
    keeper.goes(f"/staff/{staff.pk}/", staff.name)
    keeper.follows("Open an account")
    keeper.sees("Open an account")
    keeper.fills(login="newcomer")
    keeper.presses("Open the account")
    given = keeper.sees("Give this code in person").locator(".code").inner_text()
    account = Account.objects.get(login="newcomer")
    post(account, "secretariat")

    newcomer = journey.outsider()
    sets_password(newcomer, account, given)
    newcomer.sees("My second factors")
    newcomer.follows("Set up an app")
    secret = newcomer.sees("Set up an app with codes").locator(".code").inner_text()
    newcomer.fills(code=code(secret))
    newcomer.presses("Set up")
    newcomer.sees("Your second factor again")
    newcomer.fills(code=code(secret))
    newcomer.presses("Go on")
    shown = newcomer.sees("My recovery codes").locator("ol.code li")
    assert shown.count() >= 8
    newcomer.page.locator(".site-name").click()
    newcomer.sees("Today")


def test_lost_factor(journey: Journey) -> None:
    account = with_app(member("owner"))
    first, second = (
        journey.walker(member(f"officer-{number}", "supervisor", COUNTY)) for number in (1, 2)
    )
    first.page.goto("/")
    first.chooses("People and units", "Lost factors")
    first.sees("Lost second factors").get_by_role("link", name="owner").click()
    first.sees("Second factor lost")
    first.presses("Ask for the recovery")
    first.sees("Recover a second factor")
    first.presses("I saw them in person and know who they are")
    first.sees("Lost second factors")

    today = second.goes("/", "Today")
    today.get_by_role("link", name=account.staff.name).click()
    second.comes_to("Recover a second factor")
    second.presses("I saw them in person and know who they are")
    given = second.sees("Give this code in person").locator(".code").inner_text()

    account.language = journey.language
    account.save(update_fields=["language"])
    owner = journey.outsider()
    plug_in(owner.page)
    sets_password(owner, account, given)
    owner.sees("My second factors")
    owner.follows("Add a security key")
    owner.sees("Add a security key")
    owner.presses("Add the key")
    owner.sees("Your security key again")
    owner.presses("Use the security key")
    owner.sees("My recovery codes")
    owner.chooses("My account", "Sign out")
    owner.comes_to("Sign out")
    owner.presses("Sign out")
    owner.shows_password(account)
    owner.sees("Your second factor")
    owner.presses("Use the security key")
    owner.sees("Today")


def test_language(journey: Journey) -> None:
    other, name = {"en": ("zh-hans", "简体中文"), "zh-hans": ("en", "English")}[journey.language]
    account = with_app(member("reader"))
    codes = recovery_codes(account)  # an app shows one code in thirty seconds
    reader = journey.walker(account)
    reader.goes("/assignments/?show=all", "Assignments")
    reader.page.get_by_role("button", name=name).click()
    reader.language = other
    reader.sees("Assignments")
    assert reader.page.url.endswith("/assignments/?show=all")
    reader.chooses("My account", "Sign out")
    reader.sees("Sign out")
    reader.presses("Sign out")
    reader.language = journey.language  # of the browser, until it knows who reads

    for walker in (reader, journey.outsider()):
        walker.page.goto("/sign-in/")
        walker.shows_password(account)
        walker.sees("Your second factor")
        walker.fills(code=codes.pop())
        walker.presses("Sign in with the code")
        walker.language = other
        walker.sees("Today")


def test_task_that_falls_due(journey: Journey) -> None:
    title = "Look again at the synthetic case 再看一遍虚构的案件"
    office = journey.walker(member("office", "supervisor", PREFECTURE))
    worker = journey.walker(member("worker", "case_officer", COUNTY))
    office.goes("/assignments/", "Assignments")
    office.follows("Write a task")
    office.page.wait_for_url("**/assignments/new/**")
    journey.judge(office.page)
    office.fills(
        title=title,
        completion="A report is in the file 卷宗里有报告",
        scope="150602",
        lead=police(COUNTY).code,
        working_days="5",
    )
    office.presses("Keep as a draft")
    office.sees(title)
    page = office.page.url
    office.presses("Issue", "move")
    expect(office.sees(title)).to_contain_text(office.words("Issued", "state"))

    today = worker.goes("/", "Today")
    expect(today).to_contain_text(worker.words("Assignments that wait for your unit"))
    expect(today).to_contain_text(worker.words("Accept", "move"))
    section = today.locator("section").filter(has_text=title)
    section.get_by_role("link", name=title, exact=True).click()
    worker.sees(title)
    worker.presses("Accept", "move")
    expect(worker.page.locator("main dl")).to_contain_text(worker.words("Accepted", "state"))
    worker.sees(title)

    now = timezone.now()
    task = Assignment.objects.unscoped().get()
    task.issued_on, task.due = (now - 2 * LATE).date(), (now - LATE).date()
    task.save()
    escalate(now)
    mine, theirs = worker.goes("/", "Today"), office.goes("/", "Today")
    expect(mine.locator(".late")).to_contain_text(
        worker.words("Assignments that wait for your unit")
    )
    expect(mine.locator(".late")).to_contain_text(title)
    expect(theirs.locator(".late")).to_contain_text(office.words("Overdue in your region, by unit"))
    for walker in (worker, office):
        told = walker.goes("/notices/", "Notices")
        expect(told).to_contain_text(walker.words("Assignment overdue", "notice"))
    told = office.goes(page, title)
    expect(told).to_contain_text(office.words("Who was told that it is late"))


def a_case(region: str, number: str) -> PracticeCase:
    return PracticeCase.objects.unscoped().create(
        number=number, title="A synthetic child on a train 列车上的虚构儿童", region=region
    )


def test_purpose_and_the_read_on_record(journey: Journey) -> None:
    case = a_case(COUNTY, "SYN-0001")
    keeps = acting("case_officer", COUNTY, "attachments.add")
    row = attach(actor=keeps, owner=case, subject=uuid4(), data=picture(), at=timezone.now())
    officer = journey.walker(member("officer", "case_officer", COUNTY))
    officer.goes("/practice/", "Practice cases")
    officer.follows(case.number)
    officer.sees(case.number)
    officer.follows(row.download_name)
    officer.sees("Attachment")
    officer.page.locator("main form [name=purpose]").select_option(Purpose.FAMILY_REQUEST.value)
    officer.fills(case=case.number)
    with officer.page.expect_download() as file:
        officer.presses("Download the original")
    assert Path(file.value.path()).read_bytes() == picture()

    auditor = journey.walker(member("auditor", "auditor", PREFECTURE))
    auditor.page.goto("/")
    auditor.chooses("Oversight", "Audit trail")
    auditor.sees("Audit trail")
    auditor.follows("What was done, by whom")
    auditor.sees("What was done, by whom")
    auditor.fills(act="read_original")
    auditor.presses("Show")
    found = auditor.sees("What was done, by whom").locator("tbody tr")
    expect(found).to_have_count(1)
    for said in ("Synthetic Person", case.number, auditor.words("Request of a family")):
        expect(found).to_contain_text(said)
    found.get_by_role("link").click()
    expect(auditor.sees("What was done to a record")).to_contain_text("read_original")
    assert AuditEntry.objects.filter(act="read_trail", subject=row.pk).exists()


def test_emergency_and_its_review(journey: Journey) -> None:
    case = a_case(FAR, "SYN-0002")
    officer = journey.walker(member("officer", "case_officer", COUNTY))
    here = journey.walker(member("here", "supervisor", COUNTY))
    above = journey.walker(member("above", "supervisor", PREFECTURE))
    told = officer.goes("/practice/", "Practice cases").locator("code").inner_text()
    officer.follows("Open a record in an emergency")
    officer.sees("Open a record in an emergency")
    officer.page.locator("main form [name=kind]").select_option("demo.practicecase")
    reason = "The train arrives in twenty minutes 列车二十分钟后到站"
    officer.fills(subject_id=told, case=case.number, reason=reason)
    officer.presses("Open the record for 60 minutes")
    officer.sees("What I opened in emergencies")
    officer.follows("Look at the record")
    expect(officer.sees(case.number)).to_contain_text(case.title)

    opening = BreakGlass.objects.unscoped().get()
    own = here.goes(f"/emergency/{opening.pk}/", "Emergency opening")
    expect(own).to_contain_text(here.words("A supervisor of another unit must review it."))
    waits = (
        above.goes("/", "Today")
        .locator("section")
        .filter(has_text=above.words("Emergency openings that wait for a review"))
    )
    waits.locator("li a").click()
    expect(above.sees("Emergency opening")).to_contain_text(reason)
    above.follows("Review it")
    above.sees("Review an emergency opening")
    above.page.get_by_label(above.words("It was justified"), exact=True).check()
    above.presses("Record the review")
    expect(above.sees("Emergency opening")).to_contain_text(above.words("It was justified"))
    own = officer.goes("/emergency/own/", "What I opened in emergencies")
    expect(own).to_contain_text(officer.words("It was reviewed."))


def test_two_people_edit_one_record(journey: Journey) -> None:
    old, new = "The synthetic file 虚构卷宗", "Both synthetic files 两份虚构卷宗"
    first, second = (
        journey.walker(member(f"office-{number}", "supervisor", PREFECTURE)) for number in (1, 2)
    )
    task = Assignment.objects.unscoped().create(
        kind="task", title=old, scope=COUNTY, region=PREFECTURE, issuer=police(PREFECTURE)
    )
    first.goes(f"/assignments/{task.pk}/", old)
    first.follows("Change the text")
    first.sees(old)
    second.page.goto(first.page.url)
    first.fills(title=new)
    first.presses("Keep as a draft")
    first.sees(new)

    typed, mine = "Ask at the school too 也要问学校", "One more synthetic file"
    second.fills(title=mine, description=typed, working_days="9")
    second.presses("Keep as a draft")
    content = second.sees(new)
    for name, value in (("title", mine), ("description", typed), ("working_days", "9")):
        expect(content.locator(f"[name={name}]")).to_have_value(value)
    beside = content.locator(".merge")
    expect(beside).to_have_count(1)
    expect(beside).to_contain_text(new)
    second.presses("Keep as a draft")
    expect(second.sees(new)).to_contain_text(second.words("Choose one of the two."))
    theirs = beside.locator("[value=theirs]")
    theirs.focus()  # with the keyboard alone
    theirs.press("Space")
    second.presses("Keep as a draft")
    expect(second.sees(new)).to_contain_text(typed)
    kept = Assignment.objects.unscoped().get()
    assert (kept.title, kept.description, kept.working_days) == (new, typed, 9)
