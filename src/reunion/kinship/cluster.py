"""The same search on a Dask cluster, for more than one machine holds; needs the extra `cluster`.

A task is given the path of a snapshot, a range of rows and the tables of some families; it maps the
snapshot from disk and returns a short list of hits. So a worker that dies takes nothing along: its
tasks run again elsewhere. Only what was saved is searched: whoever has appended or deleted profiles
saves the index first. Below some 1e9 scores, threads (`scan.search`) are faster.

Every worker must see the snapshot under the same path. A worker counts mapped pages as its own
memory: start workers of a larger cluster with `--memory-limit 0`. Dask runs whatever it is sent:
guard a cluster on several machines with certificates (settings `distributed.comm.tls` of Dask); on
a machine that others may log in to, they could use a local cluster too while it is up.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reunion.kinship import _snapshot
from reunion.kinship.errors import ClusterFault, MissingPackage, SnapshotFault, VersionMismatch
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.index import Index
from reunion.kinship.scan import Hits, least_scores, search
from reunion.kinship.stack import FamilyTables, checked_tables

if TYPE_CHECKING:
    from distributed import Client, Future

WORK = 300_000_000
"""Least scores of one task, about a second of one core; starting a task takes some 6 ms."""

TABLES = 64
"""Most tables in one task: 2 MB at 24 markers, as they pass through the scheduler."""

WAIT = 30
"""Seconds until a scheduler must answer and have a worker."""

HIT = np.dtype([("family", "<i8"), ("row", "<i8"), ("id", "<i8"), ("score", "<f8")])
"""A hit on its way: number of the family, row and id of the profile, log10 LR."""

HitArray: TypeAlias = NDArray[np.void]


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """Some families over the rows from `start` to `stop` of a snapshot.

    `first` is the number of the first family; `least`: float64, the least score of each family.
    """

    folder: Path
    fingerprint: str
    start: int
    stop: int
    first: int
    tables: list[FloatArray]
    least: FloatArray
    top: int | None


@contextmanager
def connected(
    address: str | None = None, *, workers: int = 2, threads: int = 1
) -> Generator[Client, None, None]:
    """A connection to a cluster; one on this machine goes when the connection is closed.

    A program that starts a local cluster needs `if __name__ == "__main__":`, as its workers import
    it. All addresses of a local cluster are on 127.0.0.1, and there is no dashboard.

    Args:
        address: of the scheduler, such as tcp://10.0.0.5:8786; None: a cluster on this machine.
        workers: processes of a local cluster; a process that dies is started again.
        threads: tasks that a process of a local cluster does side by side.

    Raises:
        MissingPackage: the extra `cluster` is not installed.
        ClusterFault: no scheduler answers at the address, or it has no worker.
    """
    for package in ("dask", "distributed"):
        if find_spec(package) is None:
            raise MissingPackage(package=package, what="a search on a cluster", extra="cluster")
    from distributed import Client

    if address is None:
        with _local(workers, threads) as address, Client(address) as client:
            yield client
        return
    try:
        client = Client(address, timeout=WAIT)
    except (OSError, ValueError) as error:
        raise ClusterFault(address=address, reason=f"no scheduler answers ({error})") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=WAIT)
        except TimeoutError as error:
            raise ClusterFault(address=address, reason="it has no worker") from error
        yield client


@contextmanager
def _local(workers: int, threads: int) -> Iterator[str]:
    """The address of a cluster on this machine."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=workers,
        threads_per_worker=threads,
        processes=True,
        host="127.0.0.1",
        memory_limit=0,  # mapped pages count as memory, and the kernel takes them back on its own
        dashboard_address=None,
        # Dask opens a port for its health page anyway: a free one, on this machine only.
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
    ) as cluster:
        yield cluster.scheduler_address


