"""Copies of whole databases, and a fingerprint that shows whether two are equal."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from reunion.base.operations.errors import NotEmpty, ProgramFailed, ProgramMissing

_DEBIAN = Path("/usr/lib/postgresql")


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


def dump(alias: str, file: Path) -> None:
    """Copy a database as it is at one moment, while others write to it.

    Raises:
        ProgramMissing, ProgramFailed: of PostgreSQL.
    """
    if engine() == "sqlite":
        name = connections[alias].settings_dict["NAME"]
        with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target)
        return
    _postgres(alias, "pg_dump", "--format=custom", "--no-owner", f"--file={file}")


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
