"""The work of a scan: batches of families over spans of rows, in threads, what is found gathered.

Which thread does what changes no result: a floor only ever keeps out rows that cannot be among the
wanted ones, and sums are put together in the order of the rows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Protocol, TypeAlias, TypeVar

import numpy as np

from reunion.kinship.book import CodeArray, IntArray
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.index import BoolArray, Segment
from reunion.kinship.stack import LANES, LEAST, Batch

FOUND = 8_192
"""Hits that one kernel call can bring back; it is called again where there are more."""

BLOCK = 256
"""Rows that are summed together first: rounding of a sum over millions stays below 1e-13."""

Progress: TypeAlias = Callable[[int, int], None]
"""Called with (scores done, scores in all), from any thread, one call at a time."""

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Profiles found for one family, best first, equal scores by id.

    Attributes:
        rows: int64 (n,), position in the index at the time of the search.
        ids: int64 (n,).
        scores: float64 (n,), log10 LR.
    """

    rows: IntArray
    ids: IntArray
    scores: FloatArray

    def __len__(self) -> int:
        """Number of profiles found."""
        return len(self.ids)


class Engine(Protocol):
    """What `_scan_kernels` and `_scan_plain` both offer; described in the former."""

    def score_one(self, codes: CodeArray, table: FloatArray, out: FloatArray, /) -> None:
        """Scores of all rows for one table."""

    def scan_one(
        self,
        codes: CodeArray,
        dead: BoolArray,
        row: int,
        tables: FloatArray,
        floor: float,
        rows: IntArray,
        scores: FloatArray,
        /,
    ) -> tuple[int, int]:
        """Rows that reach the floor of one family."""

    def score_groups(
        self,
        codes: CodeArray,
        tables: FloatArray,
        populations: int,
        lanes: FloatArray,
        out: FloatArray,
        /,
    ) -> None:
        """Scores of all rows for each family."""

    def scan_groups(
        self,
        codes: CodeArray,
        dead: BoolArray,
        group: int,
        row: int,
        tables: FloatArray,
        populations: int,
        floors: FloatArray,
        lanes: FloatArray,
        families: IntArray,
        rows: IntArray,
        scores: FloatArray,
        /,
    ) -> tuple[int, int, int]:
        """Rows that reach the floor of a family."""

    def sum_groups(
        self,
        codes: CodeArray,
        dead: BoolArray,
        tables: FloatArray,
        populations: int,
        block: FloatArray,
        lanes: FloatArray,
        highest: FloatArray,
        totals: FloatArray,
        /,
    ) -> None:
        """Sums of 10**score."""


@cache
def engine() -> Engine:
    """The compiled loops; where numba is missing, the same in numpy.

    Imported late, so that a process that never scans does not pay for numba.
    """
    try:
        from reunion.kinship import _scan_kernels
    except ImportError:
        from reunion.kinship import _scan_plain

        return _scan_plain
    return _scan_kernels


class Task(Protocol[Part]):
    """One batch of families: `scan` runs in any thread, `add` in one at a time."""

    batch: Batch

    def scan(self, span: Segment) -> Part:
        """What these rows hold."""

    def add(self, at: int, part: Part) -> None:
        """Keep what span number `at` held; after the last one, finish."""


