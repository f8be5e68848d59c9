"""Databases below all models: what is in them whatever their version, and copies of all of them.

All copies are of one moment; a fingerprint shows whether two databases are equal.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from reunion.base.operations.errors import (
    NoAnswer,
    NotEmpty,
    ProgramFailed,
    ProgramMissing,
    StoresBusy,
)

_DEBIAN = Path("/usr/lib/postgresql")
PATIENCE = 500
"""Milliseconds that we wait for the locks of a store. PostgreSQL looks for deadlocks after 1,000:
we must have given up before, lest it ends somebody else's transaction for us."""

TRIES, REST = 300, 0.5
"""How often all stores are asked to hold still, and the seconds in between: some minutes."""


class WhatIsHere(NamedTuple):
    """What a backup must know of the system, of whatever version its tables are.

    Args:
        recipient: of its backups (age).
        sheet, escrow: of the newest escrow, and its public key; None: there is none.
    """

    synthetic: bool
    jurisdiction: str
    recipient: str
    sheet: str | None
    escrow: bytes | None


def stores() -> list[str]:
    """The aliases of the databases of this process that have an address."""
    return [alias for alias in settings.DATABASES if settings.DATABASES[alias]]


def engine() -> str:
    """The kind of database: sqlite or postgresql."""
    return connections["default"].vendor


def make_room(alias: str) -> None:
    """Make the folder that a database of files lies in."""
    if engine() == "sqlite":
        folder = Path(connections[alias].settings_dict["NAME"]).parent
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def what_is_here() -> WhatIsHere | None:
    """The system as its tables name it, whatever their version; None: none is set up.

    It asks for these columns alone, which every version has: a model of this version would ask for
    columns that older tables lack.
    """
    with connections["default"].cursor() as cursor:
        if "operations_installation" not in connections["default"].introspection.table_names():
            return None
        cursor.execute("SELECT synthetic, jurisdiction, backup_public FROM operations_installation")
        system = cursor.fetchone()
        if system is None:
            return None
        cursor.execute("SELECT sheet, public FROM keys_escrow ORDER BY number DESC LIMIT 1")
        sheet, public = cursor.fetchone() or (None, None)
    return WhatIsHere(bool(system[0]), system[1], system[2], sheet, public and bytes(public))


def waiting(alias: str) -> int:
    """How many changes of the tables of a store are not made yet.

    Raises:
        NoAnswer: the server does not answer.
    """
    try:
        executor = MigrationExecutor(connections[alias])
        return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as error:
        raise NoAnswer from error


@contextmanager
def stillness() -> Iterator[dict[str, BaseDatabaseWrapper]]:
    """All stores as they are at one and the same moment, for `dump`; others write on meanwhile.

    Each store is locked against writers, a snapshot of each is taken while all locks are held, and
    the locks are given back before anything is copied. So what one store says of another is true in
    the copies too.

    Raises:
        StoresBusy: somebody wrote without a pause for minutes.
    """
    with ExitStack() as open_ones:
        for _ in range(TRIES):
            with ExitStack() as taken, ExitStack() as locks:
                try:
                    for alias in stores():
                        _lock(locks.enter_context(_own(alias)))
                    still = {alias: taken.enter_context(_own(alias)) for alias in stores()}
                    for connection in still.values():
                        _snap(connection)
                except OperationalError:  # not in time: nobody is to wait for us for longer
                    pass
                else:
                    open_ones.enter_context(taken.pop_all())
                    break
            time.sleep(REST)
        else:
            raise StoresBusy
        yield still


@contextmanager
def _own(alias: str) -> Iterator[BaseDatabaseWrapper]:
    """A connection of our own to a store; whatever it holds, it holds until it is closed."""
    connection = connections[alias].copy()
    try:
        yield connection
    finally:
        connection.close()


def _lock(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
            cursor.execute("BEGIN IMMEDIATE")
            return
        tables = connection.introspection.get_table_list(cursor)
        names = [connection.ops.quote_name(t.name) for t in tables if t.type in {"t", "p"}]
        cursor.execute("BEGIN")
        cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE}")
        if names:
            cursor.execute(f"LOCK TABLE {', '.join(names)} IN SHARE MODE")


