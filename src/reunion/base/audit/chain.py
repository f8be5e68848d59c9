"""Check of the keyed chain: every entry against its seal, every seal against the one before.

One pass over seals and entries in their order, in pages, so that memory does not grow with the
trail. A sound row costs one comparison; what differs is then looked at closely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from reunion.base.audit.findings import Fault, Finding
from reunion.base.audit.rules import (
    GENESIS,
    NUMBER,
    UUID,
    ChainKey,
    Row,
    Seal,
    entry_text,
    moment_of,
)
from reunion.base.audit.tree import Frontier, leaf_of

GRACE = 60_000_000
"""Microseconds within which an entry may wait for its seal."""


class Feed:
    """The entries of one store by id, given out by seal; what was passed over is kept aside."""

    def __init__(self, rows: Iterator[Row], passed: Iterable[Row] = ()) -> None:
        """Begin with the first row, and with some that were passed over before."""
        self._rows = rows
        self._next = next(rows, None)
        self._passed: dict[object, Row] = {row[NUMBER]: row for row in passed}

    def take(self, number: int, entry: str) -> Row | None:
        """The entry of a seal; None where the store has none of this uuid."""
        row = self._next
        if row is not None and row[UUID] == entry:
            self._next = next(self._rows, None)
            return row
        return self._search(number, entry)

    def _search(self, number: int, entry: str) -> Row | None:
        kept = self._passed.get(number)
        if kept is not None and kept[UUID] == entry:
            return self._passed.pop(number)
        if number.__class__ is not int:  # put there by hand
            return None
        while (row := self._next) is not None and row[NUMBER] <= number:
            self._next = next(self._rows, None)
            if row[UUID] == entry:
                return row
            self._passed[row[NUMBER]] = row
        return None

    def passed(self) -> list[int]:
        """The ids that were passed over so far."""
        return [row[NUMBER] for row in self._passed.values()]

    def rest(self) -> Iterator[Row]:
        """Whatever no seal asked for."""
        yield from self._passed.values()
        if self._next is not None:
            yield self._next
            yield from self._rows


class Kept(Protocol):
    """The signer's own journal, as the check needs it."""

    def macs(self, first: int, until: int) -> list[bytes]:
        """The keyed hashes of the seals from a position to before another."""

    def entry(self, position: int) -> str:
        """The uuid of the entry at a position; empty past the end."""


@dataclass(slots=True)
class Chain:
    """What a check of the chain came to.

    Args:
        size: positions looked at, those included at which the seal is missing.
        roots: the roots of the tree over the seals, by the sizes that were asked for.
        waiting: entries of the last minute without a seal.
    """

    findings: list[Finding] = field(default_factory=list)
    size: int = 0
    roots: dict[int, bytes] = field(default_factory=dict)
    waiting: int = 0


@dataclass(slots=True)
class Start:
    """Where a check goes on: after seals from genesis on that are known to be sound.

    Args:
        feeds: the entries of each store that these seals did not ask for.
        leaves: of these seals.
        before: keyed hash of the last of them; `epoch` its epoch.
    """

    feeds: dict[str, Feed] = field(default_factory=dict)
    leaves: list[bytes] = field(default_factory=list)
    before: bytes = GENESIS
    epoch: int = 0


