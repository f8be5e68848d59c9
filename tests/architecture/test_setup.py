"""What the set-up says when something is missing: one sentence that can be acted on."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.settings import ROOT

NEEDED = ("reunion", "requirements.txt", "requirements-uv.txt", "pyproject.toml")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout without .venv, at a path with spaces."""
    folder = tmp_path / "my own copy"
    folder.mkdir()
    for name in NEEDED:
        shutil.copy(ROOT / name, folder)
    return folder


def set_up(checkout: Path, python: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up with a Python that is `python`, a shell script."""
    stub = checkout / "python"
    stub.write_text(f"#!/bin/sh\n{python}\n")
    stub.chmod(0o755)
    return subprocess.run(
        [checkout / "reunion", "install"],
        env=os.environ | {"PY": str(stub)},
        capture_output=True,
        check=False,
        text=True,
    )


@pytest.mark.parametrize(
    ("python", "sentence"),
    [
        ("exit 127", "apt-get install python3 python3-venv"),
        ('case "$2" in *print*) echo 3.10.12;; *) exit 1;; esac', "3.11 or later is needed"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "apt-get install python3-venv"),
    ],
    ids=["no Python", "an old Python", "no module venv"],
)
def test_a_missing_part_is_named_in_one_sentence(
    checkout: Path, python: str, sentence: str
) -> None:
    done = set_up(checkout, python)
    assert done.returncode == 3
    assert sentence in done.stderr.splitlines()[-1]
    assert len(done.stderr.splitlines()) == 2
