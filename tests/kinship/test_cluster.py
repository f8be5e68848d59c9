"""A search on a cluster gives the bits of a search in threads, whatever happens to the workers."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from reunion.kinship import cluster
from reunion.kinship.cluster import WORK, connected, lr_sums_on_cluster, search_on_cluster
from reunion.kinship.errors import (
    BadSetting,
    ClusterFault,
    KinshipError,
    MissingPackage,
    ResultsFault,
    SnapshotFault,
    VersionMismatch,
)
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.index import Index
from reunion.kinship.results import read_results, search_all
from reunion.kinship.scan import CHUNK, Hits, lr_sums, search
from tests.kinship.test_scan import book, people, tables

if TYPE_CHECKING:
    from distributed import Client

VERSION = book().version
PROFILES = 3 * CHUNK + 4_000
"""The rows of up to four tasks."""

needs_dask = pytest.mark.skipif(
    find_spec("distributed") is None, reason="the extra `cluster` (Dask) is not installed"
)


def saved(folder: Path, *, seed: int = 1) -> Path:
    """A snapshot whose profiles came in any order."""
    rng = np.random.default_rng(seed)
    ids = rng.permutation(3 * PROFILES)[:PROFILES]
    Index.build(book(), people(rng, PROFILES), ids).save(folder)
    return folder


def families() -> list[FloatArray]:
    """Families with one, two and three populations, more than one task takes."""
    rng = np.random.default_rng(2)
    return [*tables(rng, 70, 1), *tables(rng, 40, 2), *tables(rng, 1, 3)]


def bits(found: list[Hits]) -> list[tuple[bytes, bytes, bytes]]:
    return [(own.rows.tobytes(), own.ids.tobytes(), own.scores.tobytes()) for own in found]


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Two workers on this machine."""
    with connected(workers=2) as client:
        yield client


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(tmp_path_factory.mktemp("cluster") / "snapshot")


@needs_dask
@pytest.mark.parametrize(
    ("threshold", "top"), [(None, 5), (8.0, None), (5.0, 3)], ids=["top", "threshold", "both"]
)
def test_the_hits_are_those_of_threads_bit_for_bit(
    client: Client, snapshot: Path, threshold: float | None, top: int | None
) -> None:
    found = search_on_cluster(
        client,
        snapshot,
        families(),
        version=VERSION,
        threshold=threshold,
        top=top,
        work=1_000_000,
    )
    expected = search(Index.open(snapshot), families(), threshold=threshold, top=top)
    assert sum(map(len, expected)) > 0
    assert bits(found) == bits(expected)


@needs_dask
@pytest.mark.parametrize("work", [1, 10_000_000, WORK], ids=["four tasks", "some", "one"])
def test_sums_of_lr_are_those_of_threads_bit_for_bit_however_they_are_cut(
    client: Client, snapshot: Path, work: int
) -> None:
    nobody = np.full(book().size, -np.inf)
    own = [*families(), nobody]
    told: list[tuple[int, int]] = []
    found = lr_sums_on_cluster(
        client,
        snapshot,
        own,
        version=VERSION,
        work=work,
        progress=lambda done, total: told.append((done, total)),
    )
    assert found.tobytes() == lr_sums(Index.open(snapshot), own).tobytes()
    assert found[-1] == -np.inf
    # A family alone is added in the same order too.
    (alone,) = lr_sums_on_cluster(client, snapshot, own[:1], version=VERSION, work=work)
    assert alone == found[0]
    assert told == sorted(told)
    assert told[-1] == (len(own) * PROFILES,) * 2


@needs_dask
def test_each_family_may_have_a_threshold_of_its_own(client: Client, snapshot: Path) -> None:
    least = np.linspace(5, 9, len(families()))
    found = search_on_cluster(client, snapshot, families(), version=VERSION, threshold=least)
    assert bits(found) == bits(search(Index.open(snapshot), families(), threshold=least))


