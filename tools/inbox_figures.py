"""Measure the sealed inbox: steal everything and open nothing; kill it and lose nothing.

    python -m tools.inbox_figures [--small]

Writes build/figures/inbox.json. All texts are synthetic. The items of the flood have receipts with
a quick hash, as ten thousand slow ones would take half an hour; the cost of guessing is computed
from the parameters that the public process really has, and measured once.
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from uuid import UUID

import numpy as np

from reunion.base.inbox.receipts import (
    KDF,
    code_from,
    expected_hits,
    guesses_for_one_hit,
    keys_of,
    read_code,
    seed_of,
)
from reunion.base.inbox.sealing import (
    open_body,
    unwrap_for,
    unwrap_for_sender,
)
from reunion.base.keyring import Keyring
from reunion.base.keys.envelope import (
    EnvelopeDamaged,
    EnvelopeUnknown,
    new_pair,
    public_of,
)
from tools.own_system import OwnSystem, own_system
from tools.public_site import QUICK, SETTINGS, PublicSite, public_site, receipt_of
from tools.records import Record, write_records

REGIONS = ("cn/15/", "cn/65/")
"""The two invented desks."""

# Leaves items of the two regions in turn, with the keys of the public process.
FLOOD = """
import sys
from django.conf import settings
from django.utils import timezone
from reunion.base.inbox.actions import PUBLIC, leave
from reunion.base.inbox.receipts import keys_of
from reunion.base.inbox.sealing import Recipient
from reunion.base.published.access import DESK_KEY, ESCROW_KEY, one_shown, shown
from tools.public_site import QUICK, receipt_of
now = timezone.now()
def of(row, name):
    return Recipient(str(row.body[name]), bytes.fromhex(row.body["public"]))
desks = {row.region: of(row, "key") for row in shown(DESK_KEY, now)}
escrow = of(one_shown(ESCROW_KEY, "newest", now), "number")
regions = sorted(desks)
for number in range(int(sys.argv[1])):
    region = regions[number % len(regions)]
    leave(
        actor=PUBLIC, kind="family_message", region=region, excluded=(),
        text=f"synthetic message {number}", desk=desks[region], escrow=escrow,
        keys=keys_of(receipt_of(number), settings.KEYRING, QUICK)[0],
        kdf_version=QUICK.version, at=now,
    )
"""
# The private keys of the desks, by region, as the internal site holds them.
DESK_KEYS = """
from reunion.base.correspondence.access import private_part
from reunion.base.correspondence.models import DeskKey
for row in DeskKey.objects.select_related("desk"):
    print(row.desk.region, private_part(row).hex())
