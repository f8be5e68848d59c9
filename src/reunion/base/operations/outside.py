"""What a store tells of itself without Django, whose settings make keys and are slow to load."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias, cast

from reunion.base.operations.errors import NoAnswer

_ROWS = "SELECT id, app, name, applied FROM django_migrations ORDER BY id"

Steps: TypeAlias = list[tuple[Any, ...]]
"""The changes that tables have had, each with its moment: no two systems have the same."""


def steps_of(given: Mapping[str, object]) -> Steps | None:
    """How the tables of a store have come to be as they are; None: it has none.

    Args:
        given: the store's entry of the setting DATABASES.

    Raises:
        NoAnswer: the server does not answer, or the file is no database.
    """
    is_file = str(given["ENGINE"]).endswith("sqlite3")
    return _in_file(Path(str(given["NAME"]))) if is_file else _on_server(given)


def _in_file(file: Path) -> Steps | None:
    if not file.is_file():
        return None
    try:
        with closing(sqlite3.connect(file)) as store:
            made = "SELECT 1 FROM sqlite_master WHERE name = 'django_migrations'"
            if store.execute(made).fetchone() is None:
                return None
            return store.execute(_ROWS).fetchall()
    except sqlite3.DatabaseError as error:
        raise NoAnswer from error


def _on_server(given: Mapping[str, object]) -> Steps | None:
    import psycopg  # slow to load, and not needed where databases are files
    from psycopg.conninfo import make_conninfo

    known = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    words = {key: str(given[field]) for key, field in known.items() if given[field]}
    words |= {"dbname": str(given["NAME"])}
    words |= cast(dict[str, str], given["OPTIONS"])  # how the server must show who it is
    try:
        with psycopg.connect(make_conninfo(connect_timeout=10, **words)) as server:
            made = "SELECT to_regclass('django_migrations') IS NOT NULL"
            if server.execute(made).fetchone() != (True,):
                return None
            return server.execute(_ROWS).fetchall()
    except psycopg.OperationalError as error:
        raise NoAnswer from error
