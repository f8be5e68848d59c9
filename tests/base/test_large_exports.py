"""A list with more than 500 rows is taken along by two people of two units. All are invented."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

import openpyxl
import pytest

from reunion.base.accounts.models import Account
from reunion.base.actor import Actor, Purpose
from reunion.base.approvals.models import Proposal
from reunion.base.approvals.rules import LAPSES_AFTER, NotApproved, ProposalState
from reunion.base.audit.models import AuditEntry
from reunion.base.errors import NotFound, NotPermitted, RuleBroken
from reunion.base.exports.access import query_for
from reunion.base.exports.actions import Wanted, ask_for_export, forget_filters, take_export
from reunion.base.exports.models import LargeExport
from reunion.base.exports.rules import LARGEST
from reunion.base.lists import MOST
from reunion.base.permissions.actions import exclude
from reunion.base.units.models import Unit
from tests.base.signing_in import Answer, Browser, member, with_key
from tests.base.two_people import (
    COUNTY,
    OTHER_PROVINCE,
    PREFECTURE,
    PROVINCE,
    approved_by,
    fresh,
    holding_everything,
)
from tests.cast import NOW, TODAY, acting, administrator

pytestmark = pytest.mark.django_db(databases=["default", "published", "inbox"])

SEARCH = "/units/?q=Heron&sort=-code"
NAME = "Heron"
"""What was searched for: it might have been the name of somebody."""


def units(number: int, region: str = COUNTY, name: str = NAME) -> None:
    Unit.objects.unscoped().bulk_create(
        Unit(
            code=f"{name}-{region.count('/')}-{n:04}", kind="police", level="county",
            region=region, name_en=f"=1+1 {name}", name="虚构", valid_from=TODAY,
        )
        for n in range(number)
    )  # fmt: skip


def text(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def asked(browser: Browser, address: str = SEARCH, **fields: str) -> Answer:
    """The answer to the form that a large list leads to."""
    page = f"/exports/new/?list={quote(address, safe='')}"
    sent = {"purpose": "statistics", "reason": "Synthetic: the yearly report"} | fields
    return browser.send(page, **sent)


def decided(browser: Browser, page: str, move: str = "approve") -> str:
    shown = dict(
        re.findall(r'name="(version|shown_hash)" value="(\w+)"', text(browser, f"{page}{move}/"))
    )
    answer = browser.send(f"{page}{move}/", **shown, reason="Synthetic: looked at")
    return str(answer.content.decode()) if answer.status_code == 200 else ""


def taken(browser: Browser, page: str, form: str = "csv") -> Answer:
    return browser.send(page, f"{page}take/", form=form)


def lines(answer: Answer) -> list[list[str]]:
    assert answer.status_code == 200
    file = b"".join(answer).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(file)))


def entries(act: str, subject: UUID) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(act=act, subject=subject))


@pytest.fixture
def secretary() -> Account:
    return member("sun", "secretariat", PREFECTURE)


@pytest.fixture
def chief() -> Account:
    """Of another unit, which is above."""
    return member("chief", "supervisor", PROVINCE)


def test_from_the_list_to_the_file_by_two_people_of_two_units(
    secretary: Account, chief: Account
) -> None:
    units(MOST + 1)
    units(3, OTHER_PROVINCE)
    asker, approver = with_key(secretary), with_key(chief)

    button = re.search(r'href="(/exports/new/\?list=[^"]+)"', text(asker, f"{SEARCH}&page=2"))
    assert button is not None
    assert "Ask for a large export" in text(asker, f"{SEARCH}&page=2")
    assert "file=csv" not in text(asker, SEARCH)
    page = text(asker, button[1])
    for shown in ("<dd>Units</dd>", f"<dd>{MOST + 1}</dd>", "q=Heron &amp; sort=-code", "Code"):
        assert shown in page

    answer = asked(asker)
    assert answer.status_code == 302, answer.content.decode()
    export = LargeExport.objects.unscoped().get()
    own = f"/exports/{export.pk}/"
    assert answer.headers["Location"] == own
    assert "take/" not in text(asker, own)
    assert NAME.encode() not in bytes(export.sealed or b"")
    proposal = Proposal.objects.unscoped().get()
    assert NAME not in proposal.shown, "it lies in the clear"

    page = f"/approvals/{proposal.pk}/"
    assert page in text(approver, "/approvals/")
    assert f'href="{own}"' in text(approver, page)
    assert "q=Heron &amp; sort=-code" in text(approver, own)
    assert "take/" not in text(approver, own)
    decided(approver, page)

    units(2, PREFECTURE)  # the list lives on
    assert page in text(asker, "/")
    head, *rows = lines(taken(asker, own))[1:]
    assert head[0] == "Code"
    assert len(rows) == MOST + 1 + 2, "what the asker sees now, and nothing of another province"
    assert rows[0][0] > rows[-1][0], "sorted as it was"
    assert {row[1][:2] for row in rows} == {"'="}, "no formula"

    export.refresh_from_db()
    assert (export.rows, export.taken_rows, export.sealed) == (MOST + 1, MOST + 3, None)
    (before,), (after,) = entries("ask_for_export", export.pk), entries("export", export.pk)
    assert before.after != after.after, "other numbers of rows"
    assert {before.purpose, after.purpose} == {"statistics"}
    assert before.staff == after.staff == secretary.staff_id
    assert f"{MOST + 3} rows" in text(asker, own)

    again = taken(asker, own)
    assert again.status_code == 302, "it is given once"
    assert "cannot be taken now" in text(asker, own)
    assert len(entries("export", export.pk)) == 1


def test_the_file_can_be_a_workbook_with_texts_as_texts(secretary: Account, chief: Account) -> None:
    units(MOST + 1)
    asker = with_key(secretary)
    own = asked(asker).headers["Location"]
    decided(with_key(chief), f"/approvals/{Proposal.objects.unscoped().get().pk}/")
    answer = taken(asker, own, "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active
    assert sheet.max_row == 2 + MOST + 1
    assert (sheet["B3"].value, sheet["B3"].data_type) == (f"=1+1 {NAME}", "s")


def test_what_is_hidden_from_the_asker_meanwhile_is_not_in_the_file(
    secretary: Account, chief: Account
) -> None:
    units(MOST + 1)
    asker = with_key(secretary)
    own = asked(asker).headers["Location"]
    decided(with_key(chief), f"/approvals/{Proposal.objects.unscoped().get().pk}/")
    hidden = Unit.objects.unscoped().filter(code__startswith=NAME)[0]
    exclude(actor=administrator(), subject=hidden, basis="x", at=NOW, staff=secretary.staff_id)
    rows = lines(taken(asker, own))[2:]
    assert hidden.code not in {row[0] for row in rows}
    assert len(rows) == MOST


def test_the_approver_cannot_take_it_nor_the_asker_approve_it(
    secretary: Account, chief: Account
) -> None:
    units(MOST + 1)
    officer = member("bai", "data_protection_officer", PREFECTURE)  # may ask, and approve
    asker, own_unit = with_key(secretary), with_key(officer)
    own = asked(asker).headers["Location"]
    page = f"/approvals/{Proposal.objects.unscoped().get().pk}/"
    assert asker.get(f"{page}approve/").status_code == 404
    assert own_unit.get(f"{page}approve/").status_code == 404, "of the same unit"
    assert with_key(member("far", "supervisor", OTHER_PROVINCE)).get(own).status_code == 404
    decided(with_key(chief), page)
    assert taken(own_unit, own).status_code == 404
    assert Proposal.objects.unscoped().get().state == ProposalState.APPROVED


@pytest.mark.parametrize("move", ["refuse", ""])
def test_without_an_approval_there_is_no_file(
    secretary: Account, chief: Account, move: str
) -> None:
    units(MOST + 1)
    asker = with_key(secretary)
    own = asked(asker).headers["Location"]
    if move:
        decided(with_key(chief), f"/approvals/{Proposal.objects.unscoped().get().pk}/", move)
    assert taken(asker, own).headers["Location"] == own
    assert not AuditEntry.objects.filter(act="export").exists()


def test_whoever_may_not_ask_is_told_to_filter() -> None:
    units(MOST + 1)
    browser = with_key(member("deng", "administrator", PREFECTURE))
    page = text(browser, SEARCH)
    assert "Filter it, so that 500 or fewer are left." in page
    assert "/exports/" not in page
    assert browser.get("/exports/new/?list=/units/").status_code == 404


@pytest.mark.parametrize("address", [
    "", "/nowhere/", "/staff/", "/exports/new/", "/api/units", "//far.example/units/",
    "//[/?a=b", "/sign-out/", "/components/", "/units/new/", "/jobs/\0",
])  # fmt: skip
def test_only_a_list_of_ones_own_can_be_asked_for(secretary: Account, address: str) -> None:
    browser = with_key(secretary)
    answer = browser.get(f"/exports/new/?list={quote(address, safe='')}")
    assert answer.headers["Location"] == "/"
    assert "Open the list that you need" in text(browser, "/")
    assert not LargeExport.objects.unscoped().exists()


@pytest.mark.parametrize(("fields", "said"), [
    ({"reason": " "}, "This field is required."),
    ({"purpose": "curiosity"}, "Select a valid choice."),
    ({"purpose": "own_case"}, "Name the case."),
])  # fmt: skip
def test_what_is_missing_is_said(secretary: Account, fields: dict[str, str], said: str) -> None:
    units(MOST + 1)
    assert said in asked(with_key(secretary), **fields).content.decode()
    assert not LargeExport.objects.unscoped().exists()


def test_a_list_that_one_may_take_alone_needs_nobody(secretary: Account) -> None:
    units(MOST)
    assert "You may take this list alone" in asked(with_key(secretary)).content.decode()
    assert not Proposal.objects.unscoped().exists()


# The act itself.

WANTED = Wanted("units", "Units", "/units/?q=Heron&page=3", [("code", "Code")], MOST + 1)


def a_request(wanted: Wanted = WANTED) -> tuple[LargeExport, Proposal]:
    """Of somebody of the county."""
    asker = holding_everything(COUNTY)
    export = ask_for_export(
        actor=asker, wanted=wanted, purpose=Purpose.STATISTICS, case="", reason="x", at=NOW
    )
    return export, Proposal.objects.unscoped().get(subject=export.pk)


def as_asker(export: LargeExport, proposal: Proposal) -> Actor:
    """Whoever asked, once more."""
    return replace(holding_everything(COUNTY), staff=export.staff, unit=proposal.proposer_unit)


def test_the_filter_is_sealed_and_opens_for_two_only() -> None:
    export, _ = a_request()
    asker = holding_everything(COUNTY)
    assert query_for(asker, export) == "q=Heron", "without the page"
    assert query_for(acting("x", COUNTY, "approvals.see"), export) is None
    assert forget_filters(at=NOW + LAPSES_AFTER - timedelta(seconds=1)) == 0
    assert forget_filters(at=NOW + LAPSES_AFTER) == 1
    export.refresh_from_db()
    assert query_for(asker, export) is None


def test_an_approval_is_good_for_what_was_seen_alone() -> None:
    export, proposal = a_request()
    approved_by(holding_everything(PREFECTURE), proposal)
    asker = as_asker(export, proposal)

    def take(**changed: object) -> None:
        said = {"columns": ["code"], "rows": MOST, "at": NOW, "actor": asker} | changed
        take_export(export_id=export.pk, **said)  # type: ignore[arg-type]  # as they are above

    for columns in (["code", "name"], [], ["name"]):
        with pytest.raises(RuleBroken, match="changed"):
            take(columns=columns)
    with pytest.raises(RuleBroken, match="export_has_an_end"):
        take(rows=LARGEST + 1)
    with pytest.raises(NotFound):
        take(actor=holding_everything(COUNTY))
    with pytest.raises(NotPermitted):
        take(actor=acting("x", COUNTY, "approvals.see"))
    with pytest.raises(NotApproved):
        take(at=NOW + LAPSES_AFTER)
    other, _ = a_request()
    LargeExport.objects.unscoped().filter(pk=export.pk).update(sealed=bytes(other.sealed or b""))
    with pytest.raises(NotApproved):  # somebody put another filter into its place
        take()
    LargeExport.objects.unscoped().filter(pk=export.pk).update(sealed=bytes(export.sealed or b""))
    take()
    with pytest.raises(NotApproved):
        take()


@pytest.mark.parametrize(("rows", "rule"), [(MOST, "export_is_large"), (LARGEST + 1, "an_end")])
def test_a_list_has_a_least_and_a_greatest_length(rows: int, rule: str) -> None:
    wanted = Wanted("units", "Units", "/units/", [("code", "Code")], rows)
    with pytest.raises(RuleBroken, match=rule):
        a_request(wanted)
    assert not LargeExport.objects.unscoped().exists()


def test_a_sign_in_that_is_not_fresh_asks_for_nothing() -> None:
    stale = fresh(holding_everything(COUNTY), NOW - timedelta(minutes=6))
    with pytest.raises(RuleBroken, match="fresh_sign_in"):
        ask_for_export(
            actor=stale, wanted=WANTED, purpose=Purpose.STATISTICS, case="", reason="x", at=NOW
        )
    assert not LargeExport.objects.unscoped().exists()
