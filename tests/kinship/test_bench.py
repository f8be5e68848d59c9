"""The measurement of speed runs, says what it measured, and cleans up."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from reunion.kinship.bench import Figures, bench


def test_a_small_measurement_gives_every_figure_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    figures = bench(profiles=20_000, families=9, compiled=3, large=30_000, repeats=2)
    assert set(figures) == set(Figures.__annotations__)
    assert figures["bit_equal"]
    assert figures["sizes"] == {
        "markers": 24,
        "entries": 4_408,
        "profiles": 20_000,
        "families": 9,
        "compiled": 3,
        "large": 30_000,
        "threads": 2,
    }
    compiled = figures["compile_ms"]
    assert set(compiled) == {"duo", "trio", "six"}
    assert min(compiled["duo"], compiled["trio"], compiled["six"]) > 0
    rates = (figures["single_lr_per_s"], figures["batch_lr_per_s"], figures["numpy_lr_per_s"])
    assert min(*rates, figures["append_us"], figures["open_s"], figures["ten_million_s"]) > 0
    assert list(tmp_path.iterdir()) == []


def test_the_compiled_scan_is_faster_than_numpy() -> None:
    figures = bench(profiles=100_000, families=16, compiled=1, large=1_000, repeats=3)
    assert figures["single_lr_per_s"] > 2 * figures["numpy_lr_per_s"]
    assert figures["batch_lr_per_s"] > 4 * figures["numpy_lr_per_s"]
