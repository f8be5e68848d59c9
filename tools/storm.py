"""Kills at random moments: python -m tools.storm [--writes 10000] [--kills 100] [--seed 1].

Writers enter staff members through the action that pages use, and print the id of each one once it
is acknowledged. At random moments a writer is killed (SIGKILL), and on PostgreSQL now and then the
server with all its processes. In the end every acknowledged write must be there exactly once, with
exactly one entry of the audit trail, and no entry without its record. Once on SQLite, once on
PostgreSQL. Writes build/figures/storm.json. A kill of processes is not a power cut: what the kernel
has taken survives it.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tools.own_system import OwnSystem, own_system
from tools.postgres import Server, binaries, cluster
from tools.records import Record, write_records

ROOT = Path(__file__).resolve().parent.parent
WRITERS = 2
RATE = 75
"""Writes in a second of one writer, roughly: they live so long that both goals are reached."""

SERVER_EACH = 5
"""On PostgreSQL the server is killed too, one time in so many."""

WRITER = """
import sys
from uuid import uuid4
from django.utils.timezone import now
from reunion.base.actor import Actor
from reunion.base.units.actions import enter_staff
from reunion.base.units.pack import jurisdiction
root = jurisdiction().regions.root.path
actor = Actor(role="administrator", region=root, staff=uuid4(), unit=uuid4(),
              permissions=frozenset({"units.administer"}))
print("ready", flush=True)
while True:
    made = enter_staff(actor=actor, name="Synthetic Person", region=root, at=now())
    print(made.pk, flush=True)
"""

READER = """
from django.db import connection
from reunion.base.audit.models import AuditEntry
from reunion.base.units.models import Staff
for pk in Staff._base_manager.values_list("pk", flat=True):
    print("record", pk)
for pk in AuditEntry.objects.filter(act="enter_staff").values_list("subject", flat=True):
    print("entry", pk)
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        print("check", cursor.execute("PRAGMA integrity_check").fetchone()[0])
"""


class Outcome(NamedTuple):
    """What a storm left behind."""

    acknowledged: int
    kills: int
    server_kills: int
    lost: int
    without_entry: int
    doubled: int
    entries_of_nothing: int
    sound: bool


class Writer:
    """A process that writes, and what it has acknowledged."""

    def __init__(self, own: OwnSystem, acknowledged: list[str]) -> None:
        self._process = own.start(WRITER)
        self._acknowledged = acknowledged
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        stream = self._process.stdout
        if stream is None:
            return
        for line in stream:
            if line.strip() == "ready":
                self._ready.set()
            elif line.endswith("\n"):  # a line cut off by a kill was not acknowledged
                self._acknowledged.append(line.strip())

    def wait(self) -> None:
        """Wait until it writes."""
        if not self._ready.wait(60):
            self.kill()
            raise RuntimeError("the writer did not start")

    def has_ended(self) -> bool:
        """Whether it ended by itself, as when its server was killed."""
        return self._process.poll() is not None

    def kill(self) -> None:
        """Kill it, and hear its last words."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._thread.join()
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()


def storm(
    own: OwnSystem, *, writes: int, kills: int, chance: random.Random, server: Server | None
) -> Outcome:
    """Write and kill until enough is acknowledged and enough was killed."""
    acknowledged: list[str] = []
    killed = server_killed = rounds = 0
    while len(acknowledged) < writes or killed < kills:
        writers = [Writer(own, acknowledged) for _ in range(WRITERS)]
        rounds += 1
        for writer in writers:
            writer.wait()
        time.sleep(chance.uniform(0.05, 0.05 + 2 * writes / kills / RATE))
        if server is not None and rounds % SERVER_EACH == 0:
            server.kill()
            server_killed += 1
            _wait_until_ended(writers)
            server.start()
        for writer in writers:
            writer.kill()
            killed += 1
        _say(f"{len(acknowledged)} acknowledged, {killed} writers killed")
    return _judge(own, acknowledged, killed, server_killed)


def _wait_until_ended(writers: list[Writer]) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until and not all(writer.has_ended() for writer in writers):
        time.sleep(0.02)


def _judge(own: OwnSystem, acknowledged: list[str], kills: int, server_kills: int) -> Outcome:
    found: dict[str, Counter[str]] = {"record": Counter(), "entry": Counter(), "check": Counter()}
    for line in own.run(READER).splitlines():
        what, value = line.split(maxsplit=1)
        found[what][value] += 1
    records, entries = found["record"], found["entry"]
    return Outcome(
        acknowledged=len(acknowledged),
        kills=kills,
        server_kills=server_kills,
        lost=sum(pk not in records for pk in acknowledged),
        without_entry=sum(pk not in entries for pk in records),
        doubled=sum(n > 1 for n in entries.values()),
        entries_of_nothing=sum(pk not in records for pk in entries),
        sound=found["check"] in (Counter(), Counter({"ok": 1})),
    )


def records_of(name: str, outcome: Outcome) -> Iterator[Record]:
    """The figures of one storm."""
    told = f"on {name}: {outcome.acknowledged:,} acknowledged writes, {outcome.kills} writers"
    told += f" and {outcome.server_kills} times the server killed"
    for what, value in (
        ("acknowledged writes lost", outcome.lost),
        ("records without their audit entry", outcome.without_entry),
        ("audit entries written twice", outcome.doubled),
        ("audit entries without their record", outcome.entries_of_nothing),
    ):
        yield Record(f"{what} {told}", value, "", "0", value == 0)
    yield Record(f"the database is sound {told}", outcome.sound, "", "yes", outcome.sound)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Run the storms; 1 where something was lost."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--writes", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "figures" / "storm.json")
    given = parser.parse_args()
    records: list[Record] = []
    with tempfile.TemporaryDirectory(prefix="reunion-storm-") as folder:
        home, chance = Path(folder), random.Random(given.seed)  # noqa: S311  # moments, no secrets
        wanted = {"writes": given.writes, "kills": given.kills, "chance": chance}
        os.environ.pop("REUNION_TEST_DATABASE_URL", None)
        with own_system(home / "sqlite") as own:
            records += records_of("SQLite", storm(own, server=None, **wanted))
        programs = binaries()
        if programs is None:
            _say("no PostgreSQL server is installed here. Debian: make system")
        else:
            with cluster(programs) as server:
                os.environ["REUNION_TEST_DATABASE_URL"] = server.address
                with own_system(home / "postgres") as own:
                    records += records_of("PostgreSQL", storm(own, server=server, **wanted))
    command = f"python -m tools.storm --writes {given.writes} --kills {given.kills}"
    write_records(given.out, records, command=command, libraries=("reunion", "django", "psycopg"))
    for record in records:
        print(f"{record.what}: {record.value}")
    return 0 if all(record.met for record in records) else 1


if __name__ == "__main__":
    sys.exit(main())
