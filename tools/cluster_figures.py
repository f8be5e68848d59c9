"""Measure a search on a local cluster: equal to threads to the bit, overhead, workers killed.

    python -m tools.cluster_figures [--families 1000 --profiles 5000000 --workers 2 --kills 10]

Writes build/figures/cluster.json. All tables and profiles are drawn at random; the full size takes
some ten minutes on two cores, and half a gigabyte of disk.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from reunion.kinship.book import CodeBook
from reunion.kinship.cluster import WORK, connected, search_on_cluster
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.index import Index
from reunion.kinship.scan import Hits, search
from tools.records import Record, write_records

if TYPE_CHECKING:
    from distributed import Client

LOCI, ALLELES, TOP = 24, 15, 20
OUT = Path("build/figures/cluster.json")

Row = tuple[str, float | bool, str, str | None, bool | None]


@dataclass(frozen=True)
class Sizes:
    """What is measured; `work`: least scores of one task."""

    families: int
    profiles: int
    workers: int
    kills: int
    work: int


def book() -> CodeBook:
    """24 markers of 15 alleles."""
    names = tuple(map(str, range(8, 8 + ALLELES)))
    return CodeBook(tuple(f"D{at}S1" for at in range(LOCI)), (names,) * LOCI)


def snapshot(folder: Path, profiles: int, rng: np.random.Generator) -> Index:
    """A saved index of random profiles, opened."""
    offsets = book().offsets
    codes = np.empty((profiles, LOCI), dtype=np.uint16)
    for at, (start, stop) in enumerate(pairwise(offsets.tolist())):
        codes[:, at] = rng.integers(start, stop, profiles, dtype=np.uint16)
    Index.build(book(), codes, np.arange(profiles)).save(folder)
    return Index.open(folder)


def tables(families: int, rng: np.random.Generator) -> list[FloatArray]:
    """Random tables, such that few profiles score high."""
    drawn = rng.normal(-0.4, 0.6, size=(families, book().size))
    drawn[:, book().missing_row()] = 0.0
    return list(drawn)


def warm_up(folder: Path, families: Sequence[FloatArray]) -> None:
    """Load the compiled loops, and read the snapshot."""
    search(Index.open(folder), families, top=TOP, threads=1)


def same(found: Sequence[Hits], expected: Sequence[Hits]) -> bool:
    """Whether two searches gave the same bits."""
    return len(found) == len(expected) and all(
        getattr(one, name).tobytes() == getattr(other, name).tobytes()
        for one, other in zip(found, expected, strict=True)
        for name in ("rows", "ids", "scores")
    )


def figures(sizes: Sizes, folder: Path) -> Iterator[Row]:
    """Name, value, unit, goal and whether it is met."""
    rng = np.random.default_rng(11)
    index = snapshot(folder, sizes.profiles, rng)
    families = tables(sizes.families, rng)
    warm_up(folder, families[:9])
    start = time.perf_counter()
    expected = search(index, families, top=TOP, threads=sizes.workers)
    by_threads = time.perf_counter() - start
    yield "cluster_threads_s", by_threads, "s", None, None
    start = time.perf_counter()
    with connected(workers=sizes.workers) as client:
        yield "cluster_start_s", time.perf_counter() - start, "s", None, None
        client.run(warm_up, folder, families[:9])
        start = time.perf_counter()
        found = _search(client, folder, families, sizes)
        took = time.perf_counter() - start
        equal = same(found, expected)
        yield "cluster_search_s", took, "s", None, None
        yield "cluster_overhead_share", took / by_threads - 1, "share", None, None
        yield "cluster_equal_to_the_bit", equal, "", "= yes", equal
        chance, unchanged, killed, slowest = random.Random(11), 0, 0, 0.0  # noqa: S311 # moments
        while killed < sizes.kills:
            killer = Killer(client, chance.uniform(0, took))
            start = time.perf_counter()
            found = _search(client, folder, families, sizes)
            seconds = time.perf_counter() - start
            if killer.stop() > start + seconds:
                continue  # the search had ended before the moment came
            killed += 1
            unchanged += same(found, expected)
            slowest = max(slowest, seconds)
            print(f"kill {killed} after {killer.after:.1f} s: {seconds:.1f} s", flush=True)
    if killed:
        met = unchanged == killed
        yield "cluster_kills_without_change", unchanged, "searches", f"= {killed}", met
        yield "cluster_slowest_with_a_kill_s", slowest, "s", None, None


def _search(
    client: Client, folder: Path, families: Sequence[FloatArray], sizes: Sizes
) -> list[Hits]:
    """One search on the cluster."""
    return search_on_cluster(
        client, folder, families, version=book().version, top=TOP, work=sizes.work
    )


class Killer:
    """Ends a worker, without warning, after some seconds."""

    def __init__(self, client: Client, after: float) -> None:
        self.after = after
        self._moment = math.inf
        self._pid = min(client.run(os.getpid).values())
        self._timer = threading.Timer(after, self._kill)
        self._timer.start()

    def _kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        self._moment = time.perf_counter()

    def stop(self) -> float:
        """The moment by `time.perf_counter`, infinite where it had not come."""
        self._timer.cancel()
        self._timer.join()
        return self._moment


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--families", type=int, default=1_000)
    parser.add_argument("--profiles", type=int, default=5_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--work", type=int, default=WORK, help="least scores of one task")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = vars(parser.parse_args())
    out: Path = arguments.pop("out")
    sizes = Sizes(**arguments)
    size = f"{sizes.families:,} families x {sizes.profiles:,} profiles, {sizes.workers} workers"
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, value, unit, goal, met in figures(sizes, Path(folder) / "snapshot"):
            print(f"{name}: {value:.4g} {unit} {f'(goal: {goal})' if goal else ''}", flush=True)
            what = f"{name.replace('_', ' ')}; {size}"
            rows.append(Record(what, value, unit, goal, met))
    command = "python -m tools.cluster_figures" + "".join(
        f" --{name} {value}" for name, value in arguments.items()
    )
    libraries = ("reunion", "numpy", "numba", "dask", "distributed")
    write_records(out, rows, command=command, libraries=libraries)


if __name__ == "__main__":
    main()
