"""Who scans for `reunion kinship search`: threads of this computer, or a cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from reunion.cli.errors import CommandError, UsageError
from reunion.kinship.errors import SnapshotFault
from reunion.kinship.index import Index
from reunion.kinship.search import People, Scanner, ThreadScanner

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
"""The address that stands for a cluster on this computer, started for this search."""

Opened: TypeAlias = Callable[[People], AbstractContextManager[Scanner]]
"""What gives somebody who scans these people, for as long as they are scanned."""


@dataclass(frozen=True, slots=True)
class Scanning:
    """How the people are scanned, as asked for.

    Args:
        cluster: address of a scheduler, or `LOCAL`; None: threads.
        snapshot: folder that all workers see; None: the one of temporary files.
        threads: how many threads, or workers of a local cluster; None: one per processor.

    Raises:
        UsageError: options that do not fit together.
    """

    cluster: str | None = None
    snapshot: Path | None = None
    threads: int | None = None

    def __post_init__(self) -> None:
        """Refuse an option that would have no effect."""
        if self.cluster is None and self.snapshot is not None:
            raise UsageError("--snapshot: it is for workers of a cluster: add --cluster")
        if self.cluster not in (None, LOCAL) and self.threads is not None:
            raise UsageError(f"--threads: the cluster {self.cluster} has workers of its own")

    @contextmanager
    def opened(self) -> Iterator[Opened]:
        """Be connected, so that a cluster that is not there is known before files are read.

        Raises:
            MissingPackage: the extra `cluster` is not installed.
            ClusterFault: no scheduler answers at the address, or its workers cannot do our tasks.
        """
        if self.cluster is None:
            yield lambda people: nullcontext(ThreadScanner(people.codes, self.threads))
            return
        from reunion.kinship.cluster import connected

        address = None if self.cluster == LOCAL else self.cluster
        with connected(address, workers=self.threads or os.cpu_count() or 1) as client:
            yield partial(_saved, client, self.snapshot)


@contextmanager
def _saved(client: Client, folder: Path | None, people: People) -> Iterator[Scanner]:
    """Workers scan the codes of the people, which lie in a folder of their own meanwhile.

    Raises:
        CommandError: the workers do not see it.
    """
    from reunion.kinship.cluster import ClusterScanner

    with TemporaryDirectory(prefix="reunion-", dir=folder) as own:
        snapshot = Path(own) / "snapshot"
        Index.build(people.book, people.codes, np.arange(len(people.codes))).save(snapshot)
        try:
            yield ClusterScanner(client, snapshot, people.book.version)
        except SnapshotFault as error:
            raise CommandError(
                f"{error}: name a folder that all workers see under the same path (--snapshot)"
            ) from error
