"""Measure the figures of the project and write them down: `make figures`.

    python tools/figures.py [GROUP ...]

Without a name, all groups but the long ones are measured; `--help` lists them. Each group runs one
measuring command and writes build/figures/GROUP.json. The page docs/figures.md and its plot are
made from all files of that folder, whoever wrote them. No value is typed in.
"""

from __future__ import annotations

import argparse
import json
import operator
import os
import platform
import re
import runpy
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure as Canvas

from reunion.kinship.cases import evaluate, parse_case, read_cases

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = ("reunion", "numpy", "numba")
CLUSTER = (*LIBRARIES, "dask", "distributed")
WEB = ("reunion", "django")

Json = Any  # What measuring commands print.


class LeftOut(Exception):
    """A group that cannot be measured here, and why."""


@dataclass(frozen=True)
class Figure:
    """One measured value; `met` tells whether it reaches the goal, None where there is none.

    `points` are (size, seconds) where the value describes how time grows with size.
    """

    name: str
    what: str
    value: float | bool
    unit: str = ""
    goal: str | None = None
    met: bool | None = None
    points: tuple[tuple[float, float], ...] = ()

    def wanted(self, symbol: str, limit: float | bool) -> Figure:
        """The same figure, held against a goal such as (">=", 80e6)."""
        met = bool(COMPARISONS[symbol](self.value, limit))
        return replace(self, goal=f"{symbol} {number(limit)}", met=met)


COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
}


@dataclass(frozen=True)
class Group:
    """Figures that one command measures.

    `libraries`: whose versions are noted; `is_long`: measured only where it is named.
    """

    name: str
    command: str
    measure: Callable[[], list[Figure]]
    libraries: tuple[str, ...] = LIBRARIES
    is_long: bool = False


