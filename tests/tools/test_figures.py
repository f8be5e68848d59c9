"""Measured figures are written down with their goals, and a missed goal is said on the page."""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.reference.golden import BY_ENUMERATION, cases_of
from tools import figures as tool
from tools.figures import (
    GROUPS,
    Figure,
    Group,
    Json,
    LeftOut,
    detection_figures,
    grown,
    largest_difference,
    machine,
    measure,
    number,
    page,
    plot,
    records,
    speed_figures,
    write_page,
    written,
)
from tools.records import Record, write_records

TODAY = date(2030, 1, 2)
FAST = Figure("fast", "how fast", 120.0, "LR/s")
BENCH = {
    "single_lr_per_s": 90e6,
    "batch_lr_per_s": 200e6,
    "numpy_lr_per_s": 10e6,
    "bit_equal": True,
    "append_us": 40.0,
    "compile_ms": {"duo": 0.1, "trio": 1.0, "six": 40.0},
    "open_s": 0.01,
    "rss_mb": 500.0,
    "ten_million_s": 0.5,
}


def group(*figures: Figure, name: str = "made") -> Group:
    return Group(name, "the command", lambda: list(figures))


def failing(error: Exception) -> Callable[[], list[Figure]]:
    def raise_it() -> list[Figure]:
        raise error

    return raise_it


@pytest.mark.parametrize(
    ("value", "symbol", "limit", "met"),
    [
        (80.0, ">=", 80.0, True),
        (79.0, ">=", 80.0, False),
        (1.0, "<", 1.0, False),
        (1, "<=", 1, True),
    ],
)
def test_a_goal_is_met_or_not(value: float, symbol: str, limit: float, met: bool) -> None:
    assert Figure("f", "f", value).wanted(symbol, limit).met is met


def test_the_bench_is_held_against_its_goals() -> None:
    figures = {figure.name: figure for figure in speed_figures(BENCH)}
    assert figures["batch_to_numpy"].value == 20
    missed = {name for name, figure in figures.items() if figure.met is False}
    assert missed == {"batch_lr_per_s", "compile_ms_six"}
    assert figures["numpy_lr_per_s"].goal is None


def test_a_difference_between_scores_is_a_missed_goal() -> None:
    figures = {figure.name: figure for figure in speed_figures({**BENCH, "bit_equal": False})}
    assert figures["bit_equal"].met is False


def test_a_record_says_how_when_and_with_which_versions_it_was_measured() -> None:
    (record,) = records(group(FAST.wanted(">=", 100.0)), [FAST.wanted(">=", 100.0)], TODAY)
    assert set(record["versions"]) == {"python", "reunion", "numpy", "numba"}
    del record["versions"]
    assert record == {
        "name": "fast",
        "what": "how fast",
        "value": 120.0,
        "unit": "LR/s",
        "goal": ">= 100",
        "met": True,
        "command": "the command",
        "date": "2030-01-02",
    }


def test_every_group_gets_a_file_and_the_page_lists_files_of_others_too(tmp_path: Path) -> None:
    build = tmp_path / "build"
    assert measure([group(FAST.wanted(">=", 200.0))], build, TODAY) == 0
    others = records(group(), [replace(FAST, what="from elsewhere")], TODAY)
    (build / "others.json").write_text(json.dumps(others), encoding="utf-8")
    write_page(build, tmp_path)
    lines = (tmp_path / "figures.md").read_text(encoding="utf-8").splitlines()
    assert "| how fast | 120 | LR/s | >= 200 | MISSED | `the command` | 2030-01-02 |" in lines
    assert "| from elsewhere | 120 | LR/s |  |  | `the command` | 2030-01-02 |" in lines


def test_a_group_that_cannot_be_measured_leaves_its_last_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measure([group(FAST)], tmp_path, TODAY)
    before = (tmp_path / "made.json").read_bytes()
    left_out = Group("made", "c", failing(LeftOut("no such thing here")))
    failed = Group("made", "c", failing(subprocess.CalledProcessError(1, "c")))
    assert measure([left_out], tmp_path, TODAY) == 0
    assert measure([failed, group(FAST, name="next")], tmp_path, TODAY) == 1
    assert (tmp_path / "made.json").read_bytes() == before
    assert (tmp_path / "next.json").exists()
    assert "left out: no such thing here" in capsys.readouterr().err


