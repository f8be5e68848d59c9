"""What the processes of tools.keys_figures do with the keys of invented persons.

Each function runs in a process of its own, after Django was set up, and prints what it found.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID, uuid4

from django.db import connection, transaction

from reunion.base.actor import Actor, Purpose
from reunion.base.keys.access import find
from reunion.base.keys.actions import (
    destroy_person_key,
    make_keys,
    reveal,
    seal_under,
    tokens_of,
)
from reunion.base.keys.envelope import (
    LONG,
    Place,
    new_pair,
    open_envelope,
    open_sealed_to,
    seal,
    seal_to,
)
from reunion.base.keys.models import PersonKey, SearchToken
from reunion.base.keys.rotation import rotate
from reunion.base.keys.rules import Kind, texts, token
from reunion.base.keys.scrubbing import scrub
from tests.base.notebook.models import Entry

T = TypeVar("T")

CHUNK = 2_000
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马胡朱郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国文玉兰海燕"


def subjects(count: int) -> Iterator[UUID]:
    """The ids of invented persons, always the same."""
    return (UUID(int=number + 1) for number in range(count))


def name_of(chance: random.Random) -> str:
    """An invented name; surnames and characters of one list each, so that many names repeat."""
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))


def digest(keys: Iterable[tuple[UUID, bytes]]) -> str:
    """One line that stands for all keys."""
    whole = hashlib.sha256()
    for subject, key in sorted(keys):
        whole.update(subject.bytes + key)
    return whole.hexdigest()


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of so many, as itertools has it from Python 3.12 on."""
    source = iter(items)
    while batch := list(itertools.islice(source, size)):
        yield batch


def fill(count: int) -> None:
    """Make the keys of persons."""
    start = time.perf_counter()
    for chunk in batched(subjects(count), CHUNK):
        make_keys(subjects=chunk)
    print(time.perf_counter() - start)


def read_all(count: int) -> None:
    """Open the keys of all persons; print one line that stands for them."""
    found: list[tuple[UUID, bytes]] = []
    for chunk in batched(subjects(count), CHUNK):
        found += make_keys(subjects=chunk).items()
    print(digest(found))


def turn() -> None:
    """Rotate, and say when it has begun, how long it took, and what is left behind."""
    print("started", flush=True)
    start = time.perf_counter()
    moved = max(rotate(at=datetime.now(UTC)), default=0)
    staged = PersonKey.objects.filter(staged__isnull=False).count()
    keks = list(PersonKey.objects.values_list("kek", flat=True).distinct())
    print(json.dumps([moved, time.perf_counter() - start, staged, keks]))


def write_on() -> None:
    """Make keys of new persons until killed; print each one after it is committed."""
    while True:
        subject, start = uuid4(), time.perf_counter()
        key = make_keys(subjects=[subject])[subject]
        lasted = time.perf_counter() - start
        print(subject.hex, digest([(subject, key)]), lasted, flush=True)
        time.sleep(0.01)


def check_written() -> None:
    """Of the lines of `write_on` on stdin: how many do not open to what was acknowledged."""
    lines = [line.split() for line in sys.stdin]
    lost = 0
    for chunk in batched(lines, 500):
        wanted = {UUID(hex=subject): seen for subject, seen, *_rest in chunk}
        there = PersonKey.objects.filter(subject__in=wanted).count()
        lost += len(wanted) - there
        if there == len(wanted):
            keys = make_keys(subjects=wanted)
            lost += sum(digest([(s, keys[s])]) != seen for s, seen in wanted.items())
    print(lost)


def index(count: int) -> None:
    """Give persons sealed names and search tokens."""
    chance = random.Random(20260302)  # noqa: S311  # invented names, not keys
    for chunk in batched(subjects(count), CHUNK):
        keys = make_keys(subjects=chunk)
        entries, tokens = [], []
        for subject in chunk:
            name = name_of(chance)
            sealed = seal_under(keys[subject], model=Entry, field="name", row=subject, text=name)
            entries.append(Entry(id=subject, name=sealed))
            tokens += tokens_of(subject, texts(Kind.NAME, name, surnames={}, calling_code="86"))
        with transaction.atomic():
            Entry.objects.bulk_create(entries)
            SearchToken.objects.bulk_create(tokens)
    print(SearchToken.objects.count())


