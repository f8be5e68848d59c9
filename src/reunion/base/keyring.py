"""The keys of one process: files that only its own user of the operating system may read.

A key has a name and numbered versions; the newest is used, older ones still open what they closed.
The keys of a process lie in a folder of its own, so that each can belong to another user. A key
management service takes the place of the files by another class with the same three methods.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reunion.base.errors import ReunionError

SIZE = 32


@dataclass(eq=False)
class KeyMissing(ReunionError):
    """This process does not hold the key."""

    name: str


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys in a folder: NAME.VERSION, 32 bytes each."""

    folder: Path

    def newest(self, name: str) -> int:
        """The number of the newest version of a key; made if there is none yet.

        Raises:
            KeyMissing: the folder may not be written.
        """
        versions = self.versions(name)
        return versions[-1] if versions else self.add(name)

    def versions(self, name: str) -> list[int]:
        """The numbers of all versions, oldest first."""
        return sorted(int(file.suffix[1:]) for file in self.folder.glob(f"{name}.[0-9]*"))

    def key(self, name: str, version: int) -> bytes:
        """The key itself.

        Raises:
            KeyMissing: it is not here, or may not be read.
        """
        try:
            key = (self.folder / f"{name}.{version}").read_bytes()
        except OSError as error:
            raise KeyMissing(name=f"{name}.{version}") from error
        if len(key) != SIZE:  # never seal or sign with half a key
            raise KeyMissing(name=f"{name}.{version}")
        return key

    def add(self, name: str) -> int:
        """Make the next version of a key; it is on the disk, and whole, when this returns."""
        version = (self.versions(name) or [0])[-1] + 1
        new = self.folder / f".{name}.{secrets.token_hex(8)}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(new, secrets.token_bytes(SIZE))
            # A link, as the key must appear at once and whole, and never replace another one.
            (self.folder / f"{name}.{version}").hardlink_to(new)
            _flush(self.folder)
        except FileExistsError:  # another process was quicker
            return version
        except OSError as error:
            raise KeyMissing(name=name) from error
        finally:
            with suppress(OSError):
                new.unlink()
        return version

    def remove(self, name: str, version: int) -> None:
        """Forget one version of a key, for good; what it alone opens is lost."""
        (self.folder / f"{name}.{version}").unlink(missing_ok=True)
        _flush(self.folder)

    def secret_text(self, name: str) -> str:
        """The newest version of a key, as hexadecimal digits."""
        return self.key(name, self.newest(name)).hex()


def _write(file: Path, content: bytes) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _flush(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
