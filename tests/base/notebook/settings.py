"""The keys and the notebook alone, for the processes that tests and tools start."""

from __future__ import annotations

from reunion.base.keyring import Keyring
from reunion.settings.common import *  # noqa: F403  # a settings module is the sum of its parts
from reunion.settings.common import KEYS

KEYRING = Keyring(KEYS / "internal")
SECRET_KEY = KEYRING.secret_text("site")
INSTALLED_APPS = ["reunion.base.audit", "reunion.base.keys", "tests.base.notebook"]
