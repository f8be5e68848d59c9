"""The settings of the tests, read from the environment in this one place."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tools.postgres import binaries

ROOT = Path(__file__).resolve().parent.parent

# Larger data that is not part of the repository. A relative path starts at the repository.
SHARED_DATA_NAME = os.environ.get("REUNION_SHARED_DATA") or "../shared/data"
SHARED_DATA = ROOT / SHARED_DATA_NAME

CHROMIUM = os.environ.get("REUNION_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
ON_POSTGRES = bool(os.environ.get("REUNION_TEST_DATABASE_URL"))
CONDITIONS = {
    "shared-data": SHARED_DATA.is_dir(),
    "postgres": ON_POSTGRES or binaries() is not None,
    "chromium": bool(CHROMIUM),
}
REMEDIES = {
    "shared-data": f"no folder {SHARED_DATA_NAME}. Set REUNION_SHARED_DATA",
    "postgres": "no server found. Debian: make system",
    "chromium": "no Chromium found. Debian: make system, or set REUNION_CHROMIUM",
}
"""What to say of a condition that does not hold."""

# Outside conditions that must hold, separated by commas; without one its tests are skipped.
REQUIRED = frozenset(filter(None, os.environ.get("REUNION_REQUIRE", "").split(",")))
