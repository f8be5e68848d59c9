"""`reunion doctor`: every check has a line, and what is amiss is status 1 with its remedy."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.command import reunion

CHECKS = "python packages compiler processors home disk packs tables system".split()


def test_every_check_has_a_line(tmp_path: Path) -> None:
    done = reunion("doctor", "--json", cwd=tmp_path)
    findings = [json.loads(line) for line in done.out.splitlines()]
    assert [finding["check"] for finding in findings] == CHECKS
    assert set(findings[0]) == {"check", "state", "meaning", "mend"}
    amiss = [finding for finding in findings if finding["state"] != "ok"]
    assert done.status == (1 if amiss else 0)
    assert all(finding["mend"] for finding in amiss)
    assert not (tmp_path / "var").exists()


def test_people_read_it_on_stderr(tmp_path: Path) -> None:
    done = reunion("doctor", cwd=tmp_path)
    assert done.out == ""
    assert all(check in done.err for check in CHECKS)
    assert "\x1b" not in done.err


def test_a_home_that_cannot_be_written_and_a_bad_table_are_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = reunion(
        "doctor", "--json", cwd=tmp_path, environment={"REUNION_HOME": str(tmp_path / "file")}
    )
    findings = {f["check"]: f for f in map(json.loads, done.out.splitlines())}
    assert done.status == 1
    assert findings["home"]["state"] == "fail"
    assert "REUNION_HOME" in findings["home"]["mend"]


def test_a_damaged_table_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "var/tables"
    folder.mkdir(parents=True)
    (folder / "ours.csv").write_text("nothing\n", encoding="utf-8")
    done = reunion("doctor", "--json", cwd=tmp_path)
    findings = {f["check"]: f for f in map(json.loads, done.out.splitlines())}
    assert findings["tables"]["state"] == "fail"
    assert "ours.csv" in findings["tables"]["meaning"]


def test_a_compiler_that_is_switched_off_is_found(tmp_path: Path) -> None:
    done = reunion("doctor", "--json", cwd=tmp_path, environment={"NUMBA_DISABLE_JIT": "1"})
    findings = {f["check"]: f for f in map(json.loads, done.out.splitlines())}
    assert findings["compiler"]["state"] == "warn"
