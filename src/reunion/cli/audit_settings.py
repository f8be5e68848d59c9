"""Starting Django for the commands of the audit trail; those for third parties do without."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reunion.cli.system import start_system

if TYPE_CHECKING:
    from reunion.base.keyring import Keyring


def start(process: str) -> tuple[Keyring, Path]:
    """Start as one process; its keys, and the folder of the signer."""
    start_system(process)
    from django.conf import settings

    keys: Keyring = settings.KEYRING
    return keys, Path(settings.HOME) / "signer"
