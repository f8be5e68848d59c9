"""The signer: it alone holds the keys of the audit trail, and reads nothing but entries."""

from __future__ import annotations

from reunion.base.keyring import Keyring
from reunion.settings.common import *  # noqa: F403  # a settings module is the sum of its parts
from reunion.settings.common import KEYS
from reunion.settings.logs import LOGGING  # noqa: F401  # Django reads it here

KEYRING = Keyring(KEYS / "signer")

INSTALLED_APPS = ["reunion.base.audit", "reunion.base.inbox"]
AUDIT_SOURCES = ("audit.AuditEntry", "inbox.SettledEntry")
