"""The same search on a Dask cluster, for more than one machine holds; needs the extra `cluster`.

A task is given the path of a snapshot, a range of rows and the tables of some families; it maps the
snapshot from disk and returns a short list of hits, or the sums of LR of every `scan.CHUNK` rows.
These are added in the order of the rows, however they were cut into tasks. So a worker that dies
takes nothing along: its tasks run again elsewhere. Only what was saved is searched: whoever has
appended or deleted profiles saves the index first. Below some 1e9 scores, threads (`scan.search`)
are faster.

Every worker must see the snapshot under the same path. A worker counts mapped pages as its own
memory: start workers of a larger cluster with `--memory-limit 0`. Dask runs whatever it is sent:
guard a cluster on several machines with certificates (settings `distributed.comm.tls` of Dask); on
a machine that others may log in to, they could use a local cluster too while it is up.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from importlib.util import find_spec
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from reunion.kinship import _snapshot
from reunion.kinship.errors import ClusterFault, MissingPackage, SnapshotFault, VersionMismatch
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.index import Index
from reunion.kinship.scan import (
    CHUNK,
    Hits,
    Progress,
    joined,
    least_scores,
    lr_parts,
    search,
)
from reunion.kinship.stack import FamilyTables, checked_tables

if TYPE_CHECKING:
    from distributed import Client, Future

WORK = 300_000_000
"""Least scores of one task, about a second of one core; starting a task takes some 6 ms."""

TABLES = 64
"""Most tables in one task: 2 MB at 24 markers, as they pass through the scheduler."""

WAIT = 30
"""Seconds until a scheduler must answer and have a worker."""

PACKAGE = "reunion"
"""What every worker must have, in the version that is here."""

HIT = np.dtype([("family", "<i8"), ("row", "<i8"), ("id", "<i8"), ("score", "<f8")])
"""A hit on its way: number of the family, row and id of the profile, log10 LR."""

HitArray: TypeAlias = NDArray[np.void]

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """Some families, from number `first` on, over the rows from `start` to `stop` of a snapshot.

    `start` is a multiple of `scan.CHUNK`, and so is `stop`, but at the end of the snapshot.
    """

    folder: Path
    fingerprint: str
    start: int
    stop: int
    first: int
    tables: list[FloatArray]

    @property
    def families(self) -> slice:
        """Where its families stand among all."""
        return slice(self.first, self.first + len(self.tables))

    @property
    def scores(self) -> int:
        """How many scores it is about, a family with several populations counted once."""
        return len(self.tables) * (self.stop - self.start)


@dataclass(frozen=True, slots=True, eq=False)
class ClusterScanner:
    """The scans of `search.find_leads`, on a cluster.

    Args:
        client: from `connected`.
        folder: a snapshot of the people who are searched, under a path that every worker sees;
            its ids are their numbers, from 0.
        version: of the code book of the people.
    """

    client: Client
    folder: Path
    version: str

    def search(
        self,
        tables: Sequence[FamilyTables],
        *,
        threshold: float,
        top: int | None,
        progress: Progress,
    ) -> list[Hits]:
        """The best people for each family; see `search_on_cluster`."""
        return search_on_cluster(
            self.client,
            self.folder,
            tables,
            version=self.version,
            threshold=threshold,
            top=top,
            progress=progress,
        )

    def lr_sums(self, tables: Sequence[FamilyTables], *, progress: Progress) -> FloatArray:
        """log10 of the sum of LR over all people; see `lr_sums_on_cluster`."""
        return lr_sums_on_cluster(
            self.client, self.folder, tables, version=self.version, progress=progress
        )


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
        ClusterFault: no scheduler answers at the address, it has no worker, or one without this
            version of reunion.
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
        _check_workers(client, address)
        yield client


def _check_workers(client: Client, address: str) -> None:
    """Refuse workers that cannot do our tasks: Dask would start them again without end."""
    try:
        found = set(client.run(metadata.version, PACKAGE).values())
    except metadata.PackageNotFoundError as error:
        raise ClusterFault(address=address, reason=f"a worker lacks {PACKAGE}") from error
    own = metadata.version(PACKAGE)
    if others := ", ".join(sorted(found - {own})):
        reason = f"a worker has {PACKAGE} {others}, here is {own}"
        raise ClusterFault(address=address, reason=reason)


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
    progress: Progress | None = None,
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
        progress: told how far the search is.

    Raises:
        BadSetting: neither threshold nor top is given, or one that has no meaning.
        VersionMismatch: snapshot and tables are of different code books.
        SnapshotFault: the snapshot is not whole, or was replaced in the meantime.
        UnknownCode: the snapshot holds a code that its book does not give to the locus; the row is
            counted from the first one of its task.
        ClusterFault: a task took several workers along with it, or the scheduler went away.
        ValueError: a table of another shape or dtype, or with a NaN.
    """
    tasks = _tasks(folder, tables, version, work)
    least = least_scores(len(tables), threshold, top)
    jobs = [(task, least[task.families], top) for task in tasks]
    parts = [hits for _, hits in _done(client, _hits_of, jobs, progress)]
    return _merged([np.empty(0, dtype=HIT), *parts], len(tables), top)