def search_on_cluster(
    client: Client,
    folder: Path,
    tables: Sequence[FamilyTables],
    *,
    version: str,
    threshold: float | Sequence[float] | FloatArray | None = None,
    top: int | None = None,
    work: int = WORK,
) -> list[Hits]:
    """The best profiles of a snapshot for each family: the same bits as `scan.search` gives.

    Args:
        client: from `connected`.
        folder: the snapshot, under a path that every worker sees.
        tables: of each family; the least total over its populations counts.
        version: of the code book of the tables.
        threshold: least score of a hit, log10 LR; one for all families, or one for each.
        top: at most so many hits per family.
        work: least scores of one task, where there are so many.

    Raises:
        BadSetting: neither threshold nor top is given, or one that has no meaning.
        VersionMismatch: snapshot and tables are of different code books.
        SnapshotFault: the snapshot is not whole, or was replaced in the meantime.
        UnknownCode: the snapshot holds a code that its book does not give to the locus; the row is
            counted from the first one of its task.
        ClusterFault: a task took several workers along with it, or the scheduler went away.
        ValueError: a table of another shape or dtype, or with a NaN.
    """
    content = _snapshot.read(folder, verify=False)
    if content.book.version != version:
        raise VersionMismatch(what="a table", found=version, expected=content.book.version)
    least = least_scores(len(tables), threshold, top)
    size = content.book.size
    families = [checked_tables(family, size, at) for at, family in enumerate(tables)]
    batches = list(_batches(families))
    heaviest = max((sum(map(len, families[batch])) for batch in batches), default=1)
    profiles = len(content.ids)
    cuts = np.linspace(0, profiles, max(1, profiles * heaviest // work) + 1).astype(int).tolist()
    # Rows outside, so that the workers read a part of the snapshot for all families in one go.
    tasks = (
        _Task(
            folder.absolute(),
            content.fingerprint,
            start,
            stop,
            batch.start,
            families[batch],
            least[batch],
            top,
        )
        for start, stop in pairwise(cuts)
        for batch in batches
    )
    return _merged([np.empty(0, dtype=HIT), *_done(client, tasks)], len(families), top)


def _batches(families: Sequence[FloatArray]) -> Iterator[slice]:
    """Families of one task each, with at most `TABLES` tables, or one family alone."""
    start, count = 0, 0
    for at, family in enumerate(families):
        if at > start and count + len(family) > TABLES:
            yield slice(start, at)
            start, count = at, 0
        count += len(family)
    if families:
        yield slice(start, len(families))


def _done(client: Client, tasks: Iterator[_Task]) -> Iterator[HitArray]:
    """The hits of every task, as they come; few tasks wait at the scheduler at any time."""
    from distributed import CancelledError, KilledWorker, wait

    pending: set[Future] = set()
    try:
        while True:
            room = max(4, 2 * sum(client.nthreads().values())) - len(pending)
            for task in islice(tasks, max(0, room)):
                pending.add(client.submit(_hits_of, task, pure=False, retries=3))
            if not pending:
                return
            done, pending = wait(pending, return_when="FIRST_COMPLETED")
            for future in done:
                yield future.result()
    except (CancelledError, KilledWorker, OSError) as error:
        address = client.scheduler.address
        reason = f"it did not finish ({type(error).__name__}: {error})"
        raise ClusterFault(address=address, reason=reason) from error
    finally:
        client.cancel(list(pending))


def _hits_of(task: _Task) -> HitArray:
    """What a worker does: scan its rows on one thread."""
    rows = _rows(task.folder, task.fingerprint, task.start, task.stop)
    found = search(rows, task.tables, threshold=task.least, top=task.top, threads=1)
    return packed(found, first=task.first, first_row=task.start)


@lru_cache(maxsize=8)
def _rows(folder: Path, fingerprint: str, start: int, stop: int) -> Index:
    """Rows of a snapshot as an index, mapped; its codes are checked once for many families."""
    content = _snapshot.read(folder, verify=False)
    if content.fingerprint != fingerprint:
        raise SnapshotFault(folder=folder, file=_snapshot.MANIFEST, reason="it was replaced")
    return Index(
        content.book,
        content.codes[start:stop],
        content.ids[start:stop],
        last_sequence=content.last_sequence,
        is_checked=False,
    )


def _merged(parts: Sequence[HitArray], families: int, top: int | None) -> list[Hits]:
    """The hits of each family, best first, equal scores by id."""
    hits = np.concatenate(parts)
    hits = hits[np.lexsort((hits["id"], -hits["score"], hits["family"]))]
    return [
        Hits(own.rows[:top], own.ids[:top], own.scores[:top]) for own in unpacked(hits, families)
    ]


def packed(found: Sequence[Hits], *, first: int, first_row: int = 0) -> HitArray:
    """Hits of families from number `first` on as one array, their rows counted from the start."""
    hits = np.empty(sum(map(len, found)), dtype=HIT)
    start = 0
    for at, own in enumerate(found, first):
        part = hits[start : start + len(own)]
        part["family"], part["row"] = at, own.rows + first_row
        part["id"], part["score"] = own.ids, own.scores
        start += len(own)
    return hits


def unpacked(hits: HitArray, families: int, *, first: int = 0) -> list[Hits]:
    """The hits of each of so many families from number `first` on; they are in that order."""
    cuts = np.searchsorted(hits["family"], np.arange(first, first + families + 1))
    parts = (hits[start:stop] for start, stop in pairwise(cuts.tolist()))
    return [Hits(own["row"].copy(), own["id"].copy(), own["score"].copy()) for own in parts]
