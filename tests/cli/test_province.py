"""The search of a synthetic province, made smaller, against its truth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reunion.cli import province


def test_a_small_province_is_made_once_searched_and_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(province, "FAMILIES", 40)
    monkeypatch.setattr(province, "PEOPLE", 2_000)
    monkeypatch.setenv("REUNION_HOME", str(tmp_path))
    province.province(json=True)
    first = json.loads(capsys.readouterr().out)
    truth = first["truth"]
    assert first["synthetic"] is True
    assert truth["planted"] == len(province.read_truth(tmp_path / "province" / "truth.csv")) > 0
    assert truth["at_rank_1"] >= truth["planted"] - 1
    assert truth["strong_and_true"] == truth["strong"]
    made = (tmp_path / "province" / "profiles.csv").stat().st_mtime_ns
    province.province()
    again = capsys.readouterr().err
    assert f"Truth: {truth['planted']} sought persons are in the database" in again
    assert (tmp_path / "province" / "profiles.csv").stat().st_mtime_ns == made
