"""Sealed files in the folder `files` of REUNION_HOME: names at random, times at midnight."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from reunion.base.attachments.rules import midnight


def put(sealed: bytes, at: datetime) -> str:
    """Write a file; it is on the disk, under a name in a folder, when this returns.

    Returns:
        The random name.
    """
    name = secrets.token_hex(16)
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(sealed)
        stream.flush()
        moment = midnight(at).timestamp()
        os.utime(handle, (moment, moment))
        os.fsync(handle)
    for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
        _flush(folder)
    return name


def get(name: str) -> bytes:
    """The sealed bytes of a file."""
    return path_of(name).read_bytes()


def remove(name: str) -> None:
    """Delete a file; nothing where it is gone already."""
    path = path_of(name)
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        _flush(path.parent)


def path_of(name: str) -> Path:
    """Where a file lies: in one of 256 folders."""
    return _root() / name[:2] / name


def older_than(at: datetime) -> Iterator[list[str]]:
    """The names of the files of each folder whose time is before a moment."""
    root = _root()
    for folder in sorted(root.iterdir()) if root.is_dir() else []:
        yield [file.name for file in folder.iterdir() if file.stat().st_mtime < at.timestamp()]


def _root() -> Path:
    home: Path = settings.HOME
    return home / "files"


def _flush(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
