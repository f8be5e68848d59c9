"""The environment variables of Reunion: each declared here once, with its default and meaning."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import unquote, urlsplit

STORES = ("default", "dna", "published", "inbox")
"""The databases: identities and work, genotypes, what is public, and what the public sent."""


class BadSetting(Exception):
    """A variable is not known, or its value cannot be used."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: its name without REUNION_, the default, what it means, and what it may hold."""

    name: str
    default: str
    help: str
    choices: tuple[str, ...] = ()


VARIABLES = (
    Variable("HOME", "./var", "Folder of all that is written: databases, keys, files, tables."),
    Variable("DEBUG", "0", "1 shows where in the code a fault happened.", ("0", "1")),
    Variable("DATABASE_URL", "", "postgresql://USER@HOST/NAME; without it SQLite in REUNION_HOME."),
    Variable("KEYS", "", "Folder of this process's keys; without it the folder keys in HOME."),
    Variable(
        "MODE",
        "demo",
        "demo, or production: refuses synthetic data and default keys.",
        ("demo", "production"),
    ),
    Variable("JURISDICTION", "cn", "The pack that the system runs on."),
    Variable("HOST", "127.0.0.1", "Address that the sites listen on."),
    Variable("PORT", "8000", "Port of the internal site; the public site has the next one."),
    Variable("ALLOWED_HOSTS", "localhost,127.0.0.1", "Names under which the sites are reached."),
    Variable("TLS", "off", "on: cookies and links are for HTTPS only.", ("off", "on")),
    Variable(
        "LANGUAGE",
        "zh-hans",
        "Language of a page where nothing else is known: zh-hans, en.",
        ("zh-hans", "en"),
    ),
    # Of the tests and the command line only.
    Variable("SHARED_DATA", "", "Tests: a folder of larger data."),
    Variable("REQUIRE", "", "Tests: conditions that must hold, separated by commas."),
    Variable("TEST_DATABASE_URL", "", "Tests: a PostgreSQL to run on, in place of SQLite."),
    Variable("CHROMIUM", "", "Tests: the browser program."),
)

_DEFAULTS = {variable.name: variable.default for variable in VARIABLES}


def value(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """The value of a declared variable, by its name without REUNION_."""
    return environment.get(f"REUNION_{name}") or _DEFAULTS[name]


def check_variables(environment: Mapping[str, str] = os.environ) -> None:
    """Refuse a REUNION_ variable that is not declared, or holds what would silently do nothing.

    Raises:
        BadSetting: names the nearest known one, or what it may hold.
    """
    known = [f"REUNION_{name}" for name in _DEFAULTS]
    for name in environment:
        if name.startswith("REUNION_") and name not in known:
            near = "".join(f"; the nearest is {n}" for n in get_close_matches(name, known, 1, 0.0))
            raise BadSetting(f"{name}: there is no such setting{near}")
    for variable in VARIABLES:
        held = value(variable.name, environment)
        if variable.choices and held not in variable.choices:
            allowed = " or ".join(variable.choices)
            raise BadSetting(f"REUNION_{variable.name}: {held!r} is not {allowed}")


def home() -> Path:
    """Where everything is written."""
    return Path(value("HOME")).absolute()


def keys_folder() -> Path:
    """Where the keys of this process lie."""
    return Path(value("KEYS") or home() / "keys")


def databases(url: str = "") -> dict[str, dict[str, object]]:
    """Django's setting DATABASES: one entry for each store.

    Raises:
        BadSetting: the address is not of a PostgreSQL database.
    """
    address = url or value("DATABASE_URL")
    if not address:
        return {store: _sqlite(home() / "data" / f"{store}.sqlite3") for store in STORES}
    parts = urlsplit(address)
    name = parts.path.strip("/")
    if parts.scheme not in {"postgresql", "postgres"} or not name:
        raise BadSetting("REUNION_DATABASE_URL must look like postgresql://USER@HOST/NAME")
    return {
        store: {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name if store == "default" else f"{name}_{store}",
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or "") or _socket(parts.query),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
        }
        for store in STORES
    }


def _socket(query: str) -> str:
    """The folder of the server's socket, from ?host=FOLDER."""
    return next((unquote(part[5:]) for part in query.split("&") if part.startswith("host=")), "")


def _sqlite(file: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {
            # Without IMMEDIATE two writers that both read first die at once, whatever the timeout.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: what was acknowledged survives a power cut. recursive_triggers: INSERT OR
            # REPLACE would pass the triggers of append-only tables otherwise.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            " PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON; PRAGMA secure_delete=ON;",
        },
    }
