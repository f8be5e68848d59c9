"""A system of an older version is backed up as it is, and then brought to this version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.base.test_backup import SETUP, command, custodian
from tools.own_system import OwnSystem, own_system

# One app goes back by one migration, and gets the rows that the version before would have written.
OLDER = """
from django.core.management import call_command
from django.db import connection
call_command("migrate", "jobs", "0001", verbosity=0)
with connection.cursor() as cursor:
    cursor.execute(
        "INSERT INTO jobs_dutyrun (duty, period, started_at, ended_at, fault) VALUES"
        " ('publication.carry_over', 7, '2026-03-02 09:00:00Z', '2026-03-02 09:01:00Z', ''),"
        " ('publication.carry_over', 8, '2026-03-02 09:01:00Z', NULL, '')")
"""
AFTER = """
from reunion.base.audit.models import AuditEntry
from reunion.base.jobs.models import DutyState
print(DutyState.objects.get().period, AuditEntry.objects.filter(act="upgrade").count())
"""
# What this version's models know and an older table lacks; none is named by the backup.
NARROWER = """
from django.db import connection
with connection.cursor() as cursor:
    for table, column in (("operations_installation", "made_at"), ("keys_escrow", "created_at"),
                          ("audit_auditentry", "purpose")):
        cursor.execute(f'ALTER TABLE {table} RENAME COLUMN "{column}" TO unknown_{column}')
"""
COPY = """
import sys
from pathlib import Path
from django.utils.timezone import now
from reunion.base.operations.backup import copy_before_upgrade
print(copy_before_upgrade(Path(sys.argv[1]), at=now()).data)
"""


def set_up(own: OwnSystem, folder: Path) -> Path:
    """Set a system up; the file of the key of its backups."""
    identity = folder / "backup.key"
    identity.write_text(own.run(SETUP, *(custodian(folder, name)[1] for name in "abc")))
    return identity


@pytest.mark.database
def test_an_older_system_is_copied_and_upgraded_and_the_copy_is_the_older_one(
    tmp_path: Path,
) -> None:
    with own_system(tmp_path / "first") as own:
        identity = set_up(own, tmp_path)
        own.run(OLDER)
        plain = command(own, "backup", str(tmp_path / "refused"))
        assert (plain.returncode, "reunion upgrade" in plain.stderr) == (4, True)
        again = command(own, "setup", "--login", "x", "--name", "x", "--agency", "police",
                        "--agency-name", "x", "--agency-name-en", "x", "--backup-key",
                        str(tmp_path / "other.key"))  # fmt: skip
        assert (again.returncode, "set up already" in again.stderr) == (4, True), "and not upgraded"
        done = command(own, "upgrade", str(tmp_path / "backups"))
        assert done.returncode == 0, done.stderr
        assert own.run(AFTER).split() == ["7", "1"]
        doctor = command(own, "doctor", "--json")
        found = {f["check"]: f for f in map(json.loads, doctor.stdout.splitlines())}
        assert found["default"]["state"] == "ok"

    (data,) = (tmp_path / "backups").glob("*.data")
    with own_system(tmp_path / "second", migrated=False) as older:
        done = command(older, "restore", str(data), "--backup-key", str(identity))
        assert done.returncode == 0, done.stderr
        assert command(older, "upgrade", str(tmp_path / "more")).returncode == 0
        assert older.run(AFTER).split() == ["7", "1"]


@pytest.mark.database
def test_the_copy_before_an_upgrade_asks_for_no_column_that_an_older_table_may_lack(
    tmp_path: Path,
) -> None:
    with own_system(tmp_path / "first") as own:
        set_up(own, tmp_path)
        own.run(NARROWER)
        assert Path(own.run(COPY, str(tmp_path / "backups")).strip()).is_file()


@pytest.mark.database
def test_databases_without_tables_are_no_system(tmp_path: Path) -> None:
    with own_system(tmp_path / "none", migrated=False) as own:
        for words in ("worker --once", "signer --once", "serve public", "backup b", "upgrade b"):
            done = command(own, *words.split())
            assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr
            assert "reunion setup makes one" in done.stderr
        doctor = command(own, "doctor", "--json")
        last = json.loads(doctor.stdout.splitlines()[-1])
        assert (last["check"], last["state"]) == ("system", "ok")
        assert not (tmp_path / "none" / "keys").exists()
