"""A long search on a cluster, such as of all families against everybody, that can be resumed.

Each finished batch of families is a file in a folder of results, beside a manifest that says of
which search they are; a second run does what is missing.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from reunion.kinship import _snapshot
from reunion.kinship.cluster import HIT, WORK, HitArray, packed, search_on_cluster, unpacked
from reunion.kinship.errors import ResultsFault, SnapshotFault
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.scan import Hits, least_scores
from reunion.kinship.stack import FamilyTables, checked_tables

if TYPE_CHECKING:
    from distributed import Client

MANIFEST = "manifest.json"
TOGETHER = 1_024
"""Families of one batch: some 30 tasks at ten million profiles, so that the last ones, for which
workers wait, are few."""


@dataclass(frozen=True, slots=True)
class _Job:
    """What makes two searches the same: it stands in the manifest.

    `snapshot` is the hash of its content, `tables` that of all tables and thresholds.
    """

    format: int
    snapshot: str
    version: str
    tables: str
    families: int
    together: int
    top: int | None


def search_all(
    client: Client,
    folder: Path,
    tables: Sequence[FamilyTables],
    results: Path,
    *,
    version: str,
    threshold: float | Sequence[float] | FloatArray | None = None,
    top: int | None = None,
    together: int = TOGETHER,
    work: int = WORK,
) -> int:
    """Search for all families, batch by batch, and leave the hits in a folder of results.

    Args:
        client: from `cluster.connected`.
        folder: the snapshot, under a path that every worker sees.
        tables: of each family; each is asked for twice, so it may be read from disk when it is.
        results: where the hits go; made where it is missing. What is there already is not
            searched again.
        version: of the code book of the tables.
        threshold: least score of a hit, log10 LR; one for all families, or one for each.
        top: at most so many hits per family.
        together: families of one batch.
        work: least scores of one task, where there are so many.

    Returns:
        Number of batches that were searched now; the others were there.

    Raises:
        ResultsFault: the folder holds something else, or another run is at work in it.
        SnapshotFault: the snapshot is not whole, or was replaced in the meantime.
        KinshipError: whatever else `search_on_cluster` refuses.
    """
    content = _snapshot.read(folder, verify=False)
    least = least_scores(len(tables), threshold, top)
    digest = hashlib.sha256(least.tobytes())
    for at, family in enumerate(tables):
        array = checked_tables(family, content.book.size, at)
        digest.update(str(len(array)).encode())
        digest.update(np.ascontiguousarray(array).data)
    job = _Job(
        format=1,
        snapshot=content.fingerprint,
        version=version,
        tables=digest.hexdigest(),
        families=len(tables),
        together=together,
        top=top,
    )
    searched = 0
    with _opened(results, job):
        for start in range(0, len(tables), together):
            path = _batch(results, start // together)
            if path.exists():
                continue
            batch = slice(start, start + together)
            found = search_on_cluster(
                client,
                folder,
                tables[batch],
                version=version,
                threshold=least[batch],
                top=top,
                work=work,
            )
            if _snapshot.read(folder, verify=False).fingerprint != job.snapshot:
                raise SnapshotFault(folder=folder, file=MANIFEST, reason="it was replaced")
            data = io.BytesIO()
            np.save(data, packed(found, first=start), allow_pickle=False)
            _write(path, data.getvalue())
            searched += 1
    return searched


def read_results(results: Path) -> Iterator[Hits]:
    """The hits of each family, in their order, read batch by batch.

    Raises:
        ResultsFault: the search has not ended, or a file is damaged.
    """
    job = _read_manifest(results)
    if job is None:
        raise ResultsFault(folder=results, reason=f"it has no {MANIFEST}")
    for start in range(0, job.families, job.together):
        path = _batch(results, start // job.together)
        try:
            hits: HitArray = np.load(path, allow_pickle=False)
        except FileNotFoundError as error:
            reason = f"{path.name} is missing: run the search again, it does what is missing"
            raise ResultsFault(folder=results, reason=reason) from error
        except (ValueError, EOFError) as error:
            reason = f"{path.name} is damaged ({error}): delete it and run the search again"
            raise ResultsFault(folder=results, reason=reason) from error
        if hits.dtype != HIT:
            raise ResultsFault(folder=results, reason=f"{path.name} holds no hits")
        yield from unpacked(hits, min(job.together, job.families - start), first=start)


@contextmanager
def _opened(results: Path, job: _Job) -> Iterator[None]:
    """The folder for this run alone, made where it is missing, refused where it is of another."""
    results.mkdir(exist_ok=True)
    handle = os.open(results, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            reason = "another run is at work in it"
            raise ResultsFault(folder=results, reason=reason) from error
        there = _read_manifest(results)
        if there is None:
            # A run that was cut short before its manifest was whole leaves nothing else.
            if any(path.name != f"{MANIFEST}.new" for path in results.iterdir()):
                reason = f"it holds other files and no {MANIFEST}: name a new folder"
                raise ResultsFault(folder=results, reason=reason)
            _write(results / MANIFEST, json.dumps(asdict(job), indent=1).encode())
        elif there != job:
            names = [name for name, value in asdict(there).items() if value != asdict(job)[name]]
            reason = f"it is of another search (other {', '.join(names)}): name a new folder"
            raise ResultsFault(folder=results, reason=reason)
        yield
    finally:
        os.close(handle)


def _read_manifest(results: Path) -> _Job | None:
    """The search that a folder belongs to, if it has a manifest."""
    try:
        return _Job(**json.loads((results / MANIFEST).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (TypeError, ValueError) as error:
        raise ResultsFault(folder=results, reason=f"{MANIFEST} is damaged ({error})") from error


def _batch(results: Path, number: int) -> Path:
    """File of the hits of a batch."""
    return results / f"batch-{number:06}.npy"


def _write(path: Path, data: bytes) -> None:
    """A file that is there as a whole or not at all, whenever the machine stops."""
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
