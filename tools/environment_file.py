"""The file .env.example, made of the declarations of the environment variables.

    python -m tools.environment_file

A test compares the file with the declarations.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reunion.settings.environment import VARIABLES, Variable

FILE = Path(__file__).parent.parent / ".env.example"
HEAD = """\
# The settings of Reunion, each with its default. Take away the # of a line to change it.
#   systemd, containers:  EnvironmentFile= and env_file: read a copy of this file as it is.
#   a shell:              set -a; . ./.env; set +a
# A name that is not in this list is refused.
"""


def text() -> str:
    """The whole file."""
    return HEAD + "".join(line for one in VARIABLES for line in _lines(one))


def _lines(variable: Variable) -> Iterator[str]:
    yield f"\n# {variable.help}\n"
    yield f"#REUNION_{variable.name}={variable.default}\n"


def main() -> None:
    """Write the file."""
    FILE.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