@needs_dask
def test_only_what_was_saved_is_searched(client: Client, tmp_path: Path) -> None:
    folder = saved(tmp_path / "snapshot")
    index, own = Index.open(folder), families()[:3]
    before = bits(search(index, own, top=4))
    best = search(index, own, top=1)[0].ids
    index.delete(best)
    index.append(people(np.random.default_rng(8), 9_000), np.arange(900_000, 909_000))
    assert bits(search_on_cluster(client, folder, own, version=VERSION, top=4)) == before
    index.save(folder)
    found = search_on_cluster(client, folder, own, version=VERSION, top=4, work=30_000)
    assert bits(found) == bits(search(Index.open(folder), own, top=4)) != before
    assert best[0] not in found[0].ids


@needs_dask
def test_nobody_is_found_among_nobody(client: Client, tmp_path: Path) -> None:
    index = Index.build(book(), people(np.random.default_rng(1), 0), np.empty(0, dtype=np.int64))
    index.save(tmp_path / "empty")
    assert search_on_cluster(client, tmp_path / "empty", [], version=VERSION, top=1) == []
    assert len(lr_sums_on_cluster(client, tmp_path / "empty", [], version=VERSION)) == 0
    sums = lr_sums_on_cluster(client, tmp_path / "empty", families()[:2], version=VERSION)
    assert sums.tolist() == [-np.inf] * 2
    (found,) = search_on_cluster(client, tmp_path / "empty", families()[:1], version=VERSION, top=1)
    assert len(found) == 0


@needs_dask
def test_workers_killed_in_mid_search_change_nothing(client: Client, snapshot: Path) -> None:
    killed = threading.Event()

    def kill() -> None:
        time.sleep(0.3)
        os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
        killed.set()

    killer = threading.Thread(target=kill)
    killer.start()
    rounds: set[tuple[object, ...]] = set()
    while not (rounds and killed.is_set()):
        found = search_on_cluster(
            client, snapshot, families(), version=VERSION, top=5, work=100_000
        )
        sums = lr_sums_on_cluster(client, snapshot, families(), version=VERSION, work=100_000)
        rounds.add((*bits(found), sums.tobytes()))
    killer.join()
    index = Index.open(snapshot)
    expected = search(index, families(), top=5), lr_sums(index, families())
    assert rounds == {(*bits(expected[0]), expected[1].tobytes())}


@needs_dask
def test_everything_of_a_local_cluster_is_on_this_machine_only(client: Client) -> None:
    addresses = [client.scheduler.address, *client.nthreads(), *client.run(http_address).values()]
    addresses.append(client.run_on_scheduler(http_address))
    assert all("127.0.0.1" in address for address in addresses)


def http_address(dask_worker: object = None, dask_scheduler: object = None) -> str:
    """Where a worker or the scheduler tells of its health."""
    node = dask_worker or dask_scheduler
    return str(node.http_server.address)  # type: ignore[attr-defined] # of Dask, without types


