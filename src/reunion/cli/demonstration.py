"""What `reunion run` makes at the first start, and tells of the sign-ins of a demonstration."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from reunion.cli.console import say, show_table
from reunion.cli.errors import CommandError
from reunion.cli.serve import collect_files
from reunion.cli.system import is_here, require_own_mode, require_system, start
from reunion.cli.unchanged import is_unchanged, note
from reunion.settings.environment import value

SIGN_INS, BACKUP_KEY = "demo-logins.json", "demo-backup.key"

Told = dict[str, Any]
"""The file of the sign-ins: passwords are nowhere else."""


def prepare(home: Path) -> Told:
    """Bring the system to a state in which the processes can start; make one where none is.

    Returns:
        What is told of the sign-ins; empty where the system is no demonstration.

    Raises:
        CommandError: there is no system, and this is production; or it is of the other mode.
    """
    if value("MODE") != "demo":
        require_system()
        start("internal")
        require_own_mode()
        collect_files()
        return {}
    is_new = not is_here()
    if not is_new and is_unchanged(home) and (told := _read(home)):
        return told
    told = _looked_at(home, is_new=is_new)
    if told:
        note(home)
    return told


def _looked_at(home: Path, *, is_new: bool) -> Told:
    """The same with everything looked at."""
    if is_new:  # before Django makes keys
        _require_cast()
    at = start("internal")
    from django.db import connections

    from reunion.base.operations.actions import make_tables, upgrade
    from reunion.base.operations.databases import stores, waiting, what_is_here

    if is_new or what_is_here() is None:
        _require_cast()
        make_tables()
        _seed(home)
    require_own_mode()
    if any(waiting(alias) for alias in stores()):
        upgrade(at=at)
    collect_files()
    told = _told(home)
    connections.close_all()
    return told


def show(home: Path, told: Told) -> None:
    """A table of the sign-ins, for people."""
    if not told:
        return
    show_table(
        ("role", "", "login", "password", "starts at"),
        (
            (one["names"]["en"], one["names"]["zh"], one["login"], one["password"], one["start"])
            for one in told["sign_ins"]
        ),
    )
    say("The second page of each sign-in shows the code that it asks for. All data are synthetic.")
    say(f"A message to the public, with its answer: come back with the receipt {told['receipt']}")
    say(f"The passwords stand in {home / SIGN_INS}.")


def _require_cast() -> None:
    """Before anything is made, see that a demonstration can be.

    Raises:
        CommandError: there is none for this pack; the seed is no number.
    """
    from reunion.demo.cast import has_cast

    code, number = value("JURISDICTION"), value("DEMO_SEED")
    if not has_cast(code):
        reason = "there is no demonstration for this pack: reunion setup makes an empty system"
        raise CommandError(f"REUNION_JURISDICTION={code}: {reason}")
    if not (number.isascii() and number.isdecimal()):
        raise CommandError(f"REUNION_DEMO_SEED: {number!r} is no whole number")


def _seed(home: Path) -> None:
    from django.db import transaction
    from django.utils.timezone import now

    from reunion.base.inbox.receipts import in_groups
    from reunion.demo.seed import seed

    with transaction.atomic(using="inbox"), transaction.atomic():
        made = seed(number=int(value("DEMO_SEED")), at=now())
        told = {
            "synthetic": True,
            "sign_ins": [asdict(one) for one in made.sign_ins],
            "receipt": in_groups(made.receipt),
        }
        _write(home / SIGN_INS, json.dumps(told, ensure_ascii=False, indent=1))
        _write(home / BACKUP_KEY, made.backup_identity)


def _told(home: Path) -> Told:
    """The sign-ins, if this is a demonstration and whoever starts it has the file."""
    from reunion.demo.access import seeding

    if seeding() is None:
        return {}
    told = _read(home)
    if not told:
        say(f"{home / SIGN_INS} is gone, and with it the passwords: make reset, and start anew.")
    return told


def _read(home: Path) -> Told:
    """The file of the sign-ins; nothing where there is none, or somebody else's."""
    try:
        told: Told = json.loads((home / SIGN_INS).read_text(encoding="utf-8"))
    except OSError:
        return {}
    return told


def _write(file: Path, text: str) -> None:
    """Write a file that nobody else can read, in place of one that a broken-off start left."""
    file.unlink(missing_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(f"{text}\n")
