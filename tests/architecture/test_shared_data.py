"""Tests that need data outside the repository are never left out in silence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.settings import ROOT


def test_the_shared_data_say_what_they_are(shared_data: Path) -> None:
    assert (shared_data / "README.md").is_file()


def run_without_data(*, require: str) -> subprocess.CompletedProcess[str]:
    """The test above, in a run of its own where the folder is missing."""
    environment = os.environ | {"REUNION_SHARED_DATA": "nowhere", "REUNION_REQUIRE": require}
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "say_what_they_are", __file__]
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )


def test_what_was_left_out_is_counted_in_one_line() -> None:
    done = run_without_data(require="")
    assert done.returncode == 0, done.stdout
    assert (
        "Shared-data tests: 1 SKIPPED - no folder nowhere. Set REUNION_SHARED_DATA" in done.stdout
    )


def test_missing_data_that_are_required_stop_the_run() -> None:
    done = run_without_data(require="shared-data")
    assert done.returncode == 4
    assert "shared-data is required: no folder nowhere" in done.stderr


def test_an_unknown_condition_is_an_error() -> None:
    done = run_without_data(require="shared-dat")
    assert done.returncode == 4
    assert "shared-dat is not one of: shared-data" in done.stderr
