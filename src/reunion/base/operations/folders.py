"""The folders of a home that are kept in backups."""

from __future__ import annotations

import shutil
from pathlib import Path

from reunion.base.operations.errors import NotEmpty

KEPT_WITH_KEYS = ("keys", "signer")
KEPT_WITH_DATA = ("files",)


def copy(home: Path, names: tuple[str, ...], content: Path) -> None:
    """Copy folders of a home into the content of a backup."""
    for name in names:
        if (home / name).is_dir():
            shutil.copytree(home / name, content / name)


def copy_back(home: Path, names: tuple[str, ...], content: Path) -> None:
    """Copy folders of the content of a backup into a home."""
    for name in names:
        if (content / name).is_dir():
            shutil.copytree(content / name, home / name, dirs_exist_ok=True)


def require_empty(home: Path, names: tuple[str, ...]) -> None:
    """Refuse a home in which there is something already.

    Raises:
        NotEmpty: names the folder.
    """
    for name in names:
        if (home / name).is_dir() and any(file.is_file() for file in (home / name).rglob("*")):
            raise NotEmpty(place=name)
