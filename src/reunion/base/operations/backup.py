"""Backups: the data for the operator and the escrow, the keys for the escrow alone.

A thief of the data backup with the operator's key reads no identity: names are sealed, and the keys
that open them lie in the other file. docs/operations.md says where each is kept, and how long.
"""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import pyrage
from django.conf import settings

from reunion.base.actor import system
from reunion.base.audit.actions import record
from reunion.base.keys.envelope import seal_to
from reunion.base.keys.errors import EscrowMissing
from reunion.base.keys.models import Escrow
from reunion.base.keys.wraps import newest_escrow
from reunion.base.operations.archive import opened, read_header, write
from reunion.base.operations.databases import (
    dump,
    engine,
    fingerprint,
    load,
    require_no_tables,
    stores,
)
from reunion.base.operations.errors import NotSetUp, OtherEngine
from reunion.base.operations.folders import (
    copy,
    copy_back,
    kept_with_data,
    kept_with_keys,
    require_empty,
    scratch,
)
from reunion.base.operations.models import Installation


class Written(NamedTuple):
    """The two files of a backup."""

    data: Path
    keys: Path | None


def back_up(folder: Path, *, at: datetime) -> Written:
    """Write a backup of all databases and files, and one of the keys, into a folder.

    Raises:
        NotSetUp: there is nothing to back up.
        EscrowMissing: in production, where the keys could be opened by nobody.
    """
    installation = Installation.objects.first()
    if installation is None:
        raise NotSetUp
    escrow = newest_escrow()
    if escrow is None and not installation.synthetic:
        raise EscrowMissing(mode="production")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    record(actor=system("backup"), act="back_up", subject=None, at=at)
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    header: dict[str, object] = {
        "made_at": at.isoformat(),
        "version": version("reunion"),
        "engine": engine(),
        "jurisdiction": installation.jurisdiction,
        "synthetic": installation.synthetic,
    }
    home, target = Path(settings.HOME), folder / f"reunion-{stamp}.data"
    with scratch(home) as plain:
        content = plain / "content"
        content.mkdir(mode=0o700)
        for alias in stores():
            dump(alias, content / f"{alias}.database")
        copy(kept_with_data(home), content)
        own, for_escrow = _sealed_key(escrow)
        write(target, header | for_escrow, content, [installation.backup_public, *own])
    if escrow is None:
        return Written(target, None)
    keys = folder / f"reunion-{stamp}.keys"
    with scratch(home) as plain:
        content = plain / "content"
        content.mkdir(mode=0o700)
        copy(kept_with_keys(home, Path(settings.KEYS)), content)
        own, for_escrow = _sealed_key(escrow)
        write(keys, header | for_escrow, content, own)
    return Written(target, keys)


def restore(file: Path, identity: str) -> None:
    """Restore the databases and files of a backup into an empty system.

    Raises:
        BackupUnreadable: it is no backup, was changed, or the key does not open it.
        NotEmpty: there is something here already.
        OtherEngine: it is of another kind of database.
    """
    made_with = str(read_header(file).get("engine"))
    if made_with != engine():
        raise OtherEngine(backup=made_with, here=engine())
    home = Path(settings.HOME)
    with scratch(home) as folder, opened(file, identity, folder) as content:
        require_empty(kept_with_data(home))
        for alias in stores():  # all of them before the first is filled
            require_no_tables(alias)
        for alias in stores():
            load(alias, content / f"{alias}.database")
        copy_back(kept_with_data(home), content)


def fingerprints() -> dict[str, str]:
    """A fingerprint of each database: equal where a restored system equals the one it came from."""
    return {alias: fingerprint(alias) for alias in stores()}


def _sealed_key(escrow: Escrow | None) -> tuple[list[str], dict[str, object]]:
    """A new key for one file: its recipient, and what the file's line says of it."""
    if escrow is None:
        return [], {}
    identity = pyrage.x25519.Identity.generate()
    sealed = seal_to(bytes(escrow.public), str(identity).encode())
    return [str(identity.to_public())], {"escrow_sheet": escrow.sheet, "sealed_key": sealed.hex()}