def uses(count: int) -> None:
    """Milliseconds (median, 99th of 100, processor) of a reveal and of a search by name."""
    chance = random.Random(7)  # noqa: S311  # invented names, not keys
    at = datetime.now(UTC)
    reader = officer().stating(Purpose.OWN_CASE)
    entries = itertools.cycle(Entry.objects.all()[:count])

    def read() -> None:
        reveal(actor=reader, record=next(entries), field="name", at=at)

    def search() -> None:
        find(Kind.NAME, name_of(chance), surnames={}, calling_code="86")

    print(json.dumps({"reveal": _times(read), "find": _times(search, count=300)}))


def officer() -> Actor:
    """A synthetic officer who may destroy keys."""
    may = frozenset({"keys.destroy"})
    return Actor(
        role="data_protection_officer", region="", permissions=may, staff=uuid4(), unit=uuid4()
    )


def shred() -> None:
    """Destroy one key: seconds until it is gone, seconds to rewrite the files, bytes left."""
    person = Entry.objects.get(pk=UUID(int=5))
    assert person.name is not None  # noqa: S101  # as index made it
    row = PersonKey.objects.get(pk=person.pk)
    marks = [bytes(row.wrapped or b""), *make_keys(subjects=[person.pk]).values()]
    marks.append(person.name.envelope)
    start = time.perf_counter()
    with transaction.atomic():
        destroy_person_key(
            actor=officer(), approver=officer(), subject=person.pk, at=datetime.now(UTC)
        )
        gone = time.perf_counter() - start
    start = time.perf_counter()
    scrub()
    print(json.dumps([gone, time.perf_counter() - start, _left(marks)]))


def _left(marks: list[bytes]) -> int:
    """How many of these texts are in the files of the database; -1 where it has none of ours."""
    if connection.vendor != "sqlite":
        return -1
    file = str(connection.settings_dict["NAME"])
    found = 0
    for name in (file, f"{file}-wal"):
        try:
            with open(name, "rb") as stream:  # noqa: PTH123  # the name is Django's text
                content = stream.read()
        except FileNotFoundError:
            continue
        found += sum(mark in content for mark in marks)
    return found


def speeds() -> None:
    """Operations in a second of one core, without a database."""
    key, place, text = bytes(32), Place("notebook.entry", "name", UUID(int=7)), b"x" * 3_600
    short = "王小明".encode()
    private, public = new_pair()
    sealed, envelope = seal(key, 1, short, place), seal(key, 1, text, place, block=LONG)
    box = seal_to(public, key)
    of = {1: key}.__getitem__
    print(
        json.dumps(
            {
                "seal a field": _rate(lambda: seal(key, 1, short, place)),
                "open a field": _rate(lambda: open_envelope(of, sealed, place)),
                "seal 3.6 kB": _rate(lambda: seal(key, 1, text, place, block=LONG)),
                "open 3.6 kB": _rate(lambda: open_envelope(of, envelope, place)),
                "box for a public key": _rate(lambda: seal_to(public, key)),
                "open a box": _rate(lambda: open_sealed_to(private, box)),
                "token": _rate(lambda: token(key, Kind.PHONE, "8613800000000")),
                "texts of a name": _rate(
                    lambda: texts(Kind.NAME, "王小明", surnames={}, calling_code="86")
                ),
            }
        )
    )


def _rate(work: Callable[[], object], seconds: float = 1.0) -> float:
    """Times in a second of the processor, whatever else the machine does."""
    work()  # what is loaded at the first use does not count
    start, done = time.process_time(), 0
    while time.process_time() < start + seconds:
        for _ in range(50):
            work()
        done += 50
    return done / (time.process_time() - start)


def _times(work: Callable[[], object], count: int = 2_000) -> list[float]:
    """Median, 99th of 100, and mean of the processor's time, in milliseconds."""
    lasted: list[float] = []
    before = time.process_time()
    for _ in range(count):
        start = time.perf_counter()
        work()
        lasted.append(1_000 * (time.perf_counter() - start))
    lasted.sort()
    busy = 1_000 * (time.process_time() - before) / count
    return [lasted[count // 2], lasted[count * 99 // 100], busy]
