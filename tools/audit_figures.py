"""Measure the audit trail: tamperings found and located, time of a check, lag of the seals.

    python -m tools.audit_figures times | tamperings [--entries N] [--tamperings N]

Writes build/figures/audit_times.json, which wants a quiet machine, or audit_tamperings.json, which
takes long. A trail of invented entries is sealed in a folder of its own;
then an administrator with all rights over the database, and for some deeds with the key of the
chain, tampers with it; each deed is undone before the next. On SQLite, or on the PostgreSQL of
REUNION_DATABASE_URL.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tools.records import Record, write_records

if TYPE_CHECKING:
    from reunion.base.audit.models import AuditEntry
    from tools.audit_tampering import Vandal

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEADS = 50
SEED = 20_260_302
COMMAND = "python -m tools.audit_figures"


@dataclass
class World:
    """A sealed trail and the signer's folder and keys."""

    folder: Path
    size: int

    @property
    def later(self) -> datetime:
        """A moment at which nothing may wait for its seal any more."""
        return START + timedelta(days=400)


def start_django(folder: Path) -> None:
    """Start the signer's settings on empty databases."""
    os.environ["REUNION_HOME"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "reunion.settings.signer"
    import django
    from django.core.management import call_command
    from django.db import connections

    (folder / "data").mkdir(parents=True, exist_ok=True)
    django.setup()
    for store in connections:
        call_command("migrate", database=store, verbosity=0)


def invented(rng: random.Random, number: int) -> AuditEntry:
    """An entry of an invented act."""
    from reunion.base.audit.models import AuditEntry

    def some_id() -> uuid.UUID:
        return uuid.UUID(int=rng.getrandbits(128))

    return AuditEntry(
        uuid=some_id(),
        at=START + timedelta(seconds=number, microseconds=rng.randrange(10**6)),
        act=rng.choice(("read_address", "confirm_tip", "open_unit", "tip.assign")),
        kind=rng.choice(("persons.person", "tips.tip", "units.unit")),
        subject=some_id(),
        role=rng.choice(("case_officer", "tip_officer", "system:due")),
        staff=some_id(),
        unit=some_id(),
        account=some_id(),
        region=rng.choice(("cn/15/1506/", "cn/65/", "cn/")),
        purpose=rng.choice(("", "own_case", "inspection")),
        case=rng.choice(("", "A1506020000002026030001", "儿童-7")),
        before=rng.choice((None, rng.randbytes(32))),
        after=rng.randbytes(32),
        salt=rng.randbytes(16),
    )


def build(folder: Path, size: int) -> World:
    """Write and seal entries, with a head after every fiftieth part of them."""
    from reunion.base.audit.journal import Desk
    from reunion.base.audit.models import AuditEntry
    from reunion.base.audit.signer import Signer
    from reunion.base.audit.sources import sources
    from reunion.base.keyring import Keyring

    rng = random.Random(SEED)  # noqa: S311 # invented data, not secrets
    desk = Desk(folder / "signer")
    signer = Signer(Keyring(folder / "keys"), desk, sources())
    signer.recover()
    part = -(-size // HEADS)
    for first in range(0, size, part):
        count = min(part, size - first)
        AuditEntry.objects.bulk_create([invented(rng, first + n) for n in range(count)], 2_000)
        at = START + timedelta(seconds=first + count)
        while signer.seal(at):
            pass
        signer.sign(at)
    desk.close()
    return World(folder, size)


def vandal(world: World, seed: int = SEED) -> Vandal:
    """Somebody who knows all of the database, and the key of the chain."""
    from reunion.base.audit.models import AuditSeal, TreeHead
    from reunion.base.keyring import Keyring
    from tools.audit_tampering import Vandal

    rows = AuditSeal.objects.order_by("pos").values_list("number", "entry")
    numbers, entries = zip(*((number, entry.hex) for number, entry in rows), strict=True)
    return Vandal(
        random.Random(seed),  # noqa: S311 # it repeats the same deeds
        world.size,
        list(numbers),
        list(entries),
        list(TreeHead.objects.order_by("id").values_list("pk", flat=True)),
        Keyring(world.folder / "keys").key("audit", 1),
    )


@dataclass
class Outcome:
    """What came of deeds, by kind: how many there were, were detected, were located."""

    done: Counter[str]
    detected: Counter[str]
    located: Counter[str]
    outside: tuple[int, int]
    offline: tuple[int, int]


def tamper(world: World, count: int) -> Outcome:
    """Tamper, check and undo, each time.

    Three checks: with the keys and the journal of the signer; where the chain was made anew with
    the stolen key or truncated also without the journal; and by a third party who holds the last
    head that was witnessed, and no key.
    """
    from django.db import transaction

    from reunion.base.audit.access import trail
    from reunion.base.audit.trail import Held, check_trail
    from reunion.base.audit.verify import verify
    from reunion.base.keyring import Keyring
    from tools.audit_tampering import Deed

    keys, doer = Keyring(world.folder / "keys"), vandal(world)
    before = trail({})
    held = Held(heads=(before.heads[-1],), needed=0, earlier=before)
    outcome = Outcome(Counter(), Counter(), Counter(), (0, 0), (0, 0))
    deeds = doer.deeds()
    for number in range(count):
        with transaction.atomic():
            deed: Deed = deeds[number % len(deeds)]()
            findings = verify(keys, world.later, world.folder / "signer").findings
            outcome.done[deed.kind] += 1
            outcome.detected[deed.kind] += bool(findings)
            outcome.located[deed.kind] += deed.is_located(findings)
            if "with the key" in deed.kind or "truncated" in deed.kind:
                found = check_trail(trail({}), held).findings
                right, all_ = outcome.offline
                outcome.offline = (right + deed.is_located(found), all_ + 1)
            if "with the key" in deed.kind:
                found = verify(keys, world.later).findings
                right, all_ = outcome.outside
                outcome.outside = (right + deed.is_located(found), all_ + 1)
            transaction.set_rollback(True)
    return outcome


@dataclass
class Times:
    """Seconds of a whole check: of the clock and of the processors, and parts of the latter.

    The parts are those of one process that does them one after the other.
    """

    wall: float
    processor: float
    parts: dict[str, float]
    offline: float


def measure_check(world: World) -> Times:
    """The best of five checks with the keys, then each part of the work by itself."""
    from reunion.base.audit.access import trail
    from reunion.base.audit.trail import Held, check_trail
    from reunion.base.audit.verify import verify
    from reunion.base.keyring import Keyring

    keys = Keyring(world.folder / "keys")
    walls, processors = [], []
    for _ in range(5):
        wall, processor = time.perf_counter(), of_all_processes()
        found = verify(keys, world.later, world.folder / "signer")
        walls.append(time.perf_counter() - wall)
        processors.append(of_all_processes() - processor)
        if found.findings or found.size != world.size:
            raise SystemExit(f"a sound trail is called unsound: {found.findings[:3]}")
    whole = trail({})
    start = time.perf_counter()
    check_trail(whole, Held(needed=0))
    return Times(min(walls), min(processors), measure_parts(keys), time.perf_counter() - start)


def of_all_processes() -> float:
    """Seconds of the processors for this process and those that it started and that ended."""
    return sum(os.times()[:4])


def measure_parts(keys: object) -> dict[str, float]:
    """Seconds of the processor for each part of a check."""
    from reunion.base.audit.rules import ChainKey, Seal, entry_text
    from reunion.base.audit.sources import seals_from, sources
    from reunion.base.audit.tree import Frontier, leaf_of

    parts: dict[str, float] = {}
    clock = time.process_time()

    def lap(name: str) -> None:
        nonlocal clock
        now = time.process_time()
        parts[name], clock = now - clock, now

    rows = [row for source in sources() for row in source.rows()]
    lap("read entries")
    seals: list[Seal] = []
    while page := seals_from(len(seals)):
        seals += page
    lap("read seals")
    texts = [entry_text("default", row) for row in rows]
    lap("canonical texts")
    leaves = [leaf_of(text) for text in texts]
    lap("hashes of entries")
    key = ChainKey(bytes(32))
    for seal in seals:
        key.link(seal)
    lap("keyed hashes of the chain")
    Frontier().extend(leaves)
    lap("tree")
    return parts


def measure_lag(world: World, count: int, per_second: float) -> list[float]:
    """Seconds from the commit of an entry until its seal can be read, in a steady stream.

    The signer runs in a thread with its own connection and the pause of the real process; another
    looks at the seals every few milliseconds.
    """
    from django.db import connection
    from django.utils import timezone

    from reunion.base.audit.journal import Desk
    from reunion.base.audit.process import PAUSE
    from reunion.base.audit.signer import Signer
    from reunion.base.audit.sources import count_seals, sources
    from reunion.base.keyring import Keyring

    stop, ready = threading.Event(), threading.Event()

    def sign() -> None:
        desk = Desk(world.folder / "signer")
        signer = Signer(Keyring(world.folder / "keys"), desk, sources())
        signer.recover()
        while not stop.is_set():
            if not signer.seal(timezone.now()):
                ready.set()
                stop.wait(PAUSE)
        desk.close()
        connection.close()

    seen: list[float] = []

    def look() -> None:
        while len(seen) < count and not stop.is_set():
            now, sealed = time.perf_counter(), count_seals() - first
            seen.extend([now] * (sealed - len(seen)))
            time.sleep(0.003)
        connection.close()

    threads = [threading.Thread(target=sign), threading.Thread(target=look)]
    threads[0].start()
    ready.wait()
    first = count_seals()
    threads[1].start()
    committed = list(commits(count, per_second))
    threads[1].join(timeout=60)
    stop.set()
    threads[0].join()
    return sorted(after - before for before, after in zip(committed, seen, strict=True))


def commits(count: int, per_second: float) -> Iterator[float]:
    """Write entries one by one; the moment of each commit on the clock of this process."""
    from django.utils import timezone

    from reunion.base.actor import system
    from reunion.base.audit.actions import record

    for _ in range(count):
        record(actor=system("figures"), act="look", subject=None, at=timezone.now())
        yield time.perf_counter()
        time.sleep(1 / per_second)


def measure_record(count: int) -> tuple[float, float]:
    """Entries per second: each in a transaction of its own, and all in one."""
    from django.db import transaction
    from django.utils import timezone

    from reunion.base.actor import system
    from reunion.base.audit.actions import record

    def write() -> float:
        start = time.perf_counter()
        for number in range(count):
            record(
                actor=system("figures"),
                act="write",
                subject=None,
                at=timezone.now(),
                after={"number": number},
            )
        return count / (time.perf_counter() - start)

    alone = write()
    with transaction.atomic():
        return alone, write()


def portion(what: str, right: int, count: int) -> Record:
    """How many of some there were; of none, nothing was shown and no goal is met."""
    return Record(what, right, f"of {count}", "all", right == count if count else None)


def time_records(world: World) -> Iterator[Record]:
    """How long a check, a record and a seal take."""
    times, size = measure_check(world), world.size
    yield Record(f"{size} entries checked, wall", times.wall, "s", "< 1", times.wall < 1)
    yield Record(f"{size} entries checked, processor", times.processor, "s", "", None)
    for name, seconds in times.parts.items():
        yield Record(f"check of {size} entries: {name}", seconds, "s", "", None)
    yield Record(f"{size} entries checked offline, wall", times.offline, "s", "", None)
    alone, together = measure_record(2_000)
    yield Record("record, a transaction for each", alone, "entries/s", "", None)
    yield Record("record, in one transaction", together, "entries/s", "", None)
    while_sealing = measure_lag(world, 600, 20)
    for name, share in (("p50", 50), ("p99", 99)):
        value = while_sealing[len(while_sealing) * share // 100]
        yield Record(f"sealing lag, {name}", value, "s", "< 1", value < 1)


def tampering_records(world: World, tamperings: int) -> Iterator[Record]:
    """How many tamperings were found, and located."""
    outcome = tamper(world, tamperings)
    for kind, count in sorted(outcome.done.items()):
        located = outcome.located[kind]
        yield portion(f"tampering, {kind}: located", located, count)
    yield portion("tamperings detected", outcome.detected.total(), tamperings)
    yield portion("tamperings located", outcome.located.total(), tamperings)
    what = "chain made anew with the key, located between two heads without the journal"
    yield portion(what, *outcome.outside)
    what = "truncated or made anew with the key, located by a third party without a key"
    yield portion(what, *outcome.offline)


def measure(chosen: argparse.Namespace, folder: Path) -> None:
    """Measure a part on a trail of its own, and write its file."""
    from django.db import connection

    from tests.append_only import without_triggers

    part: str = chosen.part
    start_django(folder)
    with without_triggers("default"):
        world = build(folder, chosen.entries)
        found = list(
            time_records(world) if part == "times" else tampering_records(world, chosen.tamperings)
        )
    connection.close()
    out = chosen.out or Path(f"build/figures/audit_{part}.json")
    write_records(out, found, command=f"{COMMAND} {part}", libraries=("django",))
    for record in found:
        print(record)


def main() -> None:
    """Measure and write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=("times", "tamperings"))
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--tamperings", type=int, default=1_000)
    parser.add_argument("--out", type=Path, help="[default: build/figures/audit_PART.json]")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reunion-audit-") as folder:
        measure(chosen, Path(folder))


if __name__ == "__main__":
    main()