"""
STATED = "SELECT id, region, for_sender, for_desk, for_escrow, body FROM inbox_item"


@dataclass(frozen=True, slots=True)
class Stolen:
    """One item as the thief of the database has it."""

    id: UUID
    region: str
    for_sender: bytes
    for_desk: bytes
    for_escrow: bytes
    body: bytes


def stolen_items(home: Path) -> list[Stolen]:
    """All items, read past the program."""
    with closing(sqlite3.connect(home / "data" / "inbox.sqlite3")) as connection:
        rows = connection.execute(STATED).fetchall()
    return [Stolen(UUID(row[0]), row[1], *map(bytes, row[2:])) for row in rows]


def opened_by(key: bytes, items: Iterable[Stolen]) -> int:
    """How many items a key of 32 bytes opens, whatever kind of key it is taken for."""
    return sum(_opens(key, item) for item in items)


def _opens(key: bytes, item: Stolen) -> bool:
    attempts = (
        lambda: open_body(key, item.id, item.body),
        lambda: unwrap_for_sender(key, item.id, item.for_sender),
        lambda: unwrap_for(key, item.id, item.for_desk),
        lambda: unwrap_for(key, item.id, item.for_escrow),
    )
    for attempt in attempts:
        try:
            attempt()
        except (EnvelopeDamaged, EnvelopeUnknown, ValueError):
            continue
        return True
    return False


def memory_of(pids: Iterable[int]) -> bytes:
    """All memory of processes that can be written to: their heap, stack and data."""
    found = []
    for pid in pids:
        with Path(f"/proc/{pid}/mem").open("rb") as memory:
            for line in Path(f"/proc/{pid}/maps").read_text(encoding="ascii").splitlines():
                span, rights = line.split()[:2]
                if rights.startswith("rw") and "[vv" not in line:
                    start, end = (int(part, 16) for part in span.split("-"))
                    memory.seek(start)
                    try:
                        found.append(memory.read(end - start))
                    except OSError:  # a page that is not there
                        continue
    return b"".join(found)


def candidates(image: bytes) -> list[bytes]:
    """What looks like a key in a picture of the memory: 32 bytes at a word, hardly any twice."""
    words = np.frombuffer(image[: len(image) // 8 * 8], np.uint64)
    is_full = (words > 2**48) & (words < 2**64 - 2**48)
    four = is_full[:-3] & is_full[1:-2] & is_full[2:-1] & is_full[3:]
    starts = np.flatnonzero(four) * 8
    keys = {image[start : start + 32] for start in starts.tolist()}
    return [key for key in keys if len(set(key)) >= 26]


def secrets_in(image: bytes, wanted: Iterable[bytes]) -> int:
    """How many of these secrets stand in a picture of the memory, at any place."""
    firsts: dict[int, list[bytes]] = {}
    for secret in wanted:
        firsts.setdefault(int.from_bytes(secret[:8], "little"), []).append(secret)
    known = np.array(sorted(firsts), np.uint64)
    # Of the many words most are ruled out by their last bits alone.
    low = np.uint64(2**22 - 1)
    may_be = np.zeros(2**22, np.bool_)
    may_be[known & low] = True
    found = set()
    for shift in range(8):
        end = (len(image) - shift) // 8 * 8 + shift
        words = np.frombuffer(image[shift:end], np.uint64)
        likely = np.flatnonzero(may_be[words & low])
        for at in likely[np.isin(words[likely], known)].tolist():
            place = shift + 8 * at
            for secret in firsts[int(words[at])]:
                if image[place : place + len(secret)] == secret:
                    found.add(secret)
    return len(found)


def steal(folder: Path, count: int) -> Iterator[Record]:
    """Fill a system, take all that the public process holds and all databases, try every key."""
    private, public = new_pair()
    with own_system(folder / "steal") as system:
        home = Path(system.environment["REUNION_HOME"])
        with public_site(system, folder, *REGIONS, escrow=public) as site:
            started = time.perf_counter()
            _flood(system, count)
            took = time.perf_counter() - started
            image, environment = memory_of(site.pids()), _environments(site)
        items = stolen_items(home)
        yield Record("items left", len(items), "items", str(count), len(items) == count)
        yield Record("items left, with a quick hash of receipts", count / took, "per s", "", None)
        yield from _opened_by_their_owners(home, system, items, private)
        yield from _opened_by_thieves(home, items, image, environment)
        yield from _secrets_in_reach(home, items, image + environment, system, private)


def _flood(system: OwnSystem, count: int) -> None:
    public = OwnSystem(system.environment | {"DJANGO_SETTINGS_MODULE": SETTINGS})
    process = public.start(FLOOD, str(count))
    _out, err = process.communicate()
    if process.returncode:
        raise RuntimeError(err)


def _environments(site: PublicSite) -> bytes:
    return b"".join(Path(f"/proc/{pid}/environ").read_bytes() for pid in site.pids())


def _desk_keys(system: OwnSystem) -> dict[str, bytes]:
    rows = (line.split() for line in system.run(DESK_KEYS).splitlines())
    return {region: bytes.fromhex(key) for region, key in rows}


def _receipts_keys(home: Path, count: int) -> list[bytes]:
    ring = Keyring(home / "keys" / "public")
    return [keys_of(receipt_of(n), ring, QUICK)[0].kek for n in range(count)]


def _opened_by_their_owners(
    home: Path, system: OwnSystem, items: list[Stolen], escrow: bytes
) -> Iterator[Record]:
    """That the test can open what it should: else nothing would be shown by opening nothing."""
    desks, count = _desk_keys(system), len(items)
    for one, other in (REGIONS, REGIONS[::-1]):
        mine = [item for item in items if item.region == one]
        theirs = [item for item in items if item.region == other]
        share = opened_by(desks[one], mine) / len(mine)
        yield Record(f"opened by the desk {one} of its own", share, "share", "1", share == 1)
        foreign = opened_by(desks[one], theirs)
        yield Record(
            f"opened by the desk {one} of the other",
            foreign,
            f"of {len(theirs)}",
            "0",
            foreign == 0,
        )
    started = time.perf_counter()
    share = sum(_texts(unwrap_for(escrow, i.id, i.for_escrow), i) for i in items) / count
    took = time.perf_counter() - started
    yield Record("opened by the escrow alone", share, "share", "1", share == 1)
    yield Record("opened by the escrow alone, time", took, f"s for {count}", "", None)
    by_id = {item.id: item for item in items}
    found = [by_id[pk] for pk in _in_order(home, count)]
    keks = _receipts_keys(home, count)
    by_receipt = sum(
        _texts(unwrap_for_sender(kek, item.id, item.for_sender), item)
        for kek, item in zip(keks, found, strict=True)
    )
    share = by_receipt / count
    yield Record("opened by their receipts", share, "share", "1", share == 1)


def _texts(key: bytes, item: Stolen) -> bool:
    return open_body(key, item.id, item.body).text.startswith("synthetic message")


def _in_order(home: Path, count: int) -> list[UUID]:
    """The items of the receipts 0, 1, 2 ..., as look-ups find them."""
    with closing(sqlite3.connect(home / "data" / "inbox.sqlite3")) as connection:
        rows = connection.execute("SELECT lookup, id FROM inbox_item").fetchall()
    ids = {bytes(lookup): UUID(pk) for lookup, pk in rows}
    ring = Keyring(home / "keys" / "public")
    return [ids[keys_of(receipt_of(n), ring, QUICK)[0].lookup] for n in range(count)]


def _opened_by_thieves(
    home: Path, items: list[Stolen], image: bytes, environment: bytes
) -> Iterator[Record]:
    ring = home / "keys" / "public"
    keys = [file.read_bytes() for file in sorted(ring.iterdir())]
    words = [part for part in environment.replace(b"=", b"\0").split(b"\0") if len(part) >= 32]
    keys += [word[:32] for word in words]
    opened = sum(opened_by(key, items) for key in keys)
    tried = f"of {len(items)}, with {len(keys)} keys and words"
    yield Record("opened with all keys and the environment of the public process", opened, tried,
                 "0", opened == 0)  # fmt: skip
    looks = candidates(image)
    sample = items[:: max(1, len(items) // 4)][:4]
    opened = sum(opened_by(key, sample) for key in looks)
    owners = _public_keys(home)
    owned = sum(public_of(key) in owners for key in looks)
    unit = f"of {len(sample)}, with {len(looks)} places of {len(image) / 2**20:.0f} MiB"
    yield Record("opened with what looks like a key in the memory", opened, unit, "0", opened == 0)
    yield Record("private keys of desks or escrow among them", owned, "keys", "0", owned == 0)


def _public_keys(home: Path) -> set[bytes]:
    with closing(sqlite3.connect(home / "data" / "published.sqlite3")) as connection:
        bodies = connection.execute("SELECT body FROM published_published").fetchall()
    return {bytes.fromhex(text.split('"public": "')[1][:64]) for (text,) in bodies}


def _secrets_in_reach(
    home: Path, items: list[Stolen], reach: bytes, system: OwnSystem, escrow: bytes
) -> Iterator[Record]:
    """Whether any secret that opens an item stands in reach of a thief, known or not as a key."""
    data_keys = [unwrap_for(escrow, item.id, item.for_escrow) for item in items]
    keks = _receipts_keys(home, len(items))
    desks = list(_desk_keys(system).values())
    codes = [receipt_of(n).encode() for n in range(len(items))]
    databases = b"".join(
        file.read_bytes() for file in sorted((home / "data").iterdir()) if file.is_file()
    )
    everything = (
        reach
        + databases
        + b"".join(file.read_bytes() for file in sorted((home / "keys" / "public").iterdir()))
    )
    wanted = [*data_keys, *keks, *desks, escrow, *codes]
    found = secrets_in(everything, wanted)
    unit = f"of {len(wanted)}, in {len(everything) / 2**20:.0f} MiB"
    yield Record("secrets found in memory, environment, keys and databases", found, unit, "0",
                 found == 0)  # fmt: skip
    planted = secrets_in(everything + b"x" + wanted[0], wanted)
    yield Record("a secret that was planted there is found", planted == 1, "", "yes", planted == 1)


def survive(folder: Path, count: int, kills: int) -> Iterator[Record]:
    """Write with the real hash through the real server, kill it again and again, read all."""
    chance = random.Random(19)  # noqa: S311 # a draw of a test
    _private, public = new_pair()
    with (
        own_system(folder / "kills") as system,
        public_site(system, folder, *REGIONS, escrow=public) as site,
    ):
        moments = set(chance.sample(range(count), kills))
        shown = {}
        for number in range(count):
            shown[site.leave(f"synthetic message {number}").receipt] = number
            if number in moments:
                _kill_while_writing(site, chance)
        lost = sum(
            f"synthetic message {number}<" not in site.come_back(receipt).text
            for receipt, number in shown.items()
        )
        yield Record("acknowledged messages", len(shown), f"with {kills} kills", str(count),
                     len(shown) == count)  # fmt: skip
        yield Record("acknowledged messages lost", lost, f"of {len(shown)}", "0", lost == 0)
        rows = stolen_items(Path(system.environment["REUNION_HOME"]))
        doubled = len(rows) - len({row.id for row in rows})
        yield Record("items without receipt, of forms that were broken off",
                     len(rows) - len(shown), "items", "", None)  # fmt: skip
        yield Record("items there twice", doubled, "items", "0", doubled == 0)


def _kill_while_writing(site: PublicSite, chance: random.Random) -> None:
    """Kill the server in the middle of a request: the form is sent, the answer never comes."""
    pid = os.fork()
    if pid == 0:
        try:
            site.leave("synthetic message that was broken off")
        finally:
            os._exit(0)
    time.sleep(chance.uniform(0, 0.4))
    site.kill()
    os.waitpid(pid, 0)
    site.start()


def guessing() -> Iterator[Record]:
    """What a guess costs and meets, out of the parameters of today."""
    salt, times = secrets.token_bytes(32), []
    for _ in range(5):
        started = time.perf_counter()
        seed_of(code_from(secrets.token_bytes(32)), salt, KDF)
        times.append(time.perf_counter() - started)
    cost = min(times)
    base = f"Argon2id, {KDF.memory // 1024} MiB, {KDF.passes} passes"
    yield Record(f"one guess ({base})", cost, "s on one core", "", None)
    guesses = guesses_for_one_hit(1_000_000)
    yield Record("guesses for one hit among 1,000,000 items", guesses, "guesses", "1e12",
                 guesses >= 1e12)  # fmt: skip
    years = guesses * cost / (365.25 * 24 * 3600)
    yield Record("the same with database and pepper stolen", years, "years of one core", "", None)
    hits = expected_hits(1_000_000, 10, 365.25 * 24 * 3600)
    yield Record("hits of 10 guesses a second for a year", hits, "hits expected", "3.2e-4",
                 hits < 3.3e-4)  # fmt: skip
    caught = tried = 0
    for number in range(100):
        code = code_from(secrets.token_bytes(32))
        place = number % len(code)
        for digit in set("0123456789") - {code[place]}:
            tried += 1
            caught += read_code(code[:place] + digit + code[place + 1 :]) is None
    yield Record("single wrong digits noticed", caught, f"of {tried}", "900", caught == 900)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a fiftieth of the size")
    parser.add_argument("--out", type=Path, default=Path("build/figures/inbox.json"))
    arguments = parser.parse_args()
    small = arguments.small
    records = []
    with tempfile.TemporaryDirectory(prefix="reunion-inbox-") as name:
        folder = Path(name)
        measured = chain(
            guessing(),
            steal(folder, 200 if small else 10_000),
            survive(folder, 20 if small else 400, 3 if small else 40),
        )
        for record in measured:
            print(*record, flush=True)
            records.append(record)
    command = "python -m tools.inbox_figures" + " --small" * small
    write_records(arguments.out, records, command=command,
                  libraries=("reunion", "cryptography", "pynacl"))  # fmt: skip


if __name__ == "__main__":
    main()
