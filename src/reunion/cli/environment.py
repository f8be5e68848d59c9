"""Settings from the environment: every `REUNION_*` variable is declared here, once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from reunion.cli.errors import CommandError

PREFIX = "REUNION_"


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: what it may hold, what holds without it, what it is for."""

    name: str
    kind: str
    default: str
    help: str


HOME = Variable("REUNION_HOME", "folder", "./var", "where Reunion keeps what it writes")
DEBUG = Variable("REUNION_DEBUG", "0 or 1", "0", "1 shows where in the code a fault happened")

VARIABLES = (
    HOME,
    DEBUG,
    Variable(
        "REUNION_SHARED_DATA", "folder", "../shared/data", "tests only: the folder of larger data"
    ),
    Variable(
        "REUNION_REQUIRE",
        "names with commas",
        "",
        "tests only: conditions that must hold, else the tests do not start (shared-data)",
    ),
)


class BadEnvironment(CommandError):
    """A variable that is not known, or holds what it cannot."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings, checked."""

    home: Path
    debug: bool

    @property
    def tables(self) -> Path:
        """The folder of the laboratory's own frequency tables."""
        return self.home / "tables"


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """The settings of the environment; BadEnvironment names the variable that is wrong.

    >>> read_environment({"REUNION_HOME": "/srv/reunion"}).tables
    PosixPath('/srv/reunion/tables')
    """
    known = [variable.name for variable in VARIABLES]
    for name in sorted(variables):
        if name.startswith(PREFIX) and name not in known:
            nearest = (get_close_matches(name, known, 1, 0.0) or known)[0]
            raise BadEnvironment(f"{name}: there is no such setting; the nearest is {nearest}")
    debug = variables.get(DEBUG.name) or DEBUG.default
    if debug not in ("0", "1"):
        raise BadEnvironment(f"{DEBUG.name}: {debug!r} is not {DEBUG.kind}")
    return Environment(Path(variables.get(HOME.name) or HOME.default), debug == "1")
