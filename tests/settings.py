"""The settings of the tests, read from the environment in this one place."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Larger data that is not part of the repository. A relative path starts at the repository.
SHARED_DATA_NAME = os.environ.get("REUNION_SHARED_DATA") or "../shared/data"
SHARED_DATA = ROOT / SHARED_DATA_NAME

# Outside conditions that must hold, separated by commas; without one its tests are skipped.
CONDITIONS = {"shared-data": SHARED_DATA.is_dir()}
REQUIRED = frozenset(filter(None, os.environ.get("REUNION_REQUIRE", "").split(",")))
