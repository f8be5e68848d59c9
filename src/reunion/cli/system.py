"""The system of the agencies: whether there is one here, and starting Django for a command."""

from __future__ import annotations

import os
from datetime import datetime

from reunion.cli.environment import read_environment
from reunion.cli.errors import CommandError
from reunion.settings.environment import value


def is_here() -> bool:
    """Whether a system was set up in REUNION_HOME, or a server is named that holds one."""
    return bool(value("DATABASE_URL")) or (read_environment().home / "data").is_dir()


def require_system() -> None:
    """End the command with a sentence where there is no system.

    Raises:
        CommandError: says how to make one.
    """
    if not is_here():
        home = read_environment().home
        raise CommandError(f"there is no system in {home} yet: reunion setup makes one")


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
