"""The files of the project, as these tests look at them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.settings import ROOT

# What the program and the tools write is not part of the project.
WRITTEN = {"build", "dist", "var", "node_modules", "__pycache__"}
OWN = {".ci", ".gitignore"}


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that belongs to the project; works without git."""
    found: list[Path] = []
    folders = [ROOT]
    while folders:
        for path in sorted(folders.pop().iterdir()):
            if path.name in WRITTEN or (path.name.startswith(".") and path.name not in OWN):
                continue
            if path.is_dir():
                folders.append(path)
            else:
                found.append(path)
    return tuple(found)


def python_files() -> list[Path]:
    """The Python files of the project."""
    return [path for path in project_files() if path.suffix == ".py"]


def read(name: str | Path) -> str:
    """The text of a file, named from the top of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def short(path: Path) -> str:
    """The name of a file as a message shows it."""
    return str(path.relative_to(ROOT))
