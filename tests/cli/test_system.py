"""From nothing to a system that is backed up, by commands alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import reunion

SETUP = [
    *("setup", "--login", "deng", "--name", "Synthetic Person", "--agency", "police"),
    *(
        "--agency-name",
        "合成单位",
        "--agency-name-en",
        "Synthetic unit",
        "--backup-key",
        "backup.key",
    ),
]


@pytest.mark.parametrize("words", ["worker --once", "signer --once", "backup b", "serve internal"])
def test_without_a_system_a_command_says_how_to_make_one(tmp_path: Path, words: str) -> None:
    done = reunion(*words.split(), cwd=tmp_path)
    assert done.status == 3
    assert done.err == "reunion: there is no system in var yet: reunion setup makes one\n"


def test_a_server_that_does_not_answer_is_a_sentence(tmp_path: Path) -> None:
    """Nothing listens on port 1; the password of the address is not said."""
    server = {"REUNION_DATABASE_URL": "postgresql://synthetic:hidden@127.0.0.1:1/reunion"}
    commands = ("worker --once", "signer --once", "backup b", "upgrade b", "serve public")
    for words in (*commands, "restore x --backup-key x"):
        done = reunion(*words.split(), cwd=tmp_path, environment=server)
        assert (done.status, done.err.count("\n"), "hidden" in done.err) == (3, 1, False), words
        assert "the database does not answer" in done.err
    found = json.loads(
        reunion("doctor", "--json", cwd=tmp_path, environment=server).out.split("\n")[-2]
    )
    assert (found["check"], found["state"]) == ("system", "fail")
    assert reunion(*SETUP, cwd=tmp_path, environment=server).status == 3
    assert not (tmp_path / "var").exists()


def test_a_system_is_set_up_once_works_and_is_backed_up(tmp_path: Path) -> None:
    nowhere = reunion(*SETUP[:-1], "nowhere/backup.key", cwd=tmp_path)
    assert (nowhere.status, nowhere.out) == (2, ""), "no key of the backups, no system"
    made = reunion(*SETUP, cwd=tmp_path)
    assert made.status == 0, made.err
    assert (tmp_path / "backup.key").stat().st_mode & 0o077 == 0
    again = reunion(*SETUP[:-1], "other.key", cwd=tmp_path)
    assert again.status == 4
    assert "set up already" in again.err
    assert reunion("worker", "--once", cwd=tmp_path).status == 0
    assert reunion("signer", "--once", cwd=tmp_path).status == 0
    (tmp_path / "var" / "plain").mkdir()
    (tmp_path / "var" / "plain" / "keys").write_text("left by a backup that was killed")
    assert reunion("backup", "backups", cwd=tmp_path).status == 0
    assert [file.suffix for file in (tmp_path / "backups").iterdir()] == [".data"]
    assert not (tmp_path / "var" / "plain").exists()


def test_in_production_the_doctor_says_that_there_is_no_escrow_yet(tmp_path: Path) -> None:
    production = {"REUNION_MODE": "production"}
    assert reunion(*SETUP, cwd=tmp_path, environment=production).status == 0
    done = reunion("doctor", "--json", cwd=tmp_path, environment=production)
    found = {f["check"]: f for f in map(json.loads, done.out.splitlines())}
    assert found["escrow"]["mend"] == "reunion keys escrow-create"
    assert reunion("backup", "backups", cwd=tmp_path, environment=production).status == 4
