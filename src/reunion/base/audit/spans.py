"""The check of a long chain in spans of positions, by as many processes as there are processors.

A span is only ever called sound or not. The sound ones from the beginning on are joined; from the
first other one on, the check of chain.py goes through seals and entries as if it had begun at
genesis. So the findings do not depend on how many processes looked.
"""

from __future__ import annotations

import gc
import os
import threading
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import NamedTuple

from django.db import connections

from reunion.base.audit.chain import Chain, Checker, Feed, Kept, Start
from reunion.base.audit.rules import GENESIS, NUMBER, ChainKey, Seal
from reunion.base.audit.sources import FIRST, PAGE, Source, count_seals, seals_from, sources

FEW = 20_000
"""Seals below which starting processes costs more than it saves."""

LONGEST = 25_000
"""Positions in a span at most: what a process sends back stays small."""

OPEN = 400
"""Entries passed over that are kept aside; with more of them the check goes on in one process."""


class Plan(NamedTuple):
    """How a check is divided: positions in a span, and processes; with one, nothing is started."""

    length: int
    processes: int


class Span(NamedTuple):
    """A sound stretch of the chain, checked by itself: its ends, to be joined with others.

    Args:
        previous: the keyed hash that its first seal follows; `mac` that of its last seal.
        oldest: the epoch of its first seal; `newest` of its last.
        leaves: of all its seals, 32 bytes each.
        numbers: the ids of its entries in each store; `passed`: ids between them that it left.
    """

    previous: bytes
    mac: bytes
    oldest: int
    newest: int
    leaves: bytes
    numbers: dict[str, array[int]]
    passed: dict[str, list[int]]


def planned() -> Plan | None:
    """How to divide a check here and now; None: not at all.

    Another process would see neither the open transaction of this one nor its database in memory,
    and a fork beside other threads can copy a lock that nobody opens again.
    """
    processes, total = len(os.sched_getaffinity(0)), count_seals()
    if total < FEW or processes < 2 or threading.active_count() > 1:
        return None
    for connection in connections.all():
        in_memory = getattr(connection, "is_in_memory_db", bool)
        if connection.in_atomic_block or in_memory():
            return None
    return Plan(min(LONGEST, -(-total // processes)), processes)


@dataclass(frozen=True, slots=True)
class SpanCheck:
    """Checks spans, in any process."""

    keys: Mapping[int, bytes]
    kept: Kept | None

    def check(self, ends: tuple[int, int]) -> Span | None:
        """Check the positions from one to before another; None where anything at all is wrong."""
        first, until = ends
        page = seals_from(first, min(PAGE, until - first))
        if not page:
            return None
        previous, oldest = page[0].previous, page[0].epoch
        ready = {epoch: ChainKey(key) for epoch, key in self.keys.items()}
        feeds: dict[str, Feed] = {}
        state = Chain(size=first)
        checker = Checker(ready, feeds, self.kept, state, previous, oldest)
        leaves: list[bytes] = []
        numbers: dict[str, array[int]] = {}
        try:
            while page:
                _note(page, feeds, numbers)
                leaves += checker.take(page)
                if state.findings:
                    return None
                page = seals_from(state.size, min(PAGE, until - state.size))
        except (TypeError, OverflowError):  # a value of another type, put there by hand
            return None
        if state.size != until:
            return None
        passed = {store: feed.passed() for store, feed in feeds.items()}
        mac, newest = checker.before or GENESIS, checker.epoch
        return Span(previous, mac, oldest, newest, b"".join(leaves), numbers, passed)


def _note(page: Sequence[Seal], feeds: dict[str, Feed], numbers: dict[str, array[int]]) -> None:
    """Note the ids of a page, and begin to read each store at the first that is needed."""
    known = {source.store: source for source in sources()}
    for store in {seal.store for seal in page}:
        found = [seal.number for seal in page if seal.store == store]
        numbers.setdefault(store, array("q")).extend(found)
        if store not in feeds and store in known:
            feeds[store] = Feed(known[store].rows(min(found) - 1))


@dataclass(slots=True)
class Cover:
    """The ids of a store that sound spans covered: up to `top` all but those that are open."""

    top: int = FIRST
    open: set[int] = field(default_factory=set)
    count: int = 0

    def add(self, numbers: array[int], passed: Iterable[int]) -> bool:
        """Add the ids of the next span; False where one comes twice or too much is open."""
        again = [number for number in numbers if number <= self.top]
        if len(set(again)) != len(again) or not self.open.issuperset(again):
            return False
        top = max(self.top, *numbers)
        self.open.difference_update(again)
        self.open.update(number for number in passed if self.top < number <= top)
        self.top, self.count = top, self.count + len(numbers)
        return len(self.open) <= OPEN

    def feed(self, source: Source) -> Feed | None:
        """The entries that are left; None where the store has others than were covered."""
        if self.top == FIRST:
            return Feed(source.rows())
        left = source.within([(number, number) for number in sorted(self.open)])
        if {row[NUMBER] for row in left} != self.open:
            return None
        if source.count_until(self.top) != self.count + len(left):
            return None
        return Feed(source.rows(self.top), left)


def sound_start(check: SpanCheck, plan: Plan) -> Start | None:
    """The sound spans from genesis on, joined; None where one process must look at everything."""
    total = count_seals()
    ends = [(at, min(at + plan.length, total)) for at in range(0, total, plan.length)]
    known = sources()
    covers = {source.store: Cover() for source in known}
    start = Start()
    with _runner(plan.processes) as run:
        try:
            for span in run(check.check, ends):
                if span is None or not _follows(span, start):
                    break
                for store, numbers in span.numbers.items():
                    if not covers[store].add(numbers, span.passed[store]):
                        return None
                _join(span, start)
        except BrokenProcessPool:  # a process was killed: what came before still holds
            pass
    for source in known:
        feed = covers[source.store].feed(source)
        if feed is None:
            return None
        start.feeds[source.store] = feed
    return start


def _follows(span: Span, start: Start) -> bool:
    return span.previous == start.before and span.oldest >= start.epoch


def _join(span: Span, start: Start) -> None:
    data = span.leaves
    start.leaves += [data[at : at + 32] for at in range(0, len(data), 32)]
    start.before, start.epoch = span.mac, span.newest


Job = Callable[[tuple[int, int]], Span | None]
Run = Callable[[Job, Sequence[tuple[int, int]]], Iterator[Span | None]]


@contextmanager
def _runner(processes: int) -> Iterator[Run]:
    """Runs a job for each of some ends, in their order."""
    if processes == 1:
        yield map
        return
    connections.close_all()  # no two processes may share a connection: each opens its own
    # A collection would touch, and so copy, all objects that the processes share.
    pool = ProcessPoolExecutor(processes, get_context("fork"), initializer=gc.disable)
    try:
        yield pool.map
    finally:
        pool.shutdown(cancel_futures=True)
