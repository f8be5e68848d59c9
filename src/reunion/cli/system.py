"""The system of the agencies: whether there is one here, and starting Django for a command."""

from __future__ import annotations

import os
from datetime import datetime
from importlib.util import find_spec

from reunion.cli.environment import read_environment
from reunion.cli.errors import CommandError
from reunion.settings.environment import databases, value


def is_here(store: str = "default") -> bool:
    """Whether a system was set up in REUNION_HOME, or on the server that is named.

    Args:
        store: the one to look at; the public site has `published`, and no way to `default`.

    Raises:
        CommandError: the database does not answer.
    """
    if find_spec("django") is None:
        return False
    from reunion.base.operations.errors import NoAnswer
    from reunion.base.operations.outside import steps_of

    try:
        return steps_of(databases()[store]) is not None
    except NoAnswer as error:
        server = "start the server, or correct REUNION_DATABASE_URL"
        mend = server if value("DATABASE_URL") else "a file in REUNION_HOME/data is no database"
        raise CommandError(f"the database does not answer: {mend}") from error


def require_answer() -> None:
    """End the command with a sentence where the database does not answer.

    Raises:
        CommandError: says what to look at.
    """
    is_here()


def require_system(store: str = "default") -> None:
    """End the command with a sentence where there is no system.

    Raises:
        CommandError: says how to make one.
    """
    if not is_here(store):
        raise CommandError(f"there is no system {_place()} yet: reunion setup makes one")


def start(process: str) -> datetime:
    """Start Django with the settings of one process; the moment of the command."""
    os.environ["DJANGO_SETTINGS_MODULE"] = f"reunion.settings.{process}"
    import django
    from django.utils.timezone import now

    django.setup()
    return now()


def start_system(process: str) -> datetime:
    """The same where there is a system.

    Raises:
        CommandError: there is none.
    """
    require_system()
    return start(process)


def require_own_mode() -> None:
    """End the command where a system of invented people would run as a real one, or the reverse.

    Raises:
        CommandError: says which mode it was set up for.
    """
    from django.conf import settings

    from reunion.base.operations.databases import what_is_here

    here = what_is_here()
    if here is not None and here.synthetic != (settings.MODE == "demo"):
        wanted = "demo" if here.synthetic else "production"
        raise CommandError(f"this system was set up for {wanted}: set REUNION_MODE={wanted}")


def _place() -> str:
    """Where the system would be; an address of a server can hold a password, and stays unsaid."""
    if value("DATABASE_URL"):
        return "on the server of REUNION_DATABASE_URL"
    return f"in {read_environment().home}"
