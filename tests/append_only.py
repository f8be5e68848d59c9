"""Taking the triggers of append-only tables away for a while, as somebody with all rights could."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_POSTGRES = """
SELECT tgrelid::regclass::text, tgname FROM pg_trigger
WHERE NOT tgisinternal AND tgfoid = to_regproc('reunion_append_only')
"""


@contextmanager
def without_triggers(*aliases: str) -> Iterator[None]:
    """In these databases, or all, rows of every table can be changed until the block ends."""
    with ExitStack() as stack:
        for alias in aliases or tuple(connections):
            stack.enter_context(_without(connections[alias]))
        yield


@contextmanager
def _without(connection: BaseDatabaseWrapper) -> Iterator[None]:
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        _end_checks(connection)
        cursor.execute(_SQLITE if is_sqlite else _POSTGRES)
        triggers = cursor.fetchall()
        for first, second in triggers:
            cursor.execute(
                f"DROP TRIGGER {first}"
                if is_sqlite
                else f"ALTER TABLE {first} DISABLE TRIGGER {second}"
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            _end_checks(connection)
            for first, second in triggers:
                cursor.execute(
                    second if is_sqlite else f"ALTER TABLE {first} ENABLE TRIGGER {second}"
                )


def _end_checks(connection: BaseDatabaseWrapper) -> None:
    """Have deferred constraints checked: PostgreSQL alters no table while a check waits."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        connection.check_constraints()
