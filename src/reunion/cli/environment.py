"""The settings of the environment, as commands see them; `settings.environment` declares them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reunion.cli.errors import CommandError
from reunion.settings.environment import BadSetting, check_variables, value


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
    try:
        check_variables(variables)
    except BadSetting as error:
        raise BadEnvironment(str(error)) from error
    return Environment(Path(value("HOME", variables)), value("DEBUG", variables) == "1")
