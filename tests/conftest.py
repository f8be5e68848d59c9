"""Settings of hypothesis, and the tests that need a folder outside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

from tests.settings import CONDITIONS, REQUIRED, SHARED_DATA, SHARED_DATA_NAME

# In CI the same examples every time; elsewhere new ones, so that somebody may find a fault.
hypothesis.settings.register_profile(
    "reunion", deadline=None, derandomize="CI" in os.environ, print_blob=True
)
hypothesis.settings.load_profile("reunion")

NO_SHARED_DATA = f"no folder {SHARED_DATA_NAME}"


def pytest_configure() -> None:
    """Refuse to start where an outside condition is required and does not hold."""
    if unknown := REQUIRED - CONDITIONS.keys():
        known = ", ".join(CONDITIONS)
        raise pytest.UsageError(f"REUNION_REQUIRE: {min(unknown)} is not one of: {known}")
    if "shared-data" in REQUIRED and not CONDITIONS["shared-data"]:
        raise pytest.UsageError(f"shared-data is required: {NO_SHARED_DATA}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark and, where the folder is missing, skip every test that asks for the shared data."""
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker("shared_data")
        if "shared_data" in item.keywords and not CONDITIONS["shared-data"]:
            item.add_marker(pytest.mark.skip(reason=NO_SHARED_DATA))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what was left out."""
    skipped = terminalreporter.getreports("skipped")
    count = sum(NO_SHARED_DATA in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.write_line(
            f"Shared-data tests: {count} SKIPPED - {NO_SHARED_DATA}. Set REUNION_SHARED_DATA"
        )


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the larger data; a test that asks for it is skipped where there is none."""
    return SHARED_DATA