def _snap(connection: BaseDatabaseWrapper) -> None:
    """Begin to read: what this connection reads from now on is of this moment."""
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        cursor.execute("BEGIN" if is_sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT COUNT(*) FROM django_migrations")


def dump(still: BaseDatabaseWrapper, file: Path) -> None:
    """Copy a database as one connection of `stillness` sees it.

    Raises:
        ProgramMissing, ProgramFailed: of PostgreSQL.
    """
    if still.vendor == "sqlite":
        with closing(sqlite3.connect(file)) as target:
            still.connection.backup(target)
        return
    with still.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
    words = ["--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={file}"]
    _postgres(still.alias, "pg_dump", *words)


def require_no_tables(alias: str) -> None:
    """Refuse a database that is in use.

    Raises:
        NotEmpty: there is something in it.
    """
    connection = connections[alias]
    if engine() == "sqlite":
        file = Path(_name(alias))
        is_used = file.exists() and file.stat().st_size > 0
    else:
        is_used = bool(connection.introspection.table_names())
    connection.close()
    if is_used:
        raise NotEmpty(place=alias)


def load(alias: str, file: Path) -> None:
    """Put a copy in place of an empty database.

    Raises:
        ProgramMissing, ProgramFailed: of PostgreSQL.
    """
    if engine() == "sqlite":
        make_room(alias)
        shutil.copyfile(file, _name(alias))
        return
    words = ["--no-owner", "--exit-on-error", "--single-transaction"]
    _postgres(alias, "pg_restore", *words, f"--dbname={_name(alias)}", str(file), name=False)


def empty(alias: str) -> None:
    """Take away all that a database holds, after a copy could not be put in its place."""
    connection = connections[alias]
    if engine() == "sqlite":
        connection.close()
        for ending in ("", "-wal", "-shm"):
            Path(_name(alias) + ending).unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor, include_views=True):
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)} CASCADE")
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p"
            " WHERE p.pronamespace = current_schema()::regnamespace"
            " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
        for (function,) in cursor.fetchall():  # of the triggers
            cursor.execute(f"DROP FUNCTION {function}")
    connection.close()


def fingerprint(alias: str) -> str:
    """SHA-256 over all rows of all tables of a database, in the order of their texts.

    Equal databases have equal fingerprints, whatever order their rows lie in.
    """
    whole = hashlib.sha256()
    connection = connections[alias]
    for table in sorted(connection.introspection.table_names()):
        rows = sorted(_rows(connection, table))
        whole.update(f"{table} {len(rows)}\n".encode())
        for row in rows:
            whole.update(row)
    return whole.hexdigest()


def _rows(connection: BaseDatabaseWrapper, table: str) -> Iterator[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  # a name
        for row in cursor:
            yield repr([bytes(v) if isinstance(v, memoryview) else v for v in row]).encode()


def _postgres(alias: str, program: str, *words: str, name: bool = True) -> None:
    given = connections[alias].settings_dict
    environment = os.environ | {"PGPASSWORD": given["PASSWORD"] or ""}
    for option in given["OPTIONS"].keys() & {"sslmode", "sslrootcert"}:
        environment[f"PG{option.upper()}"] = given["OPTIONS"][option]
    where = {"--host": given["HOST"], "--port": given["PORT"], "--username": given["USER"]}
    options = [f"{key}={value}" for key, value in where.items() if value]
    last = [_name(alias)] if name else []
    command = [_program(program), *options, *words, *last]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603  # our own words
    if done.returncode:
        raise ProgramFailed(program=program, status=done.returncode)


def _name(alias: str) -> str:
    return str(connections[alias].settings_dict["NAME"])


def _program(name: str) -> str:
    """A program of the newest server that is installed here."""
    if found := shutil.which(name):
        return found
    if _DEBIAN.is_dir():
        folders = sorted(_DEBIAN.iterdir(), key=lambda folder: int(folder.name), reverse=True)
        for folder in folders:
            if (folder / "bin" / name).is_file():
                return str(folder / "bin" / name)
    raise ProgramMissing(program=name)
