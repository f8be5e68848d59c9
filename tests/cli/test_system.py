"""From nothing to a system that is backed up, by commands alone."""

from __future__ import annotations

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


def test_a_system_is_set_up_once_works_and_is_backed_up(tmp_path: Path) -> None:
    made = reunion(*SETUP, cwd=tmp_path)
    assert made.status == 0, made.err
    assert (tmp_path / "backup.key").stat().st_mode & 0o077 == 0
    again = reunion(*SETUP[:-1], "other.key", cwd=tmp_path)
    assert again.status == 4
    assert "set up already" in again.err
    assert reunion("worker", "--once", cwd=tmp_path).status == 0
    assert reunion("signer", "--once", cwd=tmp_path).status == 0
    assert reunion("backup", "backups", cwd=tmp_path).status == 0
    assert len(list((tmp_path / "backups").glob("*.data"))) == 1
