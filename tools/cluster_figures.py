"""Measure a search on a cluster: equal to threads to the bit, overhead, workers killed.

    python -m tools.cluster_figures [--families 1000 --profiles 5000000 --workers 2 --kills 10]

Writes build/figures/cluster.json. A search is hits and sums of LR; it is done on a cluster of this
machine and, where the machine allows it (root, `ip` of iproute2), with each worker in a network
namespace of its own. All tables and profiles are drawn at random; the full size takes some half an
hour on two cores, and half a gigabyte of disk.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from reunion.kinship.book import CodeBook
from reunion.kinship.cluster import (
    WORK,
    connected,
    lr_sums_on_cluster,
    search_on_cluster,
)
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.index import Index
from reunion.kinship.scan import Hits, lr_sums, search
from tools.namespaces import Network, Refused, namespaces
from tools.records import Record, write_records

if TYPE_CHECKING:
    from distributed import Client

LOCI, ALLELES, TOP = 24, 15, 20
ROUNDS = 3
KILLS_APART = 3
"""Most kills of workers in network namespaces."""

OUT = Path("build/figures/cluster.json")
OWN = Path("/proc/self/ns/net")
"""What tells the network namespace of a process."""

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


def snapshot(folder: Path, profiles: int, rng: np.random.Generator) -> None:
    """A saved index of random profiles."""
    offsets = book().offsets
    codes = np.empty((profiles, LOCI), dtype=np.uint16)
    for at, (start, stop) in enumerate(pairwise(offsets.tolist())):
        codes[:, at] = rng.integers(start, stop, profiles, dtype=np.uint16)
    Index.build(book(), codes, np.arange(profiles)).save(folder)


def tables(families: int, rng: np.random.Generator) -> list[FloatArray]:
    """Random tables, such that few profiles score high."""
    drawn = rng.normal(-0.4, 0.6, size=(families, book().size))
    drawn[:, book().missing_row()] = 0.0
    return list(drawn)


@dataclass(frozen=True)
class Found:
    """What a search gives: the hits and the sum of LR of each family."""

    hits: list[Hits]
    sums: FloatArray

    def bits(self) -> list[bytes]:
        """All of it, to the last bit."""
        names = ("rows", "ids", "scores")
        hits = [getattr(own, name).tobytes() for own in self.hits for name in names]
        return [*hits, self.sums.tobytes()]


@dataclass(frozen=True)
class Job:
    """What is searched, and the bits that threads found."""

    folder: Path
    families: Sequence[FloatArray]
    sizes: Sizes
    expected: list[bytes]

    def run(self, client: Client) -> tuple[bool, float]:
        """One search on a cluster: whether it gives the bits of the threads, and its seconds."""
        start = time.perf_counter()
        hits = search_on_cluster(
            client,
            self.folder,
            self.families,
            version=book().version,
            top=TOP,
            work=self.sizes.work,
        )
        sums = lr_sums_on_cluster(
            client, self.folder, self.families, version=book().version, work=self.sizes.work
        )
        seconds = time.perf_counter() - start
        return Found(hits, sums).bits() == self.expected, seconds


def by_threads(folder: Path, families: Sequence[FloatArray], threads: int) -> Found:
    """The same search in threads."""
    index = Index.open(folder)
    return Found(
        search(index, families, top=TOP, threads=threads),
        lr_sums(index, families, threads=threads),
    )


def figures(sizes: Sizes, folder: Path) -> Iterator[Row]:
    """Name, value, unit, goal and whether it is met."""
    rng = np.random.default_rng(11)
    snapshot(folder, sizes.profiles, rng)
    families = tables(sizes.families, rng)
    by_threads(folder, families[:9], 1)  # loads the compiled loops, and reads the snapshot
    expected = by_threads(folder, families, sizes.workers).bits()
    job = Job(folder, families, sizes, expected)
    start = time.perf_counter()
    with connected(workers=sizes.workers) as client:
        yield "start of the cluster", time.perf_counter() - start, "s", None, None
        client.run(by_threads, folder, families[:9], 1)
        in_threads, took, equal = math.inf, math.inf, True
        for _ in range(ROUNDS):  # in turn, as other programs may be at work
            start = time.perf_counter()
            by_threads(folder, families, sizes.workers)
            in_threads = min(in_threads, time.perf_counter() - start)
            same, seconds = job.run(client)
            equal, took = equal and same, min(took, seconds)
        yield f"threads, best of {ROUNDS}", in_threads, "s", None, None
        yield f"cluster, best of {ROUNDS}", took, "s", None, None
        yield "overhead of the cluster", took / in_threads - 1, "share of threads", None, None
        yield "hits and sums of LR equal to the bit", equal, "", "= yes", equal
        yield from kills(job, client, took, sizes.kills)
    yield from across_namespaces(job)


def kills(job: Job, client: Client, took: float, wanted: int) -> Iterator[Row]:
    """Searches in which a worker is killed at a random moment; `took`: seconds of one without."""
    chance, unchanged, killed, slowest = random.Random(11), 0, 0, 0.0  # noqa: S311 # moments
    while killed < wanted:
        killer = Killer(client, chance.uniform(0, took))
        start = time.perf_counter()
        equal, seconds = job.run(client)
        if killer.stop() > start + seconds:
            continue  # the search had ended before the moment came
        killed += 1
        unchanged += equal
        slowest = max(slowest, seconds)
        print(f"kill {killed} after {killer.after:.1f} s: {seconds:.1f} s", flush=True)
    if killed:
        goal, met = f"= {killed}", unchanged == killed
        yield "unchanged with a worker killed (SIGKILL)", unchanged, "searches", goal, met
        yield "slowest with a worker killed", slowest, "s", None, None


def across_namespaces(job: Job) -> Iterator[Row]:
    """The same with each worker in a network namespace of its own, where the machine allows it."""
    where = "each worker in a network namespace of its own"
    try:
        with namespaces(job.sizes.workers) as network, workers_in(network) as client:
            apart = set(client.run(os.readlink, OWN).values())
            separate = len(apart - {str(OWN.readlink())}) == job.sizes.workers
            client.run(by_threads, job.folder, job.families[:9], 1)
            equal, took = job.run(client)
            yield f"{where}: they are apart", separate, "", "= yes", separate
            yield f"{where}: search and sums", took, "s", None, None
            yield f"{where}: equal to the bit", equal, "", "= yes", equal
            for row in kills(job, client, took, min(job.sizes.kills, KILLS_APART)):
                yield f"{where}: {row[0]}", *row[1:]
    except Refused as refused:
        yield f"{where}: not allowed on this machine ({refused})", False, "", None, None


@contextmanager
def workers_in(network: Network) -> Iterator[Client]:
    """A cluster: the scheduler here, on the bridge, and a worker in each namespace."""
    from distributed import LocalCluster

    options = {"dashboard_address": "127.0.0.1:0"}
    with (
        LocalCluster(
            n_workers=0, host=network.host, dashboard_address=None, scheduler_kwargs=options
        ) as scheduler,
        ExitStack() as workers,
    ):
        address = scheduler.scheduler_address
        for name, host in network.guests.items():
            words = ["worker", address, "--host", host, "--nthreads", "1", "--no-dashboard"]
            command = [sys.executable, "-m", "dask", *words, "--memory-limit", "0"]
            inside = network.inside(name, command)
            workers.callback(ended, subprocess.Popen(inside))  # a worker of ours
        with connected(address) as client:
            client.wait_for_workers(len(network.guests), timeout=60)
            yield client


def ended(process: subprocess.Popen[bytes]) -> None:
    """Let a worker end, by force where it does not."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


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
            what = f"{name}; {size}"
            rows.append(Record(what, value, unit, goal, met))
    command = "python -m tools.cluster_figures" + "".join(
        f" --{name} {value}" for name, value in arguments.items()
    )
    libraries = ("reunion", "numpy", "numba", "dask", "distributed")
    write_records(out, rows, command=command, libraries=libraries)


if __name__ == "__main__":
    main()
