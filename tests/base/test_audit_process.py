"""The signer as a real process, killed at any moment; and the commands of the audit trail."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.base.sealing import seeded
from tests.cli.command import Done, reunion

WRITE = """
import django, sys
django.setup()
from django.utils import timezone
from reunion.base.actor import system
from reunion.base.audit.actions import record
for n in range(int(sys.argv[1])):
    record(actor=system("test"), act="write", subject=None, at=timezone.now(), after={"n": n})
    print(n, flush=True)
"""


def environment(home: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("REUNION_")},
        "REUNION_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "reunion.settings.signer",
    }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A system of its own, with empty databases of SQLite."""
    (tmp_path / "data").mkdir()
    for store in ("default", "inbox"):
        migrate = [sys.executable, "-m", "django", "migrate", "-v", "0", "--database", store]
        subprocess.run(migrate, env=environment(tmp_path), check=True)
    return tmp_path


def write(home: Path, count: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITE, str(count)],
        env=environment(home),
        stdout=subprocess.DEVNULL,
    )


def run(home: Path, *arguments: str | Path) -> Done:
    return reunion(*arguments, cwd=home, environment={"REUNION_HOME": str(home)})


def start_signer(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "reunion", "signer"],
        env=environment(home),
        stderr=subprocess.PIPE,
    )


def sealed(home: Path) -> int:
    with sqlite3.connect(home / "data" / "default.sqlite3", timeout=20) as connection:
        return int(connection.execute("SELECT COUNT(*) FROM audit_auditseal").fetchone()[0])


@pytest.mark.threat("T12")
def test_killed_at_any_moment_the_signer_seals_each_entry_once(home: Path) -> None:
    rng = seeded()
    writer = write(home, 1_500)
    kills = 0
    while writer.poll() is None or kills < 4:
        working = start_signer(home)
        time.sleep(rng.uniform(0.6, 2.5))
        working.send_signal(signal.SIGKILL)
        working.communicate()
        kills += 1
    done = run(home, "signer", "--once")
    assert (done.status, "truncated" in done.err) == (0, False)
    assert sealed(home) == 1_500
    verified = run(home, "audit", "verify", "--json")
    assert json.loads(verified.out)["findings"] == []
    assert verified.status == 0


def test_the_signer_stops_when_it_is_told_and_only_one_works(home: Path) -> None:
    write(home, 3).wait()
    working = start_signer(home)
    deadline = time.monotonic() + 30
    while sealed(home) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    second = run(home, "signer", "--once")
    assert (second.status, "SignerRuns" in second.err) == (4, True)
    working.send_signal(signal.SIGTERM)
    _, said = working.communicate(timeout=30)
    assert (working.returncode, said) == (0, b"")
    head = json.loads(run(home, "audit", "head", "--json").out)
    assert head["size"] == 3
    assert 0 <= head["lag_p50"] <= head["lag_p99"]


def test_a_trail_goes_from_the_signer_to_a_witness_and_to_a_family(home: Path) -> None:
    write(home, 4).wait()
    assert run(home, "signer", "--once").status == 0
    assert run(home, "audit", "export", "trail").out == "4 leaves, 1 heads\n"
    (home / "kept").write_text(run(home, "audit", "head", "--json").out)
    assert run(home, "audit", "verify", "--offline", "trail", "--head", "kept",
               "--needed", "0").status == 0  # fmt: skip
    unit = "0f8fad5b-d9cb-469f-a165-70867728950e"
    options = ("--unit", unit, "--key", "own.key", "--seen", "seen", "--out", "signature")
    signed = run(home, "audit", "witness", "trail", *options)
    assert signed.status == 0
    (home / "keys.json").write_text(json.dumps({unit: signed.out.split()[-1]}))
    added = run(home, "audit", "countersign", "signature", "--witnesses", "keys.json")
    assert added.status == 0, added.err
    run(home, "audit", "export", "trail", "--witnesses", "keys.json")
    with sqlite3.connect(home / "data" / "default.sqlite3") as connection:
        (uuid,) = connection.execute("SELECT uuid FROM audit_auditentry WHERE id = 2").fetchone()
    assert run(home, "audit", "entry", uuid, "entry.json").status == 0
    held = ("--head", "seen", "--witnesses", "keys.json", "--needed", "1", "--entry", "entry.json")
    checked = run(home, "audit", "verify", "--offline", "trail", *held, "--json")
    verdict = json.loads(checked.out)
    assert (checked.status, verdict["witnessed"], verdict["position"]) == (0, 4, 1)
    lines = (home / "trail").read_text().splitlines()
    lines[2] = "0" * 64 + lines[2][64:]
    (home / "trail").write_text("\n".join(lines) + "\n")
    found = run(home, "audit", "verify", "--offline", "trail", *held)
    assert found.status == 1
    assert "history_changed" in found.err
    refused = run(home, "audit", "witness", "trail", *options)
    assert (refused.status, "root_differs" in refused.err) == (1, True)
    for wrong in (("entry.json",), ("nowhere",)):
        assert run(home, "audit", "verify", "--offline", *wrong).status == 2


def test_the_offline_check_knows_no_framework_and_no_database(home: Path) -> None:
    program = (
        "import sys\nimport reunion.base.audit.trail, reunion.base.audit.witness\n"
        "print([n for n in sys.modules if n.split('.')[0] in ('django', 'sqlite3', 'typer')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(home), capture_output=True, check=True
    )
    assert done.stdout == b"[]\n"


def test_without_a_head_there_is_none_to_show(home: Path) -> None:
    done = run(home, "audit", "head")
    assert (done.status, done.out, done.err.count("\n")) == (4, "", 1)


def test_whoever_has_no_keys_is_told_so(home: Path) -> None:
    done = run(home, "audit", "verify")
    assert (done.status, "KeyMissing" in done.err) == (3, True)
