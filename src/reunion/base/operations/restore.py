"""Restoring a backup: everything is looked at first, then written, and undone where that fails.

It runs with the settings of the signer, which make no key: the keys are those of the backup, and
where they are not restored, each process makes its own at its next start.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from reunion.base.keys.envelope import open_sealed_to
from reunion.base.keys.shares import open_escrow
from reunion.base.operations.archive import opened, read_header
from reunion.base.operations.databases import empty, engine, load, require_no_tables, stores
from reunion.base.operations.errors import BackupUnreadable, OtherEngine
from reunion.base.operations.folders import (
    Places,
    copy_back,
    empty_again,
    kept_with_data,
    kept_with_keys,
    require_empty,
    scratch,
)


class Locked(NamedTuple):
    """A file of a backup, and the key that opens it (age)."""

    file: Path
    identity: str


def identity_by_escrow(file: Path, one: bytes, other: bytes) -> str:
    """The key of a backup, by two of the three custodians.

    Args:
        one: private key of a custodian; `other` that of another one.

    Raises:
        BackupUnreadable: it was made without an escrow.
        EscrowNotOpened: these two do not open it.
    """
    header = read_header(file)
    sheet, sealed = header.get("escrow_sheet"), header.get("sealed_key")
    if not isinstance(sheet, str) or not isinstance(sealed, str):
        raise BackupUnreadable(reason="no_escrow")
    return open_sealed_to(open_escrow(sheet, one, other), bytes.fromhex(sealed)).decode()


def restore(data: Locked, keys: Locked | None) -> None:
    """Restore the databases, files and keys of a backup into an empty system.

    Args:
        keys: the file of the keys; None: they come another way.

    Raises:
        BackupUnreadable: a file is no backup, was changed, or its key does not open it.
        NotEmpty: there is something here already.
        OtherEngine: it is of another kind of database.
    """
    made_with = str(read_header(data.file).get("engine"))
    if made_with != engine():
        raise OtherEngine(backup=made_with, here=engine())
    home = Path(settings.HOME)
    wanted: list[tuple[Locked, Places]] = [(data, kept_with_data(home))]
    if keys is not None:
        wanted.append((keys, kept_with_keys(home, Path(settings.KEYS))))
    for _, places in wanted:
        require_empty(places)
    for alias in stores():
        require_no_tables(alias)
    with scratch(home) as folder:
        contents = [_whole(locked, folder / str(n)) for n, (locked, _) in enumerate(wanted)]
        _require_all(*contents)
        with ExitStack() as undo:
            for alias in stores():
                undo.callback(empty, alias)
                load(alias, contents[0] / f"{alias}.database")
            for content, (_, places) in zip(contents, wanted, strict=True):
                undo.callback(empty_again, places)
                copy_back(places, content)
            undo.pop_all()


def _require_all(data: Path, keys: Path | None = None) -> None:
    """Refuse files that are given in each other's place."""
    parts = [data / f"{alias}.database" for alias in stores()]
    parts += [keys / "keys"] if keys else []
    if not all(part.exists() for part in parts):
        raise BackupUnreadable(reason="other_file")


def _whole(locked: Locked, folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return opened(locked.file, locked.identity, folder)
