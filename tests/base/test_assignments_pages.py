"""The pages of assignments: a task goes its way by the buttons that the table of moves yields."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import uuid4

import pytest

from reunion.base.accounts.models import Account
from reunion.base.assignments.models import Assignment
from reunion.base.assignments.rules import State
from reunion.base.lists import ROWS
from reunion.base.notices.models import Notice
from reunion.base.units.models import Post, Unit
from tests.base.signing_in import Browser, id_in, member, police, with_key
from tests.cast import NOW

pytestmark = pytest.mark.django_db

PREFECTURE, COUNTY = "cn/15/1506/", "cn/15/1506/150602/"
FAR = "cn/65/6501/650102/"


@dataclass
class Desk:
    """Somebody signed in, and what their last page says."""

    browser: Browser
    text: str = ""

    def look(self, address: str, status: int = 200) -> str:
        answer = self.browser.get(address)
        assert answer.status_code == status, address
        self.text = answer.content.decode()
        return self.text

    def press(self, page: str, move: str, **fields: str) -> str:
        """Press the button of a move, with the version that the page shows."""
        text = self.look(page)
        assert f'action="{move}/"' in text, f"no button {move}"
        version = re.search(r'name="version" value="(\d+)"', text)
        assert version is not None
        self.browser.send(page, f"{page}{move}/", version=version[1], **fields)
        return self.look(page)

    def buttons(self, page: str) -> set[str]:
        text = self.look(page)
        found = re.findall(r'action="(\w+)/"|class="button" href="(\w+)/"', text)
        return {one or other for one, other in found}


def desk(login: str, role: str, region: str) -> Desk:
    account: Account = member(login, role, region)
    return Desk(with_key(account))


def draft(office: Desk, lead: Unit, kind: str = "task", **fields: str) -> str:
    """The page of a new draft."""
    answer = office.browser.send(
        f"/assignments/new/?kind={kind}",
        title="Read the synthetic file again",
        completion="A report is in the file",
        scope="150602",
        lead=lead.code,
        working_days="5",
        **fields,
    )
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def test_a_task_goes_its_way_from_page_to_page() -> None:
    office = desk("office", "supervisor", PREFECTURE)
    worker = desk("worker", "case_officer", COUNTY)
    page = draft(office, police(COUNTY))
    assert office.buttons(page) == {"issue", "withdraw"}
    worker.look(page, 404)
    office.press(page, "issue")
    assert worker.buttons(page) == {"accept", "dispute", "report"}
    worker.press(page, "accept")
    worker.press(page, "start")
    text = worker.look(f"{page}report/")
    version = re.search(r'name="version" value="(\d+)"', text)
    assert version is not None
    worker.browser.send(
        f"{page}report/", version=version[1], outcome="done", result="Nothing new was found"
    )
    assert "Nothing new was found" in worker.look(page)
    assert office.buttons(page) == {"send_back", "confirm", "withdraw"}
    office.press(page, "confirm")
    assert "Closed" in office.press(page, "close")
    assert Assignment.objects.unscoped().get().state == State.CLOSED


def test_a_request_to_another_province_is_answered_with_a_refusal_from_the_list() -> None:
    asking = desk("asking", "case_leader", COUNTY)
    asked = desk("asked", "case_officer", FAR)
    page = draft(asking, police(FAR), "request")
    asking.press(page, "issue")
    assert page in asked.look("/assignments/")
    assert page in asking.look("/assignments/?show=waiting")
    assert "Refused" in asked.look(f"{page}report/")
    version = re.search(r'name="version" value="(\d+)"', asked.text)
    assert version is not None
    asked.browser.send(f"{page}report/", version=version[1], outcome="refused", result="No people")
    assert "Refused" in asking.look(page)
    assert page in asking.look("/assignments/?show=turn")


def test_an_old_page_changes_nothing_and_says_so() -> None:
    office = desk("office", "supervisor", PREFECTURE)
    page = draft(office, police(COUNTY))
    office.press(page, "issue")
    answer = office.browser.send(page, f"{page}withdraw/", version="1", reason="mistaken")
    assert "Somebody changed this after you opened it." in answer.content.decode()
    office.browser.send(page, f"{page}withdraw/", version="1", reason="")
    assert "Somebody changed this in the meantime" in office.look(page)
    assert Assignment.objects.unscoped().get().state == State.ISSUED


def test_a_rule_is_said_in_a_sentence() -> None:
    office = desk("office", "supervisor", PREFECTURE)
    lead = police(COUNTY)
    answer = office.browser.send(
        "/assignments/new/?kind=task",
        title="x",
        scope="150602",
        lead=lead.code,
        cooperating=lead.code,
    )
    assert "A unit leads or cooperates, but not both." in answer.content.decode()
    answer = office.browser.send("/assignments/new/", title="x", scope="150602", lead="nobody")
    assert "There is no unit of the code nobody." in answer.content.decode()


def test_an_outsider_sees_no_list_no_page_and_no_button() -> None:
    office = desk("office", "supervisor", PREFECTURE)
    page = draft(office, police(COUNTY))
    office.press(page, "issue")
    outsider = desk("outsider", "supervisor", FAR)
    assert page not in outsider.look("/assignments/?show=all")
    outsider.look(page, 404)
    answer = outsider.browser.send(
        "/assignments/new/", f"{page}withdraw/", version="2", reason="because"
    )
    assert answer.status_code == 404
    desk("keeper", "administrator", PREFECTURE).look("/assignments/", 404)


def test_a_draft_is_changed_and_progress_is_reported() -> None:
    office = desk("office", "supervisor", PREFECTURE)
    worker = desk("worker", "case_officer", COUNTY)
    page = draft(office, police(COUNTY))
    office.look(f"{page}edit/")
    office.browser.send(
        f"{page}edit/",
        version="1",
        title="Read both synthetic files again",
        completion="A report is in the file",
        scope="150602",
        lead=police(COUNTY).code,
        working_days="9",
        report_every="3",
    )
    assert "Read both synthetic files again" in office.press(page, "issue")
    assert worker.look(page).count("not due yet") == 2
    day = re.search(r"progress/\?day=([\d-]+)", worker.text)
    assert day is not None
    worker.browser.send(f"{page}progress/", day=day[1], text="Half of it was read")
    assert "on time" in worker.look(page)
    assert "Half of it was read" in office.look(page)


def test_a_part_is_passed_on_by_the_lead_unit() -> None:
    office = desk("office", "supervisor", PREFECTURE)
    leader = desk("leader", "case_leader", COUNTY)
    page = draft(office, police(COUNTY))
    office.press(page, "issue")
    assert f"parent={id_in(page)}" in leader.look(page)
    answer = leader.browser.send(
        f"/assignments/new/?parent={id_in(page)}", title="A part", scope="150602"
    )
    assert answer.status_code == 302
    assert "A part" in leader.look(page)


def test_a_notice_is_read_and_leads_to_the_page() -> None:
    office = desk("office", "supervisor", PREFECTURE)
    worker = desk("worker", "case_officer", COUNTY)
    page = draft(office, police(COUNTY))
    office.press(page, "issue")
    assert f'<a href="{page}">Assignment issued</a>' in worker.look("/notices/")
    notice = Notice.objects.get()
    assert "Assignment issued" not in office.look("/notices/?all=1")
    worker.browser.send("/notices/", f"/notices/{notice.pk}/read/")
    assert "Assignment issued" not in worker.look("/notices/")
    assert "Assignment issued" in worker.look("/notices/?all=1")


def test_older_notices_are_of_the_list_that_was_asked_for() -> None:
    worker = desk("worker", "case_officer", COUNTY)
    unit = Post.objects.unscoped().get().unit_id
    told = Notice(unit=unit, what="assignment.issued", kind="units.unit", subject=unit, at=NOW)
    for _ in range(ROWS + 1):
        told.pk = uuid4()
        told.save(force_insert=True)
    assert 'href="?page=2"' in worker.look("/notices/")
    assert 'href="?all=1&amp;page=2"' in worker.look("/notices/?all=1")
