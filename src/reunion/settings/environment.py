"""The environment variables of Reunion: each declared here once, with its default and meaning."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

STORES = ("default", "dna", "published", "inbox")
"""The databases: identities and work, genotypes, what is public, and what the public sent."""

KEPT = 60
"""Seconds that a connection serves one request after another: opening one for each page would make
pages a third slower, also where the database is a file."""

_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_PARTS = ("host", "sslmode", "sslrootcert")
_LIKE = "REUNION_DATABASE_URL must look like postgresql://USER@HOST/NAME"


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
    Variable(
        "DATABASE_URL",
        "",
        "postgresql://USER@HOST/NAME?sslmode=verify-full; without it SQLite in REUNION_HOME.",
    ),
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
    Variable(
        "PUBLIC_ADDRESS", "", "https://NAME/ of the public site, for links from the other one."
    ),
    Variable("ALLOWED_HOSTS", "localhost,127.0.0.1", "Names under which the sites are reached."),
    Variable(
        "TLS",
        "off",
        "on: a proxy ends TLS, and cookies and links are for HTTPS only. Production demands it.",
        ("off", "on"),
    ),
    Variable(
        "LANGUAGE",
        "zh-hans",
        "Language of a page where nothing else is known: zh-hans, en.",
        ("zh-hans", "en"),
    ),
    Variable("DEMO_SEED", "20260101", "Number that the names of a demonstration are drawn by."),
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
    public = value("PUBLIC_ADDRESS", environment)
    if public and not public.startswith(("https://", "http://")):
        raise BadSetting("REUNION_PUBLIC_ADDRESS must begin with https:// or http://")
    if address := value("DATABASE_URL", environment):
        _server(address, value("MODE", environment))


def require_tls() -> None:
    """Refuse to serve real people without encryption on the way.

    Raises:
        BadSetting: this is production, and no proxy ends TLS.
    """
    if value("MODE") == "production" and value("TLS") != "on":
        raise BadSetting("REUNION_TLS: in production a proxy must end TLS; then set it to on")


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
    server = _server(address, value("MODE"))
    name = str(server["NAME"])
    return {
        store: server | ({} if store == "default" else {"NAME": f"{name}_{store}"})
        for store in STORES
    }


def _server(address: str, mode: str) -> dict[str, object]:
    """The entry of the first store on a server.

    Refusals do not say the address, which may hold a password.

    Raises:
        BadSetting: it is no address of PostgreSQL, or asks for something that is not known; or the
            server is on another machine, and in production nothing shows that it is the right one.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
        asked = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise BadSetting(_LIKE) from None
    name = parts.path.strip("/")
    if parts.scheme not in {"postgresql", "postgres"} or not name:
        raise BadSetting(_LIKE)
    options = dict(asked)
    if set(options) - set(_PARTS) or len(asked) > len(options):
        raise BadSetting(f"REUNION_DATABASE_URL: after the ? stand, once each, {', '.join(_PARTS)}")
    host = unquote(parts.hostname or "") or options.pop("host", "")
    ssl = options.get("sslmode", "")
    if ssl and ssl not in _SSL_MODES:
        raise BadSetting(f"REUNION_DATABASE_URL: sslmode is one of {', '.join(_SSL_MODES)}")
    if mode == "production" and ssl != "verify-full" and not _is_here(host):
        raise BadSetting(
            "REUNION_DATABASE_URL: in production a server on another machine needs"
            " ?sslmode=verify-full&sslrootcert=FILE"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": KEPT,
    }


def _is_here(host: str) -> bool:
    """Whether a server is reached without a network: by its socket, or on the loopback."""
    if host.startswith("/") or host in {"", "localhost"}:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


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
        "CONN_MAX_AGE": KEPT,
    }
