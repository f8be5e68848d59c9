"""The pages of rights and of emergency openings, as people go through them."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.utils import timezone

from reunion.base.accounts.models import Account
from reunion.base.actor import system
from reunion.base.emergency.models import BreakGlass
from reunion.base.rights.actions import start_clock
from reunion.base.rights.models import Breach, LegalBasis, RetentionClock, RightsRequest
from reunion.base.units.models import Unit
from reunion.packs.roles import load_roles
from tests.base.signing_in import Browser, member, police, with_key
from tests.base.two_people import record_at
from tests.cast import TODAY

pytestmark = pytest.mark.django_db

COUNTY, PREFECTURE, FAR = "cn/15/1506/150602/", "cn/15/1506/", "cn/65/6501/650102/"


class Desk:
    """Somebody signed in."""

    def __init__(self, login: str, role: str, region: str = COUNTY) -> None:
        self.account: Account = member(login, role, region)
        self.browser: Browser = with_key(self.account)

    def look(self, address: str, status: int = 200) -> str:
        answer = self.browser.get(address)
        assert answer.status_code == status, address
        return answer.content.decode()

    def send(self, page: str, **fields: str) -> str:
        """Send the form of a page; the page that it leads to."""
        answer = self.browser.send(page, **fields)
        assert answer.status_code == 302, answer.content.decode()
        return str(answer.headers["Location"])

    def press(self, page: str, move: str, reason: str = "looked at") -> str:
        text = self.look(page)
        assert f'action="{move}/"' in text, f"no button {move}"
        self.browser.send(page, f"{page}{move}/", version=version_in(text), reason=reason)
        return self.look(page)


def version_in(text: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', text)
    assert found is not None
    return found[1]


@pytest.fixture
def bai() -> Desk:
    """The data-protection officer of the county; synthetic."""
    return Desk("bai", "data_protection_officer")


def test_a_request_goes_from_the_start_page_to_its_answer(bai: Desk) -> None:
    assert "No open requests" in bai.look("/rights/")
    page = bai.send("/rights/requests/new/", kind="see", received="2026-03-02", region="150602")
    assert page in bai.look("/rights/")
    assert page in bai.look("/rights/requests/")
    person = str(uuid4())
    text = bai.look(f"{page}show_identity/")
    bai.send(f"{page}show_identity/", version=version_in(text), person=person)
    bai.press(page, "take_up")
    text = bai.look(f"{page}extend/")
    bai.send(f"{page}extend/", version=version_in(text), reason="Many files")
    assert "Many files" in bai.look(page)
    assert f"{page}extend/" not in bai.look(page)
    assert "Copy was handed over" in bai.press(page, "fulfil", "Copy was handed over")
    assert RightsRequest.objects.unscoped().get().state == "granted"
    assert page not in bai.look("/rights/requests/")
    assert page in bai.look("/rights/requests/?all=1")


def test_a_consent_is_recorded_and_withdrawn_on_the_page_of_a_person() -> None:
    lan = Desk("lan", "reunion_worker")
    person = str(uuid4())
    answer = lan.browser.get(f"/rights/people/?person={person}")
    page = answer.headers["Location"]
    assert "may not be used" in lan.look(page)
    answer = lan.browser.send(f"{page}new/", use="media", basis="legal_duty", region="150602")
    assert "nothing but a consent will do" in answer.content.decode()
    lan.send(
        f"{page}new/", use="media", basis="consent", region="150602", given_by=person,
        text_version="2026-1",
    )  # fmt: skip
    basis = LegalBasis.objects.unscoped().get()
    lan.browser.send(page, f"/rights/bases/{basis.pk}/withdraw/")
    assert "Record the withdrawal" not in lan.look(page)
    basis.refresh_from_db()
    assert basis.withdrawn_at is not None


def test_what_need_not_be_kept_is_held_let_go_and_proposed_for_destruction(bai: Desk) -> None:
    clock = start_clock(
        actor=system("test"), subject=record_at(COUNTY), retention="search_log",
        starts=TODAY.replace(year=2010), at=timezone.now(),
    )  # fmt: skip
    page = f"/rights/retention/{clock.pk}/"
    assert page in bai.look("/rights/retention/")
    assert "Held" in bai.press(page, "hold", "A trial")
    assert "destruction/" not in bai.look(page)
    bai.press(page, "go_on", "The trial is over")
    text = bai.look(f"{page}destruction/")
    proposal = bai.send(f"{page}destruction/", version=version_in(text), reason="Time is over")
    assert str(clock.pk) in bai.look(proposal)
    assert (
        "proposed already"
        in bai.browser.send(
            f"{page}destruction/", version=version_in(text), reason="Again"
        ).content.decode()
    )
    assert RetentionClock.objects.unscoped().get().state == "ticking"


def test_anybody_reports_a_breach_and_the_officer_answers_it(bai: Desk) -> None:
    finder = Desk("finder", "case_officer")
    finder.send("/rights/breaches/new/", what="A synthetic list lay open", region="150602",
                found_at="2026-03-02 09:30")  # fmt: skip
    found = Breach.objects.unscoped().get()
    assert found.found_at.isoformat() == "2026-03-02T01:30:00+00:00"
    page = f"/rights/breaches/{found.pk}/"
    finder.look(page, 404)
    assert "Rights breach found" in bai.look("/notices/")
    assert page in bai.look("/rights/")
    bai.press(page, "contain", "The list was taken off")
    bai.press(page, "notify", "Told the four people")
    assert "Told the four people" in bai.press(page, "close", "Nothing more to do")
    assert page not in bai.look("/rights/")


def test_registers_are_kept_and_read(bai: Desk) -> None:
    page = bai.send(
        "/rights/recipients/new/", name="Synthetic court", categories="report", purpose="trial",
        article="art. 1", since="2026-03-02",
    )  # fmt: skip
    assert page in bai.look("/rights/recipients/")
    text = bai.look(f"{page}end/")
    bai.send(f"{page}end/", version=version_in(text), until="2026-04-01")
    assert "No more from" in bai.look(page)
    page = bai.send(
        "/rights/assessments/new/", activity="A synthetic use", necessity="It is needed",
        risks="Few", measures="Sealing", decided_on="2026-03-02", review_due="2027-03-02",
    )  # fmt: skip
    text = bai.look(page)
    assert "What could it do to people?" in text
    assert "Sealing" in text
    assert page in bai.look("/rights/assessments/")
    assert "Published searches" in bai.look("/rights/uses/?first=2026-03-01&last=2026-03-31")


def test_whoever_sees_the_start_page_may_see_all_that_it_shows() -> None:
    for role in load_roles().values():
        if "rights.see" in role.may:
            assert "emergency.see" in role.may, role.code
    auditor = Desk("auditor", "auditor")
    assert "Enter a request" not in auditor.look("/rights/")
    auditor.look("/rights/requests/new/", 404)


def test_an_outsider_finds_no_page(bai: Desk) -> None:
    page = bai.send("/rights/requests/new/", kind="see", received="2026-03-02", region="150602")
    far = Desk("far", "data_protection_officer", FAR)
    far.look(page, 404)
    assert page not in far.look("/rights/requests/?all=1")
    assert far.browser.send("/rights/requests/new/", f"{page}withdraw/", version="1",
                            reason="x").status_code == 404  # fmt: skip
    officer = Desk("officer", "case_officer")
    officer.look("/rights/", 404)
    officer.look(page, 404)


@pytest.fixture
def units_open_in_emergencies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Unit, "opens_in_emergency", True)


@pytest.mark.usefixtures("units_open_in_emergencies")
@pytest.mark.threat("T21")
def test_a_record_is_opened_told_of_and_reviewed_from_page_to_page(bai: Desk) -> None:
    tao, own = Desk("tao", "case_officer"), Desk("own", "supervisor")
    other = Desk("other", "supervisor", PREFECTURE)
    record = police(FAR)
    fields = {
        "kind": "units.unit", "subject_id": str(record.pk), "case": "SYN-1",
        "reason": "A child may be on that train",
    }  # fmt: skip
    refused = tao.browser.send("/emergency/new/", **(fields | {"subject_id": str(uuid4())}))
    assert "There is no such record." in refused.content.decode()
    assert "Open until" in tao.look(tao.send("/emergency/new/", **fields))
    opened = BreakGlass.objects.unscoped().get()
    page = f"/emergency/{opened.pk}/"
    assert page in other.look("/notices/")
    assert page in other.look("/emergency/")
    assert page in bai.look("/rights/")
    assert "A child may be on that train" in bai.look(page)
    tao.look(page, 404)
    bai.look(f"{page}review/", 404)
    assert f"{page}review/" not in own.look(page)
    answer = own.browser.send(f"{page}review/", version="1", finding="justified")
    assert "of another unit, must review" in answer.content.decode()
    other.send(f"{page}review/", version="1", finding="justified", remark="The child was there")
    assert "The child was there" in bai.look(page)
    assert page not in other.look("/emergency/")
    assert page in other.look("/emergency/?all=1")
    assert "It was reviewed." in tao.look("/emergency/own/")


def test_where_no_kind_can_be_opened_the_form_opens_nothing() -> None:
    tao = Desk("tao", "case_officer")
    answer = tao.browser.send(
        "/emergency/new/", kind="units.unit", subject_id=str(police(FAR).pk), case="x", reason="x"
    )
    assert answer.status_code == 200
    assert not BreakGlass.objects.unscoped().exists()


def test_a_button_whose_form_is_incomplete_says_so(bai: Desk) -> None:
    unit = record_at()
    made = RightsRequest.objects.unscoped().create(
        region=COUNTY, kind="see", received=TODAY, due=TODAY, person=unit.pk
    )
    page = f"/rights/requests/{made.pk}/"
    for fields in ({"reason": "synthetic"}, {"version": "1", "reason": "a\0b"}):
        bai.browser.send(page, f"{page}withdraw/", **fields)
        assert "the form was incomplete" in bai.look(page)
    assert RightsRequest.objects.unscoped().get().state == "received"