def number(value: float | bool) -> str:
    """A value for readers: three or four digits, thousands apart."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value == round(value) or abs(value) >= 1000:
        return f"{float(f'{value:.4g}'):,.0f}"
    return f"{value:.3g}"


def output(*words: str) -> Json:
    """What a Python program of ours prints as JSON."""
    done = subprocess.run(  # our own programs, fixed words
        [sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    return json.loads(done.stdout)


def shared_data() -> Path:
    """The folder of the larger data, from the one setting of the tests."""
    folder: Path = runpy.run_path(str(ROOT / "tests" / "settings.py"))["SHARED_DATA"]
    return folder


def measure_speed() -> list[Figure]:
    """The engine on one core, 24 markers, a million profiles; and ten million on two."""
    return speed_figures(output("-m", "reunion", "kinship", "bench", "--json"))


def speed_figures(found: Json) -> list[Figure]:
    """The output of `reunion kinship bench --json`, held against the goals."""
    single, batch, plain = (found[f"{name}_lr_per_s"] for name in ("single", "batch", "numpy"))
    times = found["compile_ms"]
    return [
        Figure("single_lr_per_s", "one family, one core", single, "LR/s").wanted(">=", 80e6),
        Figure("batch_lr_per_s", "many families, one core", batch, "LR/s").wanted(">=", 300e6),
        Figure("numpy_lr_per_s", "the same as a plain numpy sum", plain, "LR/s"),
        Figure("single_to_numpy", "one family against numpy", single / plain).wanted(">=", 4.0),
        Figure("batch_to_numpy", "many families against numpy", batch / plain).wanted(">=", 15.0),
        Figure("bit_equal", "equal to numpy bit for bit", found["bit_equal"]).wanted("=", True),
        Figure("compile_ms_duo", "compile one parent", times["duo"], "ms").wanted("<", 2.0),
        Figure("compile_ms_trio", "compile two parents", times["trio"], "ms").wanted("<", 2.0),
        Figure("compile_ms_six", "compile six relatives", times["six"], "ms").wanted("<", 30.0),
        Figure("append_us", "append 1,000 profiles", found["append_us"], "µs"),
        Figure("open_s", "open ten million profiles", found["open_s"], "s"),
        Figure("rss_mb", "memory for ten million", found["rss_mb"], "MB").wanted("<", 700.0),
        Figure("ten_million_s", "one family in ten million", found["ten_million_s"], "s").wanted(
            "<", 1.0
        ),
    ]


def measure_growth() -> list[Figure]:
    """How the time of one core grows with profiles, families and markers."""
    what = {
        "profiles": "search against profiles",
        "families": "search against families",
        "markers": "search against markers",
        "compiled": "compiling against families",
    }
    points = output("tools/growth.py")
    return [grown(name, words, points[name]) for name, words in what.items()]


def grown(name: str, what: str, points: Sequence[tuple[float, float]]) -> Figure:
    """The power of the size by which time grows: 1 is linear."""
    sizes, times = np.log(np.array(points)).T
    power = float(np.polyfit(sizes, times, 1)[0])
    figure = Figure(f"growth_{name}", what, power, "power of the size", points=tuple(points))
    return figure.wanted("<=", 1.1)


def measure_accuracy() -> list[Figure]:
    """The largest relative difference from every frozen reference case that is here."""
    files = sorted((ROOT / "tests" / "golden").glob("*/*.json"))
    files += [path for path in [shared_data() / "reference_lrs.json"] if path.is_file()]
    figures = []
    for path in files:
        cases = read_cases(path.read_text(encoding="utf-8"))
        source = path.parent.name if "golden" in path.parts else path.stem
        worst = max(largest_difference(case) for case in cases)
        what = f"{source}: {len(cases)} cases, largest difference"
        name = "largest_difference_" + re.sub(r"\W+", "_", source)
        figures.append(Figure(name, what, worst, "relative").wanted("<=", 1e-9))
    return figures


def largest_difference(case: Json) -> float:
    """The largest relative difference of a likelihood, pruned ones too."""
    worst = 0.0
    for key, extra in (("likelihood", {}), ("familias_pruned", {"familias_compatible": True})):
        if key not in case:
            continue
        found = evaluate(parse_case({**case, **extra}))["likelihood"]
        for hypothesis in ("H1", "H2"):
            for value, expected in zip(found[hypothesis], case[key][hypothesis], strict=True):
                if value != expected:
                    difference = abs(value - expected) / expected if expected else np.inf
                    worst = max(worst, difference)
    return worst


def measure_detection() -> list[Figure]:
    """Children planted among real profiles, by the tests that hold them against theory."""
    if not shared_data().is_dir():
        raise LeftOut("the real profiles are not here")
    folder = ROOT / "build" / "measured"
    for old in folder.glob("real_*.json"):
        old.unlink()
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/kinship/test_real_profiles.py"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return detection_figures(folder)


def detection_figures(folder: Path) -> list[Figure]:
    """What the tests left in `folder`; since they passed, all of it agrees with theory."""
    figures = []
    for path in sorted(folder.glob("real_*.json")):
        found = json.loads(path.read_text(encoding="utf-8"))
        name = found["name"]
        unit = "leads" if name.endswith("leads") else "share"
        goal = f"{number(found['expected'])} by theory, give or take chance"
        figures.append(Figure(name, name.replace("_", " "), found["value"], unit, goal, met=True))
    return figures


def measure_province() -> list[Figure]:
    """The main job: 500 families in a synthetic province of 200,000 people."""
    start = time.perf_counter()
    truth = output("-m", "reunion", "kinship", "province", "--json")["truth"]
    took = time.perf_counter() - start
    planted = truth["planted"]
    return [
        Figure("province_planted", "sought persons in the province", planted, "persons"),
        Figure("province_among_leads", "of them among the leads", truth["among_leads"], "persons"),
        Figure("province_at_rank_1", "of them at rank 1", truth["at_rank_1"], "persons"),
        Figure("province_strong", "leads with posterior 0.99 or more", truth["strong"], "leads"),
        Figure("province_strong_true", "of them true", truth["strong_and_true"], "leads"),
        Figure("province_s", "read, search, write; made where it is missing", took, "s"),
    ]


def measure_evidence() -> list[Figure]:
    """Exact statistics: against a real scan of unrelated people, and their time."""
    return evidence_figures(output("-m", "tools.evidence"))


def evidence_figures(found: Json) -> list[Figure]:
    """The output of `tools.evidence`, held against the goals.

    A deviation is (found - expected) / sqrt(expected); 4.5 is reached by chance once in 100,000.
    """
    relatives = found["relatives"]
    return [
        Figure("power_s", "exact power of six relatives", found["power_s"], "s").wanted("<", 0.5),
        Figure(
            "advice_s", f"whose blood next, over {relatives} relatives", found["advice_s"], "s"
        ).wanted("<", 5.0),
        Figure("chance_found", "false leads of a real scan", found["found"], "leads"),
        Figure("chance_expected", "the same by the exact law", found["expected"], "leads"),
        Figure(
            "chance_deviation",
            f"largest deviation of {found['cells']} rates",
            found["largest_deviation"],
            "standard errors",
        ).wanted("<", 4.5),
    ]


def tool(name: str, words: str, **options: Any) -> Group:
    """A group whose figures a tool of ours writes down itself; `options` are those of `Group`."""
    return Group(name, f"python -m {words}", lambda: written(*words.split()), **options)


def written(module: str, *parts: str) -> list[Figure]:
    """The figures that a tool writes, also where it ends with a status because a goal is missed.

    Raises:
        CalledProcessError: it wrote none.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "figures.json"
        words = [sys.executable, "-m", module, *parts, "--out", str(out)]
        done = subprocess.run(  # our own programs, fixed words
            words, cwd=ROOT, stdout=sys.stderr, check=False
        )
        if not out.is_file():
            raise subprocess.CalledProcessError(done.returncode, words)
        rows = json.loads(out.read_text(encoding="utf-8"))
    keys = ("name", "what", "value", "unit", "goal", "met")
    return [Figure(**{key: row[key] for key in keys}) for row in rows]