def run(
    tasks: Iterable[Task[Part]],
    spans: Sequence[Segment],
    families: int,
    threads: int | None,
    progress: Progress | None,
) -> None:
    """Every batch over all spans, batch by batch, so that its tables stay in the cache."""
    lock = Lock()
    steps = ((task, at, span) for task in tasks for at, span in enumerate(spans))
    total = families * sum(len(span) for span in spans)
    done = 0

    def work() -> None:
        nonlocal done
        try:
            while True:
                with lock:
                    step = next(steps, None)
                if step is None:
                    return
                task, at, span = step
                with np.errstate(invalid="ignore"):
                    part = task.scan(span)
                with lock:
                    task.add(at, part)
                    done += task.batch.families * len(span)
                    if progress is not None:
                        progress(done, total)
        finally:
            # After an error, or an interrupt, the other threads shall not go on to the end.
            with lock:
                steps.close()

    threads = min(threads or os.cpu_count() or 1, len(spans) * -(-families // LANES))
    if threads <= 1:
        work()
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="scan") as pool:
        try:
            for worker in [pool.submit(work) for _ in range(threads)]:
                worker.result()
        finally:
            with lock:
                steps.close()


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Hits of a batch: family within the batch, row, id, score; all of shape (n,)."""

    families: IntArray
    rows: IntArray
    ids: IntArray
    scores: FloatArray

    def __getitem__(self, which: slice | IntArray | BoolArray) -> Found:
        """Some of the hits."""
        return Found(self.families[which], self.rows[which], self.ids[which], self.scores[which])


class Keeper:
    """Gathers the hits of one batch of families, and forgets those that cannot be wanted."""

    def __init__(
        self,
        batch: Batch,
        least: FloatArray,
        top: int | None,
        weak: int,
        spans: int,
        hits: list[Hits],
    ) -> None:
        """`least`: float64 (n_families,), the threshold; `hits`: where the result goes."""
        self.batch = batch
        self._least, self._top, self._weak = least, top, weak
        self._left, self._hits = spans, hits
        nothing = np.empty(0, dtype=np.int64)
        self._pool = [Found(nothing, nothing, nothing, np.empty(0, dtype=np.float64))]
        self._size = 0
        self._limit = 2 * batch.families * max(top or 0, weak)
        self._floors = self._raised(self._pool[0])

    def scan(self, span: Segment) -> list[Found]:
        """Living rows that reach the floor of their family."""
        families = np.zeros(FOUND, dtype=np.int64)
        rows = np.empty(FOUND, dtype=np.int64)
        scores = np.empty(FOUND, dtype=np.float64)
        found = []
        for count in self._calls(span, families, rows, scores):
            at = rows[:count] + span.first_row
            ids = span.ids[rows[:count]]
            found.append(Found(families[:count].copy(), at, ids, scores[:count].copy()))
        return found

    def _calls(
        self, span: Segment, families: IntArray, rows: IntArray, scores: FloatArray
    ) -> Iterator[int]:
        """After each kernel call, how many hits are in the buffers; until all rows are done."""
        batch, floors, group, row = self.batch, self._floors, 0, 0
        codes = span.codes
        while batch.alone is not None and row < len(codes):
            count, row = engine().scan_one(
                codes, span.dead, row, batch.alone, float(floors[0, 0]), rows, scores
            )
            yield count
        lanes = np.empty((2, LANES), dtype=np.float64)
        while batch.alone is None and group < len(floors):
            count, group, row = engine().scan_groups(
                codes,
                span.dead,
                group,
                row,
                batch.tables,
                batch.populations,
                floors,
                lanes,
                families,
                rows,
                scores,
            )
            yield count

    def add(self, at: int, part: list[Found]) -> None:
        """Pool the hits of one span."""
        self._pool += part
        self._size += sum(len(found.ids) for found in part)
        self._left -= 1
        bounded = self._top is not None or self._weak > 0
        if self._left == 0:
            self._finish()
        elif bounded and self._size > self._limit:
            best = self._best()
            self._floors = self._raised(best)
            self._pool, self._size = [best], len(best.ids)
            self._limit = max(self._limit, 2 * self._size)

    def _best(self) -> Found:
        """The wanted hits among those pooled, family by family, best first, then by id."""
        pool = Found(
            np.concatenate([found.families for found in self._pool]),
            np.concatenate([found.rows for found in self._pool]),
            np.concatenate([found.ids for found in self._pool]),
            np.concatenate([found.scores for found in self._pool]),
        )
        pool = pool[np.lexsort((pool.ids, -pool.scores, pool.families))]
        rank = np.arange(len(pool.ids)) - self._starts(pool)[pool.families]
        wanted = (pool.scores >= self._least[pool.families]) | (rank < self._weak)
        if self._top is not None:
            wanted &= rank < self._top
        return pool[wanted]

    def _starts(self, found: Found) -> IntArray:
        """Where the hits of each family start: int64 (n_families + 1,)."""
        return np.searchsorted(found.families, np.arange(self.batch.families + 1))

    def _raised(self, best: Found) -> FloatArray:
        """Floors by group and lane: what a hit must reach to be wanted beside those so far."""
        starts = self._starts(best)

        def reached_by(count: int) -> FloatArray:
            """Score of the hit number `count` of each family; LEAST where there are fewer."""
            if count == 0:
                return np.full(self.batch.families, np.inf)
            scores = np.append(best.scores, LEAST)
            last = starts[:-1] + count - 1
            return scores[np.where(last < starts[1:], last, len(best.scores))]

        floors = np.minimum(self._least, reached_by(self._weak))
        if self._top is not None:
            floors = np.maximum(floors, reached_by(self._top))
        lanes = np.full((self.batch.groups, LANES), np.inf, dtype=np.float64)
        lanes.reshape(-1)[: len(floors)] = floors
        return lanes

    def _finish(self) -> None:
        """Hand over the hits of each family that has any."""
        best = self._best()
        starts = self._starts(best)
        for family in np.flatnonzero(np.diff(starts)).tolist():
            own = best[starts[family] : starts[family + 1]]
            self._hits[self.batch.first + family] = Hits(own.rows, own.ids, own.scores)
        self._pool = []


class Adder:
    """Sums LR over the rows for one batch of families, span by span."""

    def __init__(
        self, batch: Batch, spans: int, gathered: Callable[[slice, FloatArray, FloatArray], None]
    ) -> None:
        """`gathered`: told at the end, of these families, the arrays that `joined` takes."""
        self.batch = batch
        self._gathered = gathered
        shape = (spans, batch.groups * LANES)
        self._highest = np.empty(shape, dtype=np.float64)
        self._totals = np.empty(shape, dtype=np.float64)
        self._left = spans

    def scan(self, span: Segment) -> tuple[FloatArray, FloatArray]:
        """Per lane, the greatest score and the sum of 10**(score - greatest)."""
        batch = self.batch
        highest = np.empty((batch.groups, LANES), dtype=np.float64)
        totals = np.empty_like(highest)
        engine().sum_groups(
            span.codes,
            span.dead,
            batch.tables,
            batch.populations,
            np.empty((BLOCK, LANES), dtype=np.float64),
            np.empty((2, LANES), dtype=np.float64),
            highest,
            totals,
        )
        return highest, totals

    def add(self, at: int, part: tuple[FloatArray, FloatArray]) -> None:
        """Keep the sums of one span; after the last one, hand them over."""
        highest, totals = part
        self._highest[at], self._totals[at] = highest.reshape(-1), totals.reshape(-1)
        self._left -= 1
        if self._left == 0:
            own = slice(self.batch.families)
            self._gathered(self.batch.slice, self._highest[:, own], self._totals[:, own])


def joined(highest: FloatArray, totals: FloatArray) -> FloatArray:
    """log10 of the sum of LR of each family, its spans added one after the other.

    Args:
        highest: float64 (n_spans, n_families), the greatest score of a span; LEAST if all are -inf.
        totals: float64 (n_spans, n_families), the sum of 10**(score - greatest) of a span.

    Returns:
        float64 (n_families,), log10; -inf where everybody is excluded.
    """
    top = highest.max(axis=0, initial=LEAST)
    total = np.zeros(top.shape, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        # In a loop: numpy adds in another order where there is one family.
        for term in totals * 10.0 ** (highest - top):
            total += term
        sums: FloatArray = np.where(np.isinf(top), top, top + np.log10(total))
    sums[top == LEAST] = -np.inf
    return sums