@dataclass(slots=True)
class Checker:
    """One check, under way: all seals against all entries.

    Args:
        keys: the keys of all epochs.
        feeds: the entries of each store.
        kept: the signer's journal; None: nothing is compared with it.
        before: keyed hash of the last seal; None after a gap, where it is not known.
        epoch: the newest epoch so far: an old key seals nothing new.
    """

    keys: Mapping[int, ChainKey]
    feeds: Mapping[str, Feed]
    kept: Kept | None = None
    chain: Chain = field(default_factory=Chain)
    before: bytes | None = GENESIS
    epoch: int = 0

    def take(self, page: Sequence[Seal]) -> list[bytes]:
        """Check some seals that follow; the leaves of all positions up to the last of them."""
        leaves: list[bytes] = []
        keys, feeds, position = self.keys, self.feeds, self.chain.size
        first, before, newest = position, self.before, self.epoch
        for seal in page:
            pos, store, number, entry, leaf, epoch, previous, mac, _ = seal
            if pos != position:
                self._gap(position, pos)
                before = None
                leaves += [GENESIS] * (pos - position)
                position = pos
            key, feed = keys.get(epoch), feeds.get(store)
            row = feed.take(number, entry) if feed else None
            if (
                row is None
                or key is None
                or previous != before
                or epoch < newest
                or not key.fits(seal)
                or leaf_of(entry_text(store, row)) != leaf
            ):
                self.before, self.epoch = before, newest
                self.chain.findings += self._faults(seal, row)
            before = mac
            if epoch > newest:
                newest = epoch
            leaves.append(leaf)
            position += 1
        self.chain.size, self.before, self.epoch = position, before, newest
        if self.kept:
            self._compare(page, self.kept.macs(first, position), first)
        return leaves

    def _gap(self, first: int, until: int) -> None:
        entry = self.kept.entry(first) if self.kept else ""
        self.chain.findings.append(Finding(Fault.SEAL_MISSING, first, entry, until))

    def _faults(self, seal: Seal, row: Row | None) -> Iterator[Finding]:
        key = self.keys.get(seal.epoch)
        if key is None or seal.epoch < self.epoch or not key.fits(seal):
            yield Finding(Fault.SEAL_ALTERED, seal.pos, seal.entry)
        elif seal.previous != self.before and self.before is not None and not self._is_found():
            # Each of the two is whole by itself: one of them was made again, and by the key.
            yield Finding(Fault.SEAL_ALTERED, seal.pos - 1, seal.entry, seal.pos + 1)
        if row is None:
            yield Finding(Fault.ENTRY_MISSING, seal.pos, seal.entry)
        elif leaf_of(entry_text(seal.store, row)) != seal.leaf:
            yield Finding(Fault.ENTRY_ALTERED, seal.pos, seal.entry)

    def _is_found(self) -> bool:
        """Whether the last fault that was found is one of a seal, so that the next cannot fit."""
        last = self.chain.findings[-1:]
        return bool(last) and last[0].fault is not Fault.ENTRY_ALTERED

    def _compare(self, page: Sequence[Seal], kept: Sequence[bytes], first: int) -> None:
        if kept == [seal.mac for seal in page]:
            return
        known = {f.position for f in self.chain.findings if f.fault is Fault.SEAL_ALTERED}
        for seal in page:
            at = seal.pos - first
            if (at >= len(kept) or kept[at] != seal.mac) and seal.pos not in known:
                self.chain.findings.append(Finding(Fault.SEAL_FOREIGN, seal.pos, seal.entry))

    def finish(self, at: int, committed: int) -> None:
        """Look at what is left over: entries that nobody sealed, seals that are gone."""
        size = self.chain.size
        if committed > size:
            entry = self.kept.entry(size) if self.kept else ""
            self.chain.findings.append(Finding(Fault.TRUNCATED, size, entry, committed))
        for feed in self.feeds.values():
            for row in feed.rest():
                done = moment_of(row)
                if done is not None and abs(at - done) < GRACE:
                    self.chain.waiting += 1
                else:
                    self.chain.findings.append(Finding(Fault.ENTRY_UNSEALED, entry=str(row[UUID])))


def check_chain(
    pages: Callable[[int], Sequence[Seal]],
    start: Start,
    keys: Mapping[int, bytes],
    *,
    sizes: Iterable[int],
    at: int,
    kept: Kept | None = None,
    committed: int = 0,
) -> Chain:
    """Check all seals and entries.

    Args:
        pages: gives some seals in order from a position on; none past the end.
        start: the entries of each store by id, and what is known already.
        keys: the keys of all epochs.
        sizes: of the heads, whose roots are wanted.
        at: the moment of the check in microseconds; entries of the last minute may be unsealed.
        kept: the signer's journal, and `committed` how many seals it knows the database had.
    """
    ready = {epoch: ChainKey(key) for epoch, key in keys.items()}
    chain, frontier, wanted = Chain(size=len(start.leaves)), Frontier(), sorted(set(sizes))
    checker = Checker(ready, start.feeds, kept, chain, start.before, start.epoch)
    _grow(frontier, start.leaves, wanted, chain.roots)
    while page := pages(chain.size):
        _grow(frontier, checker.take(page), wanted, chain.roots)
    checker.finish(at, committed)
    return chain


def _grow(
    frontier: Frontier, leaves: Sequence[bytes], wanted: Iterable[int], roots: dict[int, bytes]
) -> None:
    """Add leaves to the tree, and note its root at each of the sizes that it passes."""
    start = frontier.size
    for size in [size for size in wanted if start <= size <= start + len(leaves)]:
        frontier.extend(leaves[frontier.size - start : size - start])
        roots[size] = frontier.root()
    frontier.extend(leaves[frontier.size - start :])
