"""The golden cases of the repository, as they were read from their files."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

Json = Any  # Cases are JSON, whose values have many types.

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
BY_PEERS = GOLDEN / "pedprobr-1.1.0" / "golden_lrs.json"
BY_ENUMERATION = GOLDEN / "enumeration" / "cases.json"


@cache
def cases_of(path: Path) -> list[dict[str, Json]]:
    """The cases of a file; every caller gets the same ones, so change only copies."""
    cases: list[dict[str, Json]] = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return cases
