"""Whether all is as it was when a start last looked at everything: then it need not look again.

To see whether tables are of this version takes Django and all models, which are slow to load.
"""

from __future__ import annotations

import hashlib
import os
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import reunion
from reunion.base.operations.outside import steps_of
from reunion.settings.environment import databases

STAMP = "as-looked-at"
COLLECTED = Path("static", "staticfiles.json")
PROGRAM = Path(reunion.__file__).parent


def is_unchanged(home: Path, program: Path = PROGRAM) -> bool:
    """Whether neither the program nor its packages, databases and collected files have changed.

    Raises:
        NoAnswer: a database does not answer.
    """
    try:
        noted = (home / STAMP).read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return noted == _sum(home, program)


def note(home: Path, program: Path = PROGRAM) -> None:
    """Remember how all is now; whoever calls has looked at everything."""
    (home / STAMP).write_text(_sum(home, program), encoding="ascii")


def _sum(home: Path, program: Path) -> str:
    whole = hashlib.sha256()
    for part in _parts(home, program):
        whole.update(f"{part}\n".encode())
    return whole.hexdigest()


def _parts(home: Path, program: Path) -> Iterator[object]:
    """The databases with the moments of their changes; the packages by version; each file."""
    for store, given in databases().items():
        yield store, steps_of(given)
    yield sorted(each.name for each in _packages().glob("*.dist-info"))
    yield _state(home / COLLECTED)
    for folder, folders, files in os.walk(program):
        folders[:] = sorted(set(folders) - {"__pycache__"})
        for name in sorted(files):
            yield _state(Path(folder, name))


def _packages() -> Path:
    return Path(sysconfig.get_paths()["purelib"])


def _state(file: Path) -> tuple[str, int, int] | None:
    """A file that is written anew has another one."""
    try:
        seen = file.stat()
    except FileNotFoundError:
        return None
    return str(file), seen.st_size, seen.st_mtime_ns
