"""Restoring the keys before there is a system that needs them; Django is not started for it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from reunion.base.keys.envelope import open_sealed_to
from reunion.base.keys.shares import open_escrow
from reunion.base.operations.archive import opened, read_header
from reunion.base.operations.errors import BackupUnreadable
from reunion.base.operations.folders import KEPT_WITH_KEYS, copy_back, require_empty


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


def restore_keys(file: Path, home: Path, one: bytes, other: bytes) -> None:
    """Restore the keys of all processes into a home that has none.

    Raises:
        BackupUnreadable, EscrowNotOpened: as `identity_by_escrow`.
        NotEmpty: there are keys already.
    """
    identity = identity_by_escrow(file, one, other)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    require_empty(home, KEPT_WITH_KEYS)
    with (
        tempfile.TemporaryDirectory(dir=home) as scratch,
        opened(file, identity, Path(scratch)) as content,
    ):
        copy_back(home, KEPT_WITH_KEYS, content)
