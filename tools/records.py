"""Measured figures as files of build/figures/, in the one form that `make figures` lists."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple


class Record(NamedTuple):
    """One figure: what was measured, and whether it reaches the goal (None: there is none)."""

    what: str
    value: float | bool
    unit: str
    goal: str | None
    met: bool | None


def write_records(
    out: Path,
    records: Iterable[Record],
    *,
    command: str,
    libraries: Iterable[str] = ("reunion", "numpy", "numba"),
    kept: Iterable[Mapping[str, Any]] = (),
) -> None:
    """Write figures with the command, the versions and the date of today.

    `kept` are rows of earlier runs that stay, before the new ones.
    """
    versions = {"python": platform.python_version()} | {name: version(name) for name in libraries}
    today = datetime.now(UTC).date().isoformat()
    rows = [
        {
            "name": record.what,
            **record._asdict(),
            "goal": record.goal or None,
            "command": command,
            "versions": versions,
            "date": today,
        }
        for record in records
    ]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps([*kept, *rows], indent=1) + "\n", encoding="utf-8")
