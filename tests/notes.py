"""What tests measure on the way, left for `make figures`."""

from __future__ import annotations

import json

from tests.settings import ROOT


def note(name: str, value: float, expected: float) -> None:
    """Leave a measured rate beside the expected one for `make figures`."""
    folder = ROOT / "build" / "measured"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(
        json.dumps({"name": name, "value": value, "expected": expected}) + "\n", encoding="utf-8"
    )
