"""Measured figures are written in the one form that the page of figures reads."""

from __future__ import annotations

import json
from pathlib import Path

from tools.records import Record, write_records


def test_a_record_says_what_how_when_and_with_which_versions(tmp_path: Path) -> None:
    out = tmp_path / "build" / "made.json"
    records = [Record("time", 1.5, "s", "< 2", True), Record("count", 3, "files", "", None)]
    write_records(out, records, command="the command", libraries=("numpy",))
    first, second = json.loads(out.read_text(encoding="utf-8"))
    assert set(first["versions"]) == {"python", "numpy"}
    assert (first["what"], first["value"], first["goal"], first["met"]) == (
        "time",
        1.5,
        "< 2",
        True,
    )
    assert (second["goal"], second["met"], second["command"]) == (None, None, "the command")
    assert first["date"] == second["date"]
