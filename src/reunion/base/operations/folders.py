"""The folders of a home that are kept in backups, and the one for plain copies."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from reunion.base.operations.errors import NotEmpty

Places: TypeAlias = Mapping[str, Path]
"""Folders by the names that they have in a backup."""


def kept_with_keys(home: Path, keys: Path) -> Places:
    """What lies in the file of the keys; these may have a folder outside of the home."""
    return {"keys": keys, "signer": home / "signer"}


def kept_with_data(home: Path) -> Places:
    """What lies in the file of the data, beside the databases."""
    return {"files": home / "files"}


@contextmanager
def scratch(home: Path) -> Iterator[Path]:
    """A folder for plain copies: in the home, where the same is plain already.

    One backup or restore works at a time, and the next one waits; so it may remove what a killed
    one left behind.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder, lock = home / "plain", os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder)
    finally:
        os.close(lock)


def copy(places: Places, content: Path) -> None:
    """Copy folders into the content of a backup."""
    for name, place in places.items():
        if place.is_dir():
            shutil.copytree(place, content / name, copy_function=_copy)


def _copy(source: str, target: str) -> None:
    """Copy a file; one that others took away meanwhile, such as a draft, is left out."""
    with suppress(FileNotFoundError):
        shutil.copy2(source, target)


def copy_back(places: Places, content: Path) -> None:
    """Copy folders of the content of a backup to their places."""
    for name, place in places.items():
        if (content / name).is_dir():
            shutil.copytree(content / name, place, dirs_exist_ok=True)


def require_empty(places: Places) -> None:
    """Refuse folders in which there is something already.

    Raises:
        NotEmpty: names the folder.
    """
    for name, place in places.items():
        if place.is_dir() and any(file.is_file() for file in place.rglob("*")):
            raise NotEmpty(place=name)


def empty_again(places: Places) -> None:
    """Take away the files of folders that were empty before something was copied there."""
    for place in places.values():
        for file in place.rglob("*"):
            if file.is_file():
                file.unlink()
