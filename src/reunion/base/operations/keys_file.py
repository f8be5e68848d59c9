"""Restoring the keys before there is a system that needs them; Django is not started for it."""

from __future__ import annotations

from pathlib import Path

from reunion.base.keys.envelope import open_sealed_to
from reunion.base.keys.shares import open_escrow
from reunion.base.operations.archive import opened, read_header
from reunion.base.operations.errors import BackupUnreadable
from reunion.base.operations.folders import copy_back, kept_with_keys, require_empty, scratch


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


def restore_keys(file: Path, home: Path, keys: Path, identity: str) -> None:
    """Restore the keys of all processes into a home that has none.

    Args:
        keys: the folder of the keys, which may lie outside of the home.
        identity: as `identity_by_escrow` gave it.

    Raises:
        BackupUnreadable: it is no backup, or was changed.
        NotEmpty: there are keys already.
    """
    places = kept_with_keys(home, keys)
    require_empty(places)
    with scratch(home) as folder, opened(file, identity, folder) as content:
        copy_back(places, content)
