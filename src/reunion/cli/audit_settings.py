"""Starting Django for the commands of the audit trail; those for third parties do without."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from reunion.cli.system import require_system

if TYPE_CHECKING:
    from reunion.base.keyring import Keyring


def start(process: str) -> tuple[Keyring, Path]:
    """Start as one process; its keys, and the folder of the signer."""
    require_system()
    os.environ["DJANGO_SETTINGS_MODULE"] = f"reunion.settings.{process}"
    import django
    from django.conf import settings

    django.setup()
    keys: Keyring = settings.KEYRING
    return keys, Path(settings.HOME) / "signer"
