"""The settings of the tests: the internal site in a folder of its own, with quick hashes."""

# ruff: noqa: E402 -- the folder must be set before the other settings are read

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

WRITTEN = tempfile.mkdtemp(prefix="reunion-tests-")
"""Everything that a run of the tests writes: keys, files, databases of its own processes."""

atexit.register(shutil.rmtree, WRITTEN, ignore_errors=True)
os.environ["REUNION_HOME"] = WRITTEN

from reunion.settings.environment import databases, value
from reunion.settings.internal import *  # noqa: F403  # a settings module is the sum of its parts
from reunion.settings.internal import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.base.notebook"]  # an app with sealed fields
DATABASES = databases(value("TEST_DATABASE_URL"))
LANGUAGE_CODE = "en"  # the tests read the source's own sentences; accounts choose otherwise
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Most tests have `default` alone; those about the inbox set the sources of the internal site.
AUDIT_SOURCES = ("audit.AuditEntry",)
# Files of pages as they lie: nothing is collected for the tests.
STATIC_ROOT = None
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
