"""The file of a backup: a line that everybody may read, and after it what only its key opens.

The line is JSON: kind, moment, version, kind of database, and the key of the backup, sealed for the
escrow. What follows is a tar archive, encrypted with age (X25519), whose first member lists the
SHA-256 of all others.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import pyrage

from reunion.base.operations.errors import BackupUnreadable

KIND = "reunion.backup.1"
_LISTING = "listing.json"
_LONGEST_LINE = 1 << 20


def write(target: Path, header: Mapping[str, object], folder: Path, recipients: list[str]) -> None:
    """Write a folder's content as a backup. The target appears whole, or not at all.

    The plain archive lies beside the content, never beside the target.
    """
    keys = [pyrage.x25519.Recipient.from_str(text) for text in recipients]
    plain, partial = folder.with_name("plain.tar"), target.with_suffix(".part")
    try:
        with tarfile.open(plain, "w") as archive:
            _add(archive, _LISTING, json.dumps(_listing(folder)).encode())
            for file in _files(folder):
                archive.add(file, arcname=str(file.relative_to(folder)))
        with partial.open("xb") as out, plain.open("rb") as source:
            out.write(json.dumps({"kind": KIND, **header}).encode() + b"\n")
            pyrage.encrypt_io(source, out, keys)
            out.flush()
            os.fsync(out.fileno())
        partial.rename(target)
    finally:
        plain.unlink(missing_ok=True)
        partial.unlink(missing_ok=True)


def read_header(file: Path) -> dict[str, object]:
    """The line that everybody may read.

    Raises:
        BackupUnreadable: it is no backup of ours.
    """
    with file.open("rb") as stream:
        return _header(stream)


def opened(file: Path, identity: str, folder: Path) -> Path:
    """Put the content of a backup into a folder, whole and as it was written; where it lies there.

    Raises:
        BackupUnreadable: the key does not open it, or it was changed.
    """
    plain = folder / "opened.tar"
    content = folder / "content"
    try:
        key = pyrage.x25519.Identity.from_str(identity.strip())
        with file.open("rb") as stream, plain.open("xb") as out:
            _header(stream)
            pyrage.decrypt_io(stream, out, [key])
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        raise BackupUnreadable(reason="key") from error
    except OSError as error:
        if error.errno is not None:  # of the disk, not of the content
            raise
        raise BackupUnreadable(reason="content") from error
    _unpack(plain, content)
    plain.unlink()
    listed = content / _LISTING
    listing = json.loads(listed.read_text(encoding="utf-8"))
    listed.unlink()
    if listing != _listing(content):
        raise BackupUnreadable(reason="content")
    return content


def _header(stream: IO[bytes]) -> dict[str, object]:
    try:
        header = json.loads(stream.readline(_LONGEST_LINE))
    except ValueError as error:
        raise BackupUnreadable(reason="header") from error
    if not isinstance(header, dict) or header.get("kind") != KIND:
        raise BackupUnreadable(reason="header")
    return header


def _unpack(plain: Path, content: Path) -> None:
    """What `write` put into the archive: plain files inside the folder, and nothing else.

    The filters of `extractall` would do, but the Python of Debian 12 has none.
    """
    content.mkdir(mode=0o700)
    with tarfile.open(plain) as archive:
        for member in archive:
            target, name = content / member.name, Path(member.name)
            is_inside = not name.is_absolute() and ".." not in name.parts
            source = archive.extractfile(member) if member.isreg() and is_inside else None
            if source is None:
                raise BackupUnreadable(reason="content")
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, member.mode & 0o700)
            with os.fdopen(handle, "wb") as out:
                shutil.copyfileobj(source, out)
            os.utime(target, (member.mtime, member.mtime))


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _listing(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): _digest(file) for file in _files(folder)}


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))