GROUPS = (
    Group("speed", "reunion kinship bench --json", measure_speed),
    Group("growth", "tools/growth.py", measure_growth),
    Group("accuracy", "tools/figures.py accuracy", measure_accuracy),
    Group("detection", "pytest tests/kinship/test_real_profiles.py", measure_detection),
    Group("evidence", "python -m tools.evidence", measure_evidence),
    Group("province", "reunion kinship province --json", measure_province),
    tool("joint", "tools.joint_figures", libraries=("reunion", "numpy", "opt_einsum")),
    tool("formats", "tools.format_figures", is_long=True),
    tool("quality", "tools.quality_figures", is_long=True),
    tool("inbox", "tools.inbox_figures", is_long=True),
    tool("packs", "tools.pack_figures", libraries=(), is_long=True),
    tool(
        "attachments",
        "tools.attachment_figures",
        libraries=("pillow", "pikepdf"),
        is_long=True,
    ),
    tool("cluster", "tools.cluster_figures", libraries=CLUSTER, is_long=True),
    tool("audit_times", "tools.audit_figures times", libraries=WEB, is_long=True),
    tool("audit_tamperings", "tools.audit_figures tamperings", libraries=WEB, is_long=True),
    tool("keys", "tools.keys_figures", libraries=WEB, is_long=True),
    tool("two_people", "tools.two_person_figures", libraries=WEB, is_long=True),
    tool("matrix", "tools.matrix", libraries=WEB, is_long=True),
    tool("site_load", "tools.site_figures load", libraries=("django",), is_long=True),
    tool("site_budget", "tools.site_figures budget", libraries=("django",), is_long=True),
    tool("storm", "tools.storm", libraries=WEB, is_long=True),
    tool("start", "tools.start_figures", libraries=WEB, is_long=True),
    tool("fuzz", "tools.fuzz", is_long=True),
)


def records(group: Group, figures: Iterable[Figure], today: date) -> list[dict[str, Json]]:
    """Figures as they are written down."""
    versions = {"python": platform.python_version()} | {
        name: version(name) for name in group.libraries
    }
    shared = {"command": group.command, "versions": versions, "date": today.isoformat()}
    return [
        {key: value for key, value in asdict(figure).items() if key != "points" or value} | shared
        for figure in figures
    ]


def machine() -> str:
    """Cores, processor family and memory of this machine, without its name."""
    parts = [f"{os.cpu_count()} cores"]
    for path, pattern, words in (
        ("/proc/cpuinfo", r"model name\s*: (.*)", "{0}"),
        ("/proc/meminfo", r"MemTotal:\s*(\d+)\d{6} kB", "{0} GB of memory"),
    ):
        text = Path(path).read_text(encoding="utf-8") if Path(path).exists() else ""
        if found := re.search(pattern, text):
            parts.append(words.format(found[1].strip()))
    return ", ".join([*parts, f"{platform.system()} {platform.machine()}"])


