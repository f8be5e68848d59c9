"""Who may read the audit trail, and what reading leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from reunion.base.actor import Purpose
from reunion.base.audit.access import entries_about, entries_for
from reunion.base.audit.actions import record, record_read
from reunion.base.audit.models import AuditEntry
from reunion.base.errors import NotFound
from reunion.base.units.models import Unit
from tests.append_only import without_triggers
from tests.cast import NOW, acting, administrator, outsider

pytestmark = pytest.mark.django_db


def county_police() -> Unit:
    """A synthetic agency; entries name a record and need nothing else of it."""
    unit = Unit(code="psb-150602", region="cn/15/1506/150602/")
    record(actor=administrator(), act="open_unit", subject=unit, at=NOW)
    return unit


AUDITOR = acting("auditor", "cn/15/", "audit.see")


def test_an_auditor_sees_acts_done_in_their_region_and_nobody_else_sees_any() -> None:
    unit = county_police()
    here = acting("case_officer", "cn/15/1506/")
    record_read(actor=here, subject=unit, what="address", at=NOW)
    record_read(actor=outsider(), subject=unit, what="address", at=NOW)
    assert [entry.region for entry in entries_for(AUDITOR)] == ["cn/15/1506/"]
    assert entries_for(acting("auditor", "cn/65/", "audit.see")).get().region == "cn/65/"
    for nobody in (administrator(), outsider(), here):
        with pytest.raises(NotFound):
            entries_for(nobody)
        with pytest.raises(NotFound):
            entries_about(nobody, unit)


def test_whoever_sees_a_record_and_the_trail_sees_acts_from_elsewhere_too() -> None:
    unit = county_police()
    record_read(actor=outsider(), subject=unit, what="address", at=NOW)
    assert [entry.act for entry in entries_about(AUDITOR, unit)] == ["read_address", "open_unit"]


def test_a_read_is_recorded_with_purpose_and_case() -> None:
    unit = county_police()
    officer = acting("case_officer", "cn/15/").stating(Purpose.OWN_CASE, "A-7")
    record_read(actor=officer, subject=unit, what="address", at=NOW)
    entry = AuditEntry.objects.reads().get()
    assert (entry.act, entry.subject, entry.staff) == ("read_address", unit.pk, officer.staff)
    assert (entry.purpose, entry.case, entry.kind) == ("own_case", "A-7", "units.unit")
    assert officer.staff is not None
    assert AuditEntry.objects.by(officer.staff).get() == entry
    assert not AuditEntry.objects.between(NOW + timedelta(seconds=1), NOW + timedelta(days=1))


def test_equal_values_of_two_records_have_different_digests() -> None:
    one, two = Unit(), Unit()
    first, second, again = (
        record(actor=administrator(), act="x", subject=unit, at=NOW, after={"phone": "110"})
        for unit in (one, two, one)
    )
    assert first.after == again.after != second.after
    assert first.salt != again.salt


def test_a_trigger_that_is_away_is_back_after_the_block() -> None:
    count = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor != "sqlite":
        count = "SELECT COUNT(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
    with connection.cursor() as cursor:
        cursor.execute(count)
        before = cursor.fetchone()
        with without_triggers("default"):
            cursor.execute(count)
            assert cursor.fetchone() == (0,)
        cursor.execute(count)
        assert cursor.fetchone() == before != (0,)