def lr_sums_on_cluster(
    client: Client,
    folder: Path,
    tables: Sequence[FamilyTables],
    *,
    version: str,
    work: int = WORK,
    progress: Progress | None = None,
) -> FloatArray:
    """log10 of the sum of LR over all profiles of a snapshot: the same bits as `scan.lr_sums`.

    Args:
        client: from `connected`.
        folder: the snapshot, under a path that every worker sees.
        tables: of each family; the least total over its populations counts.
        version: of the code book of the tables.
        work: least scores of one task, where there are so many; it changes no bit.
        progress: told how far it is.

    Returns:
        float64 (n_families,), log10; -inf where everybody is excluded.

    Raises:
        KinshipError: whatever `search_on_cluster` refuses.
    """
    tasks = _tasks(folder, tables, version, work)
    steps = -(-max((task.stop for task in tasks), default=0) // CHUNK)
    highest, totals = np.empty((2, steps, len(tables)), dtype=np.float64)
    jobs = [(task,) for task in tasks]
    for task, (own_highest, own_totals) in _done(client, _parts_of, jobs, progress):
        first = task.start // CHUNK
        place = slice(first, first + len(own_totals)), task.families
        highest[place], totals[place] = own_highest, own_totals
    return joined(highest, totals)


def _tasks(folder: Path, tables: Sequence[FamilyTables], version: str, work: int) -> list[_Task]:
    """Tasks of some `work` scores, which together are all families over all rows of a snapshot."""
    content = _snapshot.read(folder, verify=False)
    if content.book.version != version:
        raise VersionMismatch(what="a table", found=version, expected=content.book.version)
    size, profiles = content.book.size, len(content.ids)
    families = [checked_tables(family, size, at) for at, family in enumerate(tables)]
    batches = list(_batches(families))
    heaviest = max((sum(map(len, families[batch])) for batch in batches), default=1)
    steps = -(-profiles // CHUNK)
    pieces = max(1, min(steps, profiles * heaviest // work))
    cuts = np.minimum(np.linspace(0, steps, pieces + 1).astype(int) * CHUNK, profiles).tolist()
    folder, fingerprint = folder.absolute(), content.fingerprint
    # Rows outside, so that the workers read a part of the snapshot for all families in one go.
    return [
        _Task(folder, fingerprint, start, stop, batch.start, families[batch])
        for start, stop in pairwise(cuts)
        for batch in batches
    ]


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


def _done(
    client: Client,
    function: Callable[..., Part],
    jobs: Sequence[tuple[_Task, *tuple[object, ...]]],
    progress: Progress | None,
) -> Iterator[tuple[_Task, Part]]:
    """What `function` gives for every task, as it comes; few wait at the scheduler at any time."""
    from distributed import CancelledError, KilledWorker, wait

    pending: dict[Future, _Task] = {}
    left, done, total = iter(jobs), 0, sum(task.scores for task, *_ in jobs)
    try:
        while True:
            room = max(4, 2 * sum(client.nthreads().values())) - len(pending)
            for job in islice(left, max(0, room)):
                pending[client.submit(function, *job, pure=False, retries=3)] = job[0]
            if not pending:
                return
            for future in wait(list(pending), return_when="FIRST_COMPLETED").done:
                task = pending.pop(future)
                yield task, future.result()
                done += task.scores
                if progress is not None:
                    progress(done, total)
    except (CancelledError, KilledWorker, OSError) as error:
        address = client.scheduler.address
        reason = f"it did not finish ({type(error).__name__}: {error})"
        raise ClusterFault(address=address, reason=reason) from error
    finally:
        client.cancel(list(pending))


def _hits_of(task: _Task, least: FloatArray, top: int | None) -> HitArray:
    """What a worker does: scan its rows on one thread; `least`: of each family."""
    rows = _rows(task.folder, task.fingerprint, task.start, task.stop)
    found = search(rows, task.tables, threshold=least, top=top, threads=1)
    return packed(found, first=task.first, first_row=task.start)


def _parts_of(task: _Task) -> tuple[FloatArray, FloatArray]:
    """What a worker does: sum LR over its rows on one thread."""
    rows = _rows(task.folder, task.fingerprint, task.start, task.stop)
    return lr_parts(rows, task.tables, threads=1)


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
