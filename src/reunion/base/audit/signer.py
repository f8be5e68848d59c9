"""The signer: seals what was committed, in the order in which it sees it, and signs tree heads.

Order of steps, for each batch: the seals go into the signer's own journal and are on the disk;
they go into the database in one transaction; the state file says so. After a kill at any moment
`recover` finds from the three what was done, and goes on without sealing a position twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice

from django.db.utils import IntegrityError

from reunion.base.audit import actions
from reunion.base.audit.access import last_head
from reunion.base.audit.heads import Head, public_key_of, sign_head
from reunion.base.audit.journal import Desk, State
from reunion.base.audit.lookout import MOST_GAPS, Lookout
from reunion.base.audit.models import TreeHead
from reunion.base.audit.rules import (
    ACT,
    GENESIS,
    ChainKey,
    Row,
    Seal,
    microseconds,
    moment_of,
    sealed,
)
from reunion.base.audit.sources import (
    FIRST,
    Source,
    count_seals,
    sealed_numbers,
    seals_from,
)
from reunion.base.errors import ReunionError
from reunion.base.keyring import KeyMissing, Keyring
from reunion.base.stores import store_of

BATCH = 1_000
HOUR = 3_600_000_000
"""Microseconds between two heads, and between two looks at the whole tables."""

ASKED = "request_head"
"""The act after whose sealing a head is signed at once."""


class Event(StrEnum):
    """What the signer found when it compared its journal with the database."""

    RESUMED = "resumed"
    TRUNCATED = "truncated"
    AHEAD = "ahead"
    DIFFERS = "differs"
    HEAD_RESTORED = "head_restored"


@dataclass(frozen=True, slots=True)
class Notice:
    """One event, and the positions from `first` to before `until` that it is about."""

    event: Event
    first: int
    until: int

    def __str__(self) -> str:
        return f"{self.event.value} from {self.first} to before {self.until}"


@dataclass(eq=False)
class SealForeign(ReunionError):
    """The database holds a seal that this signer did not make: nothing is sealed after it."""

    position: int


@dataclass(eq=False)
class JournalDamaged(ReunionError):
    """A seal of the journal does not fit the key: the journal or the key is not the right one."""

    position: int


@dataclass(slots=True)
class Signer:
    """The one process that seals.

    Args:
        lags: microseconds from act to seal of what was sealed since the last head.
        sweeps: for each store the id up to which the look at the whole table came, and when the
            last one was finished.
        is_asked: somebody asked for a head.
    """

    keys: Keyring
    desk: Desk
    sources: Sequence[Source]
    state: State = field(default_factory=State)
    lookouts: dict[str, Lookout] = field(default_factory=dict)
    chain: dict[int, ChainKey] = field(default_factory=dict)
    lags: list[int] = field(default_factory=list)
    sweeps: dict[str, tuple[int, int]] = field(default_factory=dict)
    is_asked: bool = False

    def recover(self) -> list[Notice]:
        """Find out what was done before, bring the database and the journal together.

        Raises:
            SealForeign: the database holds a seal that was not made with the key.
            JournalDamaged: the journal does not fit the key.
        """
        self.state = self.desk.load_state()
        there, committed = count_seals(), self.state.frontier.size
        if not self._read_journal(there):  # it is shorter than the state says
            self.state = State(head=self.state.head)
            self._read_journal(there)
        own = self.state.frontier.size
        notices = list(self._compare(there, committed))
        if there > own:
            self._take_over(there)
            notices.append(Notice(Event.AHEAD, own, there))
        notices += self._restore_head()
        for source in self.sources:
            last = min(self.state.lasts.get(source.store, 0), source.last())
            seen = Lookout(last, self.state.gaps.get(source.store, []))
            self.lookouts[source.store] = seen
        self._save()
        return notices

    def _read_journal(self, there: int) -> bool:
        """Follow the journal from the state on; whether it reaches as far as the state."""
        start = self.state.frontier.size
        if start:
            before = next(self.desk.seals(start - 1), None)
            if before is None or before.mac != self.state.mac:
                return False
            if not self._is_ours(before):
                raise JournalDamaged(position=start - 1)
        for seal in self.desk.seals(start):
            if seal.pos != self.state.frontier.size or not self._is_ours(seal):
                if self.state.frontier.size < there:  # no half written end: it was acknowledged
                    raise JournalDamaged(position=self.state.frontier.size)
                break
            self._advance([seal])
        self.desk.cut(self.state.frontier.size)
        return True

    def _is_ours(self, seal: Seal) -> bool:
        try:
            return self._key(seal.epoch).fits(seal)
        except KeyMissing:
            return False

    def _compare(self, there: int, committed: int) -> Iterator[Notice]:
        """Put back what the database lacks; say whether it had it once."""
        own = self.state.frontier.size
        common = min(there, own)
        if common and seals_from(common - 1, 1) != [next(self.desk.seals(common - 1))]:
            yield Notice(Event.DIFFERS, common - 1, common)
        if there < committed:
            yield Notice(Event.TRUNCATED, there, committed)
        if max(there, committed) < own:
            yield Notice(Event.RESUMED, max(there, committed), own)
        missing = self.desk.seals(there) if there < own else iter(())
        while batch := list(islice(missing, BATCH)):
            _write_seals(batch)

    def _take_over(self, there: int) -> None:
        """Take seals of the database into the journal, if they were made with the key."""
        while (own := self.state.frontier.size) < there:
            page = seals_from(own, BATCH)
            for pos, seal in enumerate(page, own):
                if (seal.pos, seal.previous) != (pos, self.state.mac) or not self._is_ours(seal):
                    raise SealForeign(position=pos)
                self._advance([seal])
            self.desk.append(page)

    def _restore_head(self) -> Iterator[Notice]:
        head = self.state.head
        if head is None:
            self.state.head = last_head()
        elif not TreeHead.objects.filter(signature=head.signature).exists():
            actions.write_head(head)
            yield Notice(Event.HEAD_RESTORED, head.size, head.size + 1)

    def seal(self, at: datetime) -> int:
        """Seal one batch of what was committed; how many entries it held.

        Raises:
            SealForeign: somebody else wrote a seal at the next position.
        """
        moment = microseconds(at)
        found = [(source.store, row) for source in self.sources for row in self._new(source)]
        found = (found or self._sweep(moment))[:BATCH]
        if found:
            self._write(found, moment)
        return len(found)

    def _new(self, source: Source) -> list[Row]:
        seen = self.lookouts[source.store]
        rows = source.within(seen.ranges(), BATCH) if seen.gaps else []
        return rows + source.after(seen.last, BATCH - len(rows))

    def _sweep(self, moment: int) -> list[tuple[str, Row]]:
        """Entries that were passed over, on the next page of the look at the whole tables."""
        for source in self.sources:
            place, done = self.sweeps.get(source.store, (FIRST, -HOUR))
            if moment - done < HOUR:
                continue
            page = source.numbers(place)
            if not page:
                self.sweeps[source.store] = (FIRST, moment)
                continue
            unsealed = set(page) - sealed_numbers(source.store, page[0][0], page[-1][0])
            numbers = sorted(number for number, _ in unsealed)[:MOST_GAPS]
            if not numbers:  # with more than fit, the same page comes again
                self.sweeps[source.store] = (page[-1][0], done)
            rows = source.within([(number, number) for number in numbers])
            return [(source.store, row) for row in rows]
        return []

    def is_swept(self) -> bool:
        """Whether the look at the whole tables was finished once since the start."""
        return all(
            source.store in self.sweeps and self.sweeps[source.store][1] != -HOUR
            for source in self.sources
        )

    def _write(self, found: Sequence[tuple[str, Row]], moment: int) -> None:
        epoch = self.keys.newest("audit")
        before = (self.state.frontier.size, self.state.mac)
        seals: list[Seal] = []
        for store, row in found:
            seal = sealed(self._key(epoch), epoch, before, store, row, moment)
            seals.append(seal)
            before = (seal.pos + 1, seal.mac)
        self.desk.append(seals)
        _write_seals(seals)
        self._advance(seals)
        for seal, (_, row) in zip(seals, found, strict=True):
            self.lookouts[seal.store].saw([seal.number], moment)
            if seal.store == store_of("audit"):  # those of other stores may wait on purpose
                self.lags.append(max(moment - (moment_of(row) or moment), 0))
            self.is_asked |= row[ACT] == ASKED
        self._save()

    def is_head_due(self, at: datetime) -> bool:
        """Whether a head must be signed: somebody asked, or there is news of an hour or a day."""
        head, size = self.state.head, self.state.frontier.size
        if head is None or self.is_asked:
            return size > 0
        is_old = microseconds(at) - head.at >= HOUR and size > head.size
        return is_old or at.date().isoformat() > head.day

    def sign(self, at: datetime) -> Head:
        """Sign the head of the tree as it is now.

        After a change of the key the old one signs once more and announces the new one.
        """
        last, newest = self.state.head, self.keys.newest("head")
        version = newest if last is None else self._version_of(last.announces or last.public_key)
        seed = self.keys.key("head", version)
        lags = sorted(self.lags) or [0]
        head = Head(
            size=self.state.frontier.size,
            root=self.state.frontier.root(),
            day=at.date().isoformat(),
            at=microseconds(at),
            previous=last.digest() if last else GENESIS,
            key_version=version,
            public_key=public_key_of(seed),
            announces=public_key_of(self.keys.key("head", newest)) if newest > version else None,
            lag_p50=lags[len(lags) // 2],
            lag_p99=lags[len(lags) * 99 // 100],
        )
        self.state.head = sign_head(head, seed)
        self._save()  # first: a head that was signed is never signed again in another form
        actions.write_head(self.state.head)
        self.lags, self.is_asked = [], False
        return self.state.head

    def _version_of(self, public_key: bytes) -> int:
        for version in reversed(self.keys.versions("head")):
            if public_key_of(self.keys.key("head", version)) == public_key:
                return version
        raise KeyMissing(name="head")

    def _advance(self, seals: Sequence[Seal]) -> None:
        self.state.frontier.extend([seal.leaf for seal in seals])
        self.state.mac = seals[-1].mac
        for seal in seals:
            last = self.state.lasts.get(seal.store, 0)
            self.state.lasts[seal.store] = max(last, seal.number)

    def _save(self) -> None:
        for store, seen in self.lookouts.items():
            self.state.lasts[store], self.state.gaps[store] = seen.last, seen.gaps
        self.desk.save_state(self.state)

    def _key(self, epoch: int) -> ChainKey:
        if epoch not in self.chain:
            self.chain[epoch] = ChainKey(self.keys.key("audit", epoch))
        return self.chain[epoch]


def _write_seals(seals: Sequence[Seal]) -> None:
    try:
        actions.write_seals(seals)
    except IntegrityError as error:
        raise SealForeign(position=seals[0].pos) from error