@needs_dask
def test_a_search_that_was_interrupted_goes_on_where_it_stopped(
    client: Client, snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results, runs = tmp_path / "results", []

    def interrupted(*args: object, **kwargs: object) -> list[Hits]:
        runs.append(args)
        if len(runs) == 3:
            raise KeyboardInterrupt
        return search_on_cluster(*args, **kwargs)  # type: ignore[arg-type] # handed on

    with monkeypatch.context() as patch:
        patch.setattr("reunion.kinship.results.search_on_cluster", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run_all(client, snapshot, results)
    with pytest.raises(ResultsFault, match=r"batch-000002\.npy is missing"):
        list(read_results(results))
    assert run_all(client, snapshot, results) == 2
    assert run_all(client, snapshot, results) == 0
    expected = search(Index.open(snapshot), families(), top=5)
    assert bits(list(read_results(results))) == bits(expected)


def run_all(
    client: Client, snapshot: Path, results: Path, *, top: int = 5, least: float = -50.0
) -> int:
    """All families, in batches of 30."""
    return search_all(
        client,
        snapshot,
        families(),
        results,
        version=VERSION,
        threshold=least,
        top=top,
        together=30,
    )


@needs_dask
def test_a_folder_of_another_search_is_refused(
    client: Client, snapshot: Path, tmp_path: Path
) -> None:
    results = tmp_path / "results"
    run_all(client, snapshot, results)
    with pytest.raises(ResultsFault, match="other top"):
        run_all(client, snapshot, results, top=6)
    with pytest.raises(ResultsFault, match="other tables"):
        run_all(client, snapshot, results, least=2.0)
    with pytest.raises(ResultsFault, match="other snapshot"):
        run_all(client, saved(tmp_path / "snapshot", seed=3), results)
    with pytest.raises(ResultsFault, match="other files"):
        run_all(client, snapshot, tmp_path)


@needs_dask
def test_a_damaged_result_is_named(client: Client, snapshot: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    run_all(client, snapshot, results)
    (results / "batch-000001.npy").write_bytes(b"")
    with pytest.raises(ResultsFault, match=r"batch-000001\.npy is damaged"):
        list(read_results(results))


@needs_dask
def test_what_cannot_be_searched_is_refused_before_the_start(
    client: Client, snapshot: Path
) -> None:
    with pytest.raises(VersionMismatch):
        search_on_cluster(client, snapshot, families(), version="another", top=1)
    with pytest.raises(BadSetting):
        search_on_cluster(client, snapshot, families(), version=VERSION)
    with pytest.raises(ValueError, match="family 0"):
        search_on_cluster(client, snapshot, [np.zeros(3)], version=VERSION, top=1)


@needs_dask
def test_a_snapshot_that_is_replaced_in_mid_search_is_refused(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = saved(tmp_path / "snapshot")
    submit = client.submit

    def replaced(*args: object, **kwargs: object) -> object:
        saved(folder, seed=4)
        return submit(*args, **kwargs)

    monkeypatch.setattr(client, "submit", replaced)
    with pytest.raises(SnapshotFault, match="replaced"):
        search_on_cluster(client, folder, families()[:1], version=VERSION, top=1)


@needs_dask
def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "WAIT", 0.5)
    with (
        pytest.raises(ClusterFault, match=r"tcp://127\.0\.0\.1:9: "),
        connected("tcp://127.0.0.1:9"),
    ):
        pass


@needs_dask
def test_a_scheduler_without_a_worker_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "WAIT", 0.5)
    with (
        connected(workers=0) as client,
        pytest.raises(ClusterFault, match="it has no worker"),
        connected(client.scheduler.address),
    ):
        pass


@needs_dask
def test_workers_without_this_version_are_named(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = client.scheduler.address
    with monkeypatch.context() as patch:
        patch.setattr(cluster, "PACKAGE", "no_such_package")
        with pytest.raises(ClusterFault, match="a worker lacks no_such"), connected(address):
            pass
    monkeypatch.setattr("distributed.Client.run", lambda *_: {"tcp://10.0.0.6:1": "0.0.9"})
    with (
        pytest.raises(ClusterFault, match=r"a worker has reunion 0\.0\.9, here is"),
        connected(address),
    ):
        pass


def test_a_missing_dask_is_named_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda _name: None)
    with pytest.raises(MissingPackage, match=r"dask.*reunion\[cluster\]"), connected():
        pass


def test_nothing_of_dask_is_imported_before_it_is_needed() -> None:
    code = "import sys, reunion.kinship.results; sys.exit('dask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_errors_come_back_from_a_worker_as_they_were() -> None:
    error = pickle.loads(pickle.dumps(SnapshotFault(folder="f", file="g", reason="h")))  # noqa: S301 # our own
    assert isinstance(error, KinshipError)
    assert error.fields == {"folder": "f", "file": "g", "reason": "h"}