def page(found: Sequence[Mapping[str, Json]]) -> str:
    """The page: every figure with its goal, and whether it is met."""
    versions = sorted({f"{name} {text}" for row in found for name, text in row["versions"].items()})
    lines = [
        "# Figures",
        f"Measured by `make figures` on a machine with {machine()}; {', '.join(versions)}.",
        "This page is written by `tools/figures.py`; no value in it is typed in.",
        "",
        "| figure | value | unit | goal | met | command | date |",
        "|---|---|---|---|---|---|---|",
    ]
    words = {True: "met", False: "MISSED", None: ""}
    for row in found:
        cells = [row["what"], number(row["value"]), row["unit"], row["goal"] or ""]
        cells += [words[row["met"]], f"`{row['command']}`", row["date"]]
        lines.append("| " + " | ".join(cells) + " |")
    if any(row.get("points") for row in found):
        lines += ["", "Time of one core, and the line through its largest value and zero:", ""]
        lines.append("![Time against size](figures/growth.svg)")
    return "\n".join(lines) + "\n"


def plot(found: Sequence[Mapping[str, Json]], path: Path) -> None:
    """Time against size, one panel for each figure that has points, as SVG."""
    grown_ones = [row for row in found if row.get("points")]
    if not grown_ones:
        return
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "reunion", "font.size": 8}):
        canvas = Canvas(figsize=(7, 2 * -(-len(grown_ones) // 2)), layout="constrained")
        for at, row in enumerate(grown_ones, 1):
            sizes, times = np.array(row["points"]).T
            panel = canvas.add_subplot(-(-len(grown_ones) // 2), 2, at)
            panel.plot([0, sizes[-1]], [0, times[-1]], color="0.7", linewidth=1)
            panel.plot(sizes, times, "o", markersize=4)
            panel.set(title=row["what"], ylabel="seconds", xlim=(0, None), ylim=(0, None))
        path.parent.mkdir(parents=True, exist_ok=True)
        canvas.savefig(path, metadata={"Date": None})


def measure(groups: Iterable[Group], folder: Path, today: date) -> int:
    """Measure groups one after the other into `folder`; the exit status."""
    status = 0
    folder.mkdir(parents=True, exist_ok=True)
    for group in groups:
        print(f"{group.name}: {group.command}", file=sys.stderr)
        try:
            found = records(group, group.measure(), today)
        except LeftOut as reason:
            print(f"{group.name}: left out: {reason}", file=sys.stderr)
        except subprocess.CalledProcessError as error:
            print(f"{group.name}: failed: {error}", file=sys.stderr)
            status = 1
        else:
            text = json.dumps(found, indent=1, ensure_ascii=False)
            (folder / f"{group.name}.json").write_text(text + "\n", encoding="utf-8")
    return status


def write_page(folder: Path, documents: Path) -> None:
    """The page and its plot from every file of figures in `folder`: ours first, in our order."""
    ours = [f"{group.name}.json" for group in GROUPS]

    def place(path: Path) -> tuple[int, str]:
        return (ours.index(path.name) if path.name in ours else len(ours), path.name)

    files = sorted(folder.glob("*.json"), key=place)
    found = [row for path in files for row in json.loads(path.read_text(encoding="utf-8"))]
    plot(found, documents / "figures" / "growth.svg")
    (documents / "figures.md").write_text(page(found), encoding="utf-8")


def main() -> int:
    """Measure what was asked for, then write the page."""
    long = ", ".join(group.name for group in GROUPS if group.is_long)
    short = ", ".join(group.name for group in GROUPS if not group.is_long)
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("groups", nargs="*", help=f"{short} (these where none is named); {long}")
    names = parser.parse_args().groups or [group.name for group in GROUPS if not group.is_long]
    if unknown := set(names) - {group.name for group in GROUPS}:
        parser.error(f"no such group: {', '.join(sorted(unknown))}")
    folder = ROOT / "build" / "figures"
    today = datetime.now(UTC).date()
    status = measure([group for group in GROUPS if group.name in names], folder, today)
    write_page(folder, ROOT / "docs")
    return status


if __name__ == "__main__":
    sys.exit(main())
