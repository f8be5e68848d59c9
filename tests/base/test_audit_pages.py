"""The auditor's pages: signed heads with their lag, entries, and that reading them is recorded."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reunion.base.audit.actions import record, record_read, write_head
from reunion.base.audit.heads import Head, head_from
from reunion.base.audit.models import AuditEntry
from reunion.base.audit.rules import GENESIS, microseconds
from reunion.base.lists import ROWS
from reunion.base.operations.work import publish_head
from reunion.base.published.access import HEAD, one_shown, shown
from reunion.base.units.models import Unit
from tests.base.desks import STORES
from tests.base.signing_in import COUNTY, Browser, member, with_key
from tests.base.two_people import OTHER_PROVINCE, PREFECTURE, record_at
from tests.cast import NOW, acting, outsider

pytestmark = pytest.mark.django_db

ENTRIES = "/audit/entries/"


def auditor(region: str = PREFECTURE) -> Browser:
    return with_key(member("auditor", "auditor", region))


def text(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def head(size: int) -> None:
    write_head(
        Head(
            size=size,
            root=bytes([size]) * 32,
            day="2026-03-02",
            at=microseconds(NOW),
            previous=GENESIS,
            key_version=1,
            public_key=bytes(32),
            announces=None,
            lag_p50=340_000,
            lag_p99=1_250_000,
            signature=bytes([size]) * 64,
        )
    )


def about(unit: Unit) -> str:
    return f"{ENTRIES}units.unit/{unit.pk}/"


def test_the_heads_are_shown_with_lag_and_witnesses_and_one_is_asked_for() -> None:
    browser = auditor()
    head(7)
    shown = text(browser, "/audit/")
    for part in ("07" * 32, "0.34", "1.25", "none yet"):
        assert part in shown
    assert browser.send("/audit/", "/audit/request/").status_code == 302
    assert AuditEntry.objects.get(act="request_head").role == "auditor"


def test_entries_of_the_region_are_found_by_act_role_and_day_and_the_look_is_recorded() -> None:
    browser, unit = auditor(), record_at(COUNTY)
    for region, act in ((COUNTY, "read_address"), (OTHER_PROVINCE, "read_profile")):
        record(actor=acting("case_officer", region), act=act, subject=unit, at=NOW)
    shown = text(browser, f"{ENTRIES}?role=case_officer&day=2026-03-02")
    assert "read_address" in shown
    assert "read_profile" not in shown, "somebody of another province did it"
    assert "read_address" not in text(browser, f"{ENTRIES}?act=read_trail")
    assert "read_address" not in text(browser, f"{ENTRIES}?role=case_officer&day=2026-03-03")
    assert AuditEntry.objects.filter(act="read_trail", role="auditor").count() == 3


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "yesterday"])
def test_a_day_that_cannot_be_looked_for_is_refused_beside_its_field(day: str) -> None:
    assert "errorlist" in text(auditor(), f"{ENTRIES}?day={day}")


def test_what_was_done_to_a_visible_record_is_shown_from_everywhere() -> None:
    browser, unit = auditor(), record_at(COUNTY)
    record_read(actor=outsider(), subject=unit, what="address", at=NOW)
    assert "read_address" in text(browser, about(unit))
    assert "read_trail" in text(browser, about(unit)), "the look before"


def test_of_a_hidden_record_only_what_the_own_region_did_is_shown() -> None:
    browser, unit = auditor(), record_at(OTHER_PROVINCE)
    record_read(actor=outsider(), subject=unit, what="address", at=NOW)
    assert browser.get(about(unit)).status_code == 404
    assert not AuditEntry.objects.filter(act="read_trail").exists()
    record_read(actor=acting("case_officer", COUNTY), subject=unit, what="name", at=NOW)
    shown = text(browser, about(unit))
    assert ("read_name" in shown, "read_address" in shown) == (True, False)


@pytest.mark.parametrize("kind", ["units.unit", "units.nothing", "nothing", "audit.auditentry"])
def test_a_record_that_is_not_there_is_missing(kind: str) -> None:
    assert auditor().get(f"{ENTRIES}{kind}/{uuid4()}/").status_code == 404


def test_a_long_list_has_pages_and_costs_no_more_queries() -> None:
    browser, counts = auditor(), []
    for more in (3, 60):
        for _ in range(more):
            by = acting("case_officer", COUNTY)
            record(actor=by, act="read_name", subject=record_at(COUNTY), at=timezone.now())
            head(9)
        for address in (ENTRIES, "/audit/"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                shown = text(browser, address)
            counts.append(len(queries))
    assert counts[0] == counts[2]
    assert counts[1] == counts[3]
    assert "page=2" in shown
    assert shown.count("<tr>") == ROWS + 1


@pytest.mark.django_db(databases=STORES, transaction=True)
def test_the_newest_head_is_published_once_a_day_and_not_twice() -> None:
    publish_head(NOW)
    assert one_shown(HEAD, HEAD, NOW) is None, "none is signed yet"
    head(7)
    for _ in range(2):
        publish_head(NOW)
    found = one_shown(HEAD, HEAD, NOW)
    assert found is not None
    assert (found.body["size"], found.body["lag_p99"], found.version) == (7, 1_250_000, 1)
    assert head_from(found.body).root == b"\7" * 32
    head(8)
    publish_head(NOW)
    assert [row.body["size"] for row in shown(HEAD, NOW)] == [8]
