"""A system of its own, for what kills processes: a home, databases, programs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


@contextmanager
def own_system(
    home: Path, settings: str = "reunion.settings.internal", *, migrated: bool = True
) -> Iterator[OwnSystem]:
    """A new system on the database that the tests run on; without `migrated` it has no tables."""
    (home / "data").mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "REUNION_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
    }
    server = environment.pop("REUNION_TEST_DATABASE_URL", "")
    environment.pop("REUNION_DATABASE_URL", None)
    with _databases(server) as address:
        if address:
            environment["REUNION_DATABASE_URL"] = address
        system = OwnSystem(environment)
        if migrated:
            system.run(_MIGRATE)
        yield system


@contextmanager
def _databases(server: str) -> Iterator[str]:
    """On PostgreSQL: the address of new databases, one for each store; else nothing."""
    if not server:
        yield ""
        return
    name = f"own_{uuid4().hex[:12]}"
    names = [name if store == "default" else f"{name}_{store}" for store in STORES]
    parts = urlsplit(server)
    address = parts._replace(path="/postgres").geturl()
    _execute(address, "CREATE DATABASE {}", names)
    try:
        yield parts._replace(path=f"/{name}").geturl()
    finally:
        _execute(address, "DROP DATABASE {} WITH (FORCE)", names)


def _execute(address: str, text: LiteralString, names: list[str]) -> None:
    """Do something with each of some databases; the server may have been killed since last time."""
    with psycopg.connect(address, autocommit=True) as connection:
        for each in names:
            connection.execute(SQL(text).format(Identifier(each)))
