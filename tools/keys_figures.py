"""Measure the keys of persons: speeds, rotation under writes and kills, destruction.

    python -m tools.keys_figures [--small]

Writes build/figures/keys.json. All persons are invented. With REUNION_TEST_DATABASE_URL the same
on PostgreSQL.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.own_system import OwnSystem, own_system
from tools.records import Record, write_records

KILLS = 5
HOUR = 3_600
Row = tuple[str, float, str, str, bool | None]
"""Name, value, unit, goal, whether it is met."""


def ask(system: OwnSystem, call: str) -> str:
    """What a function of tools.keys_work prints."""
    process = system.start(f"from tools import keys_work\nkeys_work.{call}")
    out, err = process.communicate(timeout=HOUR)
    if process.returncode:
        raise RuntimeError(err)
    return out.strip()


class Writer:
    """A process that makes keys of new persons all the time, and what it acknowledged."""

    def __init__(self, system: OwnSystem) -> None:
        self.lines: list[str] = []
        self._process = system.start("from tools import keys_work\nkeys_work.write_on()")
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101  # as start opened it
        self.lines += (line for line in self._process.stdout if line.count(" ") == 2)

    def stop(self) -> list[str]:
        """Kill the process; the lines that it acknowledged. It must have written to the end."""
        if self._process.poll() is not None:
            raise RuntimeError("the writer gave up")
        self._process.kill()
        self._reader.join()
        self._process.wait()
        return self.lines


@dataclass(frozen=True, slots=True)
class Rotation:
    """What came of a rotation that was killed again and again."""

    kills: int
    changed: bool
    lost: int
    written: int
    slowest: float
    seconds: float
    left: int
    keks: int


def rotation(system: OwnSystem, persons: int) -> Rotation:
    """Rotate under writes, kill at random moments, finish, read everything."""
    chance = random.Random(20260302)  # noqa: S311  # moments of kills, not keys
    before = ask(system, f"read_all({persons})")
    start = time.perf_counter()
    ask(system, "turn()")
    undisturbed = time.perf_counter() - start
    writer, kills, start = Writer(system), 0, time.perf_counter()
    while kills < KILLS:
        process = system.start("from tools import keys_work\nkeys_work.turn()")
        assert process.stdout is not None  # noqa: S101  # as start opened it
        process.stdout.readline()
        time.sleep(chance.uniform(0, undisturbed / KILLS))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += process.returncode == -signal.SIGKILL
    _moved, _seconds, left, keks = json.loads(ask(system, "turn()").split("\n")[1])
    seconds = time.perf_counter() - start
    lines = writer.stop()
    return Rotation(
        kills=kills,
        changed=ask(system, f"read_all({persons})") != before,
        lost=int(check(system, lines)),
        written=len(lines),
        slowest=max(float(line.split()[2]) for line in lines),
        seconds=seconds,
        left=left,
        keks=len(keks),
    )


def check(system: OwnSystem, lines: list[str]) -> str:
    """How many of the acknowledged writes are lost."""
    with tempfile.TemporaryFile("w+") as file:
        file.writelines(lines)
        file.seek(0)
        process = subprocess.run(
            [sys.executable, "-c", "import django; django.setup()\n"
             "from tools import keys_work; keys_work.check_written()"],
            stdin=file, env=system.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
    return process.stdout.strip()


def figures(system: OwnSystem, persons: int) -> Iterator[Row]:
    """All figures, one by one."""
    for name, rate in json.loads(ask(system, "speeds()")).items():
        yield f"keys, {name}", round(rate), "in a second of one core", "", None
    seconds = float(ask(system, f"fill({persons})"))
    yield "keys of persons made", round(persons / seconds), "in a second", "", None
    found = rotation(system, persons)
    of = f"of {persons} persons"
    yield "rotation: kills", found.kills, "SIGKILL", "5", found.kills >= KILLS
    yield "rotation: keys changed or unreadable", float(found.changed), of, "0", not found.changed
    of = f"of {found.written} written meanwhile"
    yield "rotation: acknowledged writes lost", found.lost, of, "0", found.lost == 0
    yield "rotation: keys half-way at the end", found.left, "persons", "0", found.left == 0
    yield "rotation: keys of the keyring in use at the end", found.keks, "", "1", found.keks == 1
    yield "rotation: all of it, with kills and writes", found.seconds, "s", "", None
    yield "rotation: slowest write meanwhile", found.slowest, "s", "below 20", found.slowest < 20
    named = persons // 5
    tokens = int(ask(system, f"index({named})"))
    times = json.loads(ask(system, f"uses({named})"))
    median, slow, cpu = times["reveal"]
    yield "reveal of a field, work", cpu, "ms of one core", "below 1", cpu < 1
    yield "reveal of a field, median", median, "ms, with its audit entry on disk", "", None
    yield "reveal of a field, 99 of 100", slow, "ms, with its audit entry on disk", "", None
    median, slow, cpu = times["find"]
    yield "search by name, work", cpu, "ms of one core", "", None
    of = f"ms among {tokens} tokens of {named} persons"
    yield "search by name, median", median, of, "", None
    yield "search by name, 99 of 100", slow, of, "", None
    gone, rewritten, left = json.loads(ask(system, "shred()"))
    yield "destruction of a key", 1_000 * gone, "ms", "", None
    yield "destruction: rewriting the database", rewritten, "s", "", None
    if left >= 0:
        yield "destruction: texts left in the files", left, "of 3", "0", left == 0


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a fiftieth of the size")
    parser.add_argument("--out", type=Path, default=Path("build/figures/keys.json"))
    arguments = parser.parse_args()
    rows = []
    store = "PostgreSQL" if os.environ.get("REUNION_TEST_DATABASE_URL") else "SQLite"
    with (
        tempfile.TemporaryDirectory() as home,
        own_system(Path(home), "tests.base.notebook.settings") as system,
    ):
        for name, value, unit, goal, met in figures(system, 2_000 if arguments.small else 100_000):
            print(f"{name}: {value:g} {unit} {goal and f'(goal: {goal})'}", flush=True)
            rows.append(Record(f"{name} ({store})", value, unit, goal, met))
    command = "python -m tools.keys_figures" + " --small" * arguments.small
    libraries = ("django", "cryptography", "pynacl")
    write_records(arguments.out, rows, command=command, libraries=libraries)


if __name__ == "__main__":
    main()