def test_a_tool_that_writes_its_figures_is_a_group_also_where_a_goal_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [Record("changed files misread", 2, "of 9 files", "0", False)]
    write_records(tmp_path / "rows.json", rows, command="made")
    code = "import pathlib, sys; pathlib.Path(sys.argv[2]).write_bytes(open('rows.json', 'rb')"
    (tmp_path / "made.py").write_text(f"{code}.read()); sys.exit(1)\n", encoding="utf-8")
    (tmp_path / "silent.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    (figure,) = written("made")
    assert (figure.what, figure.value, figure.met) == ("changed files misread", 2, False)
    with pytest.raises(subprocess.CalledProcessError, match="3"):
        written("silent")


def test_growth_is_the_power_of_the_size() -> None:
    linear, square = ([(float(n), 2.0 * n**power) for n in (1, 2, 3, 4)] for power in (1, 2))
    assert grown("a", "a", linear).value == pytest.approx(1)
    assert grown("a", "a", linear).met
    assert grown("b", "b", square).value == pytest.approx(2)
    assert not grown("b", "b", square).met


def test_the_plot_is_the_same_every_time(tmp_path: Path) -> None:
    figure = grown("a", "time against families", [(1.0, 0.5), (2.0, 1.0), (3.0, 1.5)])
    rows = json.loads(json.dumps(records(group(), [figure, figure, figure], TODAY)))
    for name in ("one.svg", "two.svg"):
        plot(rows, tmp_path / name)
    text = (tmp_path / "one.svg").read_text(encoding="utf-8")
    assert text == (tmp_path / "two.svg").read_text(encoding="utf-8")
    assert text.count("time against families") == 3
    assert "figures/growth.svg" in page(rows)


def test_nothing_is_plotted_where_nothing_grew(tmp_path: Path) -> None:
    rows = records(group(), [FAST], TODAY)
    plot(rows, tmp_path / "growth.svg")
    assert list(tmp_path.iterdir()) == []
    assert "growth.svg" not in page(rows)


def test_rates_of_detection_stand_beside_theory(tmp_path: Path) -> None:
    note = {"name": "real_duo_rank_1", "value": 0.983, "expected": 0.99}
    (tmp_path / "real_duo_rank_1.json").write_text(json.dumps(note), encoding="utf-8")
    (figure,) = detection_figures(tmp_path)
    assert (figure.what, figure.value, figure.unit) == ("real duo rank 1", 0.983, "share")
    assert figure.goal is not None
    assert figure.goal.startswith("0.99 by theory")


def test_a_changed_reference_value_is_seen() -> None:
    case: dict[str, Json] = cases_of(BY_ENUMERATION)[0]
    assert largest_difference(case) < 1e-12
    values = case["likelihood"]["H1"]
    for first, expected in ((values[0] * (1 + 1e-6), 1e-6), (0.0, float("inf"))):
        changed = {"H1": [first, *values[1:]], "H2": case["likelihood"]["H2"]}
        found = largest_difference({**case, "likelihood": changed})
        assert found == pytest.approx(expected, rel=1e-3)


def test_the_machine_is_described_without_its_name() -> None:
    assert "cores" in machine()
    assert platform.node() not in machine()


def test_groups_have_names_of_their_own() -> None:
    names = [group.name for group in GROUPS]
    assert len(set(names)) == len(names)


def test_every_tool_that_writes_its_own_figures_is_told_where() -> None:
    modules = [
        group.command.split()[2].replace(".", "/")
        for group in GROUPS
        if group.command.startswith("python -m tools.") and group.name != "evidence"
    ]
    assert modules
    texts = {name: (tool.ROOT / f"{name}.py").read_text(encoding="utf-8") for name in modules}
    assert [name for name, text in texts.items() if 'add_argument("--out"' not in text] == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (86_334_211.3, "86,330,000"),
        (0.0034912, "0.00349"),
        (1e-9, "1e-09"),
        (60, "60"),
        (1.0, "1"),
        (True, "yes"),
    ],
)
def test_values_are_written_for_readers(value: float, text: str) -> None:
    assert number(value) == text
