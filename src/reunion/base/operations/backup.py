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
from reunion.base.operations.archive import write
from reunion.base.operations.databases import (
    WhatIsHere,
    dump,
    engine,
    fingerprint,
    stillness,
    stores,
    waiting,
    what_is_here,
)
from reunion.base.operations.errors import NotSetUp, TablesDiffer
from reunion.base.operations.folders import copy, kept_with_data, kept_with_keys, scratch


class Written(NamedTuple):
    """The two files of a backup."""

    data: Path
    keys: Path | None


def back_up(folder: Path, *, at: datetime) -> Written:
    """Write a backup of all databases and files, and one of the keys, into a folder.

    Raises:
        NotSetUp: there is nothing to back up.
        TablesDiffer: the tables are of another version: `copy_before_upgrade` is for them.
        EscrowMissing: in production, where the keys could be opened by nobody.
        StoresBusy: no consistent copy could be begun.
    """
    here = _here()
    if any(waiting(alias) for alias in stores()):
        raise TablesDiffer
    record(actor=system("backup"), act="back_up", subject=None, at=at)
    return _copy(folder, here, at=at)


def copy_before_upgrade(folder: Path, *, at: datetime) -> Written:
    """The same of tables of whatever version: nothing is asked by way of this version's models.

    Raises:
        NotSetUp, EscrowMissing, StoresBusy: as `back_up`.
    """
    return _copy(folder, _here(), at=at)


def _copy(folder: Path, here: WhatIsHere, *, at: datetime) -> Written:
    """Write the two files.

    The databases come first, then files, then keys. So whatever a row names is in the copy too: a
    file is written before its row and a key is made before what it seals, and neither is changed
    afterwards.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    header: dict[str, object] = {
        "made_at": at.isoformat(),
        "version": version("reunion"),
        "engine": engine(),
        "jurisdiction": here.jurisdiction,
        "synthetic": here.synthetic,
    }
    home, target = Path(settings.HOME), folder / f"reunion-{stamp}.data"
    with scratch(home) as plain:
        content = plain / "content"
        content.mkdir(mode=0o700)
        with stillness() as still:
            for alias, connection in still.items():
                dump(connection, content / f"{alias}.database")
        copy(kept_with_data(home), content)
        own, for_escrow = _sealed_key(here)
        write(target, header | for_escrow, content, [here.recipient, *own])
    if here.escrow is None:
        return Written(target, None)
    keys = folder / f"reunion-{stamp}.keys"
    with scratch(home) as plain:
        content = plain / "content"
        content.mkdir(mode=0o700)
        copy(kept_with_keys(home, Path(settings.KEYS)), content)
        own, for_escrow = _sealed_key(here)
        write(keys, header | for_escrow, content, own)
    return Written(target, keys)


def fingerprints() -> dict[str, str]:
    """A fingerprint of each database: equal where a restored system equals the one it came from."""
    return {alias: fingerprint(alias) for alias in stores()}


def _here() -> WhatIsHere:
    here = what_is_here()
    if here is None:
        raise NotSetUp
    if here.escrow is None and not here.synthetic:
        raise EscrowMissing(mode="production")
    return here


def _sealed_key(here: WhatIsHere) -> tuple[list[str], dict[str, object]]:
    """A new key for one file: its recipient, and what the file's line says of it."""
    if here.escrow is None:
        return [], {}
    identity = pyrage.x25519.Identity.generate()
    sealed = seal_to(here.escrow, str(identity).encode())
    return [str(identity.to_public())], {"escrow_sheet": here.sheet, "sealed_key": sealed.hex()}
