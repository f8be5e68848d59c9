"""The database refuses to change or delete what the audit trail holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from reunion.base.audit.models import AuditEntry, AuditSeal, TreeHead
from tests.base.sealing import entries, seal_all

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T11")]

TABLES = (
    "audit_auditentry", "audit_step", "audit_auditseal", "audit_treehead",
    "audit_witnesssignature",
)  # fmt: skip


def refused(sql: str, *values: int) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values or None)


def test_neither_the_orm_nor_sql_changes_or_deletes_an_entry() -> None:
    (entry,) = entries(1)
    entry.act = "another"
    for write in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(act="another"),
        lambda: AuditEntry.objects.bulk_update([entry], ["act"]),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            write()
    refused("UPDATE audit_auditentry SET act = 'another'")
    refused("DELETE FROM audit_auditentry")
    assert AuditEntry.objects.get().act == "act_0"


def test_seals_and_heads_are_append_only_too(tmp_path: Path) -> None:
    entries(2)
    seal_all(tmp_path)
    refused("UPDATE audit_auditseal SET at = 0")
    refused("DELETE FROM audit_auditseal")
    refused("UPDATE audit_treehead SET size = 0")
    refused("DELETE FROM audit_treehead")
    assert (AuditSeal.objects.count(), TreeHead.objects.get().size) == (2, 2)


def test_a_row_cannot_be_written_over() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is of SQLite")
    (entry,) = entries(1)
    refused(
        "INSERT OR REPLACE INTO audit_auditentry (id, uuid, at, act, kind, role, region, purpose,"
        " \"case\", salt) VALUES (%s, 'x', 'x', 'x', '', '', '', '', '', x'00')",
        entry.pk,
    )


@pytest.mark.parametrize("table", TABLES)
def test_a_table_cannot_be_emptied(table: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("TRUNCATE is of PostgreSQL")
    refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.django_db(transaction=True)
def test_tests_that_commit_leave_empty_tables_and_triggers_behind() -> None:
    entries(1)


@pytest.mark.django_db(transaction=True)
def test_after_a_test_that_committed_the_triggers_are_there() -> None:
    assert not AuditEntry.objects.exists()
    entries(1)
    refused("DELETE FROM audit_auditentry")
