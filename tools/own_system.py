"""A system of its own, for what kills processes: a home, databases, programs."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import LiteralString
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier

from reunion.settings.environment import STORES

ROOT = Path(__file__).resolve().parent.parent


_MIGRATE = """
from django.conf import settings
from django.core.management import call_command
for store in settings.DATABASES:
    call_command("migrate", database=store, verbosity=0)
"""

_COLLECT = """
from django.core.management import call_command
call_command("collectstatic", interactive=False, verbosity=0)
"""

_DROP: LiteralString = "DROP DATABASE IF EXISTS {} WITH (FORCE)"


@dataclass(frozen=True, slots=True)
class OwnSystem:
    """A migrated system in a folder, and a database that is gone with it."""

    environment: dict[str, str]

    def start(self, script: str, *arguments: str) -> subprocess.Popen[str]:
        """Run a script of Python, with Django set up, as a process of its own."""
        setup = "import django; django.setup()\n"
        return subprocess.Popen(
            [sys.executable, "-c", setup + script, *arguments],
            cwd=ROOT, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, script: str, *arguments: str) -> str:
        """What a script prints; it must end well."""
        process = self.start(script, *arguments)
        out, err = process.communicate(timeout=120)
        if process.returncode:
            raise RuntimeError(err)
        return out

    def collect(self) -> None:
        """Put the files of pages where these look for them, as `reunion serve` does."""
        self.run(_COLLECT)


@contextmanager
def own_system(
    home: Path, settings: str = "reunion.settings.internal", *, migrated: bool = True
) -> Iterator[OwnSystem]:
    """A new system on the database that the tests run on; without `migrated` it has no tables."""
    server = os.environ.get("REUNION_TEST_DATABASE_URL", "")
    (home / "data").mkdir(parents=True, exist_ok=True)
    if migrated and not server:
        shutil.copytree(_files(settings), home / "data", dirs_exist_ok=True)
    with _databases(server, _template(server, settings) if migrated and server else "") as address:
        yield OwnSystem(_environment(home, settings, address))


def _environment(home: Path, settings: str, address: str) -> dict[str, str]:
    left_out = ("REUNION_TEST_DATABASE_URL", "REUNION_DATABASE_URL")
    ours = {name: text for name, text in os.environ.items() if name not in left_out}
    ours |= {
        "REUNION_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
    }
    return ours | ({"REUNION_DATABASE_URL": address} if address else {})


@cache
def _files(settings: str) -> Path:
    """Databases of files with all tables, made once in a process: to be copied."""
    home = Path(tempfile.mkdtemp(prefix="reunion-tables-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    (home / "data").mkdir()
    OwnSystem(_environment(home, settings, "")).run(_MIGRATE)
    return home / "data"


@cache
def _template(server: str, settings: str) -> str:
    """The name of databases with all tables on a server, made once in a process: to be copied."""
    name = _new_name()
    _execute(server, "CREATE DATABASE {}", _names(name))
    atexit.register(_drop, server, name)
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "data").mkdir()
        OwnSystem(_environment(Path(home), settings, _address(server, name))).run(_MIGRATE)
    return name


@contextmanager
def _databases(server: str, template: str) -> Iterator[str]:
    """On PostgreSQL: the address of new databases, one for each store; else nothing."""
    if not server:
        yield ""
        return
    name = _new_name()
    if template:
        pairs = [(new, old) for (new,), (old,) in zip(_names(name), _names(template), strict=True)]
        _execute(server, "CREATE DATABASE {} TEMPLATE {}", pairs)
    else:
        _execute(server, "CREATE DATABASE {}", _names(name))
    try:
        yield _address(server, name)
    finally:
        _execute(server, _DROP, _names(name))


def _drop(server: str, name: str) -> None:
    with suppress(psycopg.OperationalError):  # the server went before us
        _execute(server, _DROP, _names(name))


def _new_name() -> str:
    return f"own_{uuid4().hex[:12]}"


def _names(name: str) -> list[tuple[str]]:
    return [(name if store == "default" else f"{name}_{store}",) for store in STORES]


def _address(server: str, name: str) -> str:
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def _execute(server: str, text: LiteralString, names: Iterable[Sequence[str]]) -> None:
    """Do something with each of some databases; the server may have been killed since last time."""
    address = _address(server, "postgres")
    with psycopg.connect(address, autocommit=True) as connection:
        for each in names:
            connection.execute(SQL(text).format(*map(Identifier, each)))
