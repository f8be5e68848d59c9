"""Settings of hypothesis, and the tests that need something from outside the repository."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.test import TransactionTestCase

from tests.append_only import without_triggers
from tests.settings import CONDITIONS, ON_POSTGRES, REMEDIES, REQUIRED, SHARED_DATA

# In CI the same examples every time; elsewhere new ones, so that somebody may find a fault.
hypothesis.settings.register_profile(
    "reunion", deadline=None, derandomize="CI" in os.environ, print_blob=True
)
hypothesis.settings.load_profile("reunion")

# The marker of the tests that need a condition.
MARKERS = {"shared_data": "shared-data", "browser": "chromium"}
# What shows that a test uses a database: such tests run once on SQLite, once on PostgreSQL.
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_configure() -> None:
    """Refuse to start where an outside condition is required and does not hold."""
    if unknown := REQUIRED - CONDITIONS.keys():
        known = ", ".join(CONDITIONS)
        raise pytest.UsageError(f"REUNION_REQUIRE: {min(unknown)} is not one of: {known}")
    for name in sorted(REQUIRED):
        if not CONDITIONS[name]:
            raise pytest.UsageError(f"{name} is required: {REMEDIES[name]}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test by what it needs, and skip those whose condition does not hold."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "shared_data" in fixtures:
            item.add_marker("shared_data")
        uses_database = "django_db" in item.keywords or fixtures & DATABASE_FIXTURES
        if uses_database and "one_database" not in item.keywords:
            item.add_marker("database")
        if "postgres" in item.keywords and not ON_POSTGRES:
            item.add_marker(pytest.mark.skip(reason="runs with the tests on PostgreSQL"))
        for marker, condition in MARKERS.items():
            if marker in item.keywords and not CONDITIONS[condition]:
                item.add_marker(pytest.mark.skip(reason=REMEDIES[condition]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line each what was left out."""
    skipped = [str(report.longrepr) for report in terminalreporter.getreports("skipped")]
    for name, remedy in REMEDIES.items():
        count = sum(remedy in reason for reason in skipped)
        if count:
            terminalreporter.write_line(f"{name.capitalize()} tests: {count} SKIPPED - {remedy}")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the larger data; a test that asks for it is skipped where there is none."""
    return SHARED_DATA


@pytest.fixture(scope="session", autouse=True)
def flush_of_append_only_tables() -> Iterator[None]:
    """Let Django empty the tables after a test that commits: their triggers would refuse it."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined] # a part of Django

    def flush_without_triggers(case: TransactionTestCase) -> None:
        with without_triggers(*case.databases or ()):
            flush(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_triggers)
        yield
