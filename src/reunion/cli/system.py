"""Whether there is a system of the agencies here, before a command starts it."""

from __future__ import annotations

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
