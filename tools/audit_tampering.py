"""What an administrator with all rights over the database could do to the audit trail.

Each function changes rows by SQL, with the triggers away, and says what a check must name.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from reunion.base.audit.findings import Finding
from reunion.base.audit.rules import COLUMNS, GENESIS, ChainKey, Row, sealed
from reunion.base.audit.sources import seals_from, sources

OTHER_FIELDS = tuple(name for name in COLUMNS if name not in ("id", "uuid"))
SEAL_FIELDS = ("store", "number", "entry", "leaf_hash", "epoch", "prev_mac", "mac", "at")
HEAD_FIELDS = ("size", "root", "day", "at", "previous", "key_version", "public_key", "lag_p50",
               "lag_p99", "signature")  # fmt: skip
FAR = 10**12
"""An id or moment that no entry has."""


@dataclass
class Deed:
    """One tampering, and where a check must find it: at any of these places."""

    kind: str
    positions: set[int] = field(default_factory=set)
    entries: set[str] = field(default_factory=set)
    heads: set[int] = field(default_factory=set)

    def is_located(self, findings: tuple[Finding, ...]) -> bool:
        """Whether a finding names the place."""
        return any(self._is_at(finding) for finding in findings)

    def _is_at(self, finding: Finding) -> bool:
        if finding.entry in self.entries:
            return True
        is_of_head = finding.fault.value.startswith("head_")
        places = self.heads if is_of_head else self.positions
        return any(finding.covers(place) for place in places)


def execute(sql: str, *values: Any) -> None:
    """Run one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def fetch(sql: str, *values: Any) -> tuple[object, ...]:
    """The first row of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    if row is None:
        raise LookupError(sql)
    return tuple(row)


@dataclass
class Vandal:
    """Tampers at random with a sealed trail of one store.

    Args:
        size: number of sealed entries; `numbers` their ids by position, `entries` their uuids.
        key: the key of the chain, for those deeds that presume it stolen.
    """

    rng: random.Random
    size: int
    numbers: list[int]
    entries: list[str]
    heads: list[int]
    key: bytes

    def position(self) -> int:
        """Any position."""
        return self.rng.randrange(self.size)

    def edit(self, column: str) -> Deed:
        """Change one field of one entry."""
        at = self.position()
        old = _get("audit_auditentry", column, "id", self.numbers[at])
        _set("audit_auditentry", column, self._other(column, old), "id", self.numbers[at])
        return Deed(f"entry: {column} edited", {at}, {self.entries[at]})

    def rename(self) -> Deed:
        """Give an entry another uuid."""
        at = self.position()
        _set(
            "audit_auditentry",
            "uuid",
            _uuid(uuid.UUID(int=self._bits(128))),
            "id",
            self.numbers[at],
        )
        return Deed("entry: uuid edited", {at}, {self.entries[at]})

    def renumber(self) -> Deed:
        """Give an entry another id."""
        at = self.position()
        _set("audit_auditentry", "id", FAR, "id", self.numbers[at])
        return Deed("entry: id edited", {at}, {self.entries[at]})

    def delete(self) -> Deed:
        """Take an entry away."""
        at = self.position()
        execute("DELETE FROM audit_auditentry WHERE id = %s", self.numbers[at])
        return Deed("entry deleted", {at}, {self.entries[at]})

    def delete_with_seal(self) -> Deed:
        """Take an entry and its seal away."""
        deed = self.delete()
        (at,) = deed.positions
        execute("DELETE FROM audit_auditseal WHERE pos = %s", at)
        return Deed("entry and its seal deleted", deed.positions, deed.entries)

    def insert(self) -> Deed:
        """Put an entry between others, as an old copy under a new uuid."""
        at, new = self.position(), uuid.UUID(int=self._bits(128))
        columns = ", ".join(f'"{name}"' for name in OTHER_FIELDS)
        execute(
            f"INSERT INTO audit_auditentry (id, uuid, {columns}) SELECT %s, %s, {columns}"  # noqa: S608 # our own columns
            " FROM audit_auditentry WHERE id = %s",
            FAR + self._bits(30), _uuid(new), self.numbers[at],
        )  # fmt: skip
        return Deed("entry inserted", set(), {new.hex})

    def insert_sealed(self) -> Deed:
        """Put an entry at the end, with a seal made with another key."""
        deed = self.insert()
        (entry,) = deed.entries
        row = _row(entry)
        last = seals_from(self.size - 1, 1)[0]
        key = ChainKey(self.rng.randbytes(32))
        seal = sealed(key, last.epoch, (self.size, last.mac), "default", row, last.at)
        execute(
            "INSERT INTO audit_auditseal (pos, store, number, entry, leaf_hash, epoch, prev_mac,"
            " mac, at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            seal.pos, seal.store, seal.number, _uuid(uuid.UUID(seal.entry)), seal.leaf, seal.epoch,
            seal.previous, seal.mac, seal.at,
        )  # fmt: skip
        return Deed("entry inserted, sealed with another key", {self.size}, {entry})

    def swap(self) -> Deed:
        """Exchange what two entries say."""
        one, two = self.rng.sample(range(self.size), 2)
        columns = ", ".join(f'"{name}"' for name in OTHER_FIELDS)
        sql = f"SELECT {columns} FROM audit_auditentry WHERE id = %s"  # noqa: S608 # our own columns
        first, second = fetch(sql, self.numbers[one]), fetch(sql, self.numbers[two])
        sets = ", ".join(f'"{name}" = %s' for name in OTHER_FIELDS)
        for place, values in ((one, second), (two, first)):
            execute(
                f"UPDATE audit_auditentry SET {sets} WHERE id = %s",  # noqa: S608 # our own columns
                *values, self.numbers[place],
            )  # fmt: skip
        return Deed("entries: contents swapped", {one, two}, {self.entries[one], self.entries[two]})

    def swap_ids(self) -> Deed:
        """Exchange the ids of two entries."""
        one, two = self.rng.sample(range(self.size), 2)
        for old, new in (
            (self.numbers[one], FAR),
            (self.numbers[two], self.numbers[one]),
            (FAR, self.numbers[two]),
        ):
            _set("audit_auditentry", "id", new, "id", old)
        return Deed("entries: ids swapped", {one, two}, {self.entries[one], self.entries[two]})

    def truncate(self) -> Deed:
        """Take away the newest entries with their seals, and every head over them."""
        at = self.rng.randrange(self.size // 2, self.size)
        self._cut_heads(at)
        execute("DELETE FROM audit_auditseal WHERE pos >= %s", at)
        execute("DELETE FROM audit_auditentry WHERE id >= %s", self.numbers[at])
        return Deed("truncated, with heads", {at}, {self.entries[at]})

    def recompute(self, *, with_key: bool) -> Deed:
        """Edit an entry and make all seals from it on anew."""
        deed = self.edit(self.rng.choice(("act", "kind", "role", "at")))
        (at,) = deed.positions
        key = ChainKey(self.key if with_key else self.rng.randbytes(32))
        row = _row(self.entries[at])
        before = seals_from(at - 1, 1)[0].mac if at else GENESIS
        changed: list[tuple[bytes, bytes, bytes, int]] = []
        while page := seals_from(at):
            for seal in page:
                leaf = seal.leaf
                if not changed:
                    leaf = sealed(key, seal.epoch, (at, before), "default", row, seal.at).leaf
                new = seal._replace(leaf=leaf, previous=before)
                before = key.link(new)
                changed.append((leaf, new.previous, before, seal.pos))
            at += len(page)
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE audit_auditseal SET leaf_hash = %s, prev_mac = %s, mac = %s WHERE pos = %s",
                changed,
            )
        how = "with the key" if with_key else "without the key"
        return Deed(f"entry edited, chain made anew {how}", deed.positions, deed.entries)

    def edit_seal(self, column: str) -> Deed:
        """Change one field of one seal."""
        at = self.position()
        old = _get("audit_auditseal", column, "pos", at)
        _set("audit_auditseal", column, self._other(column, old), "pos", at)
        return Deed(f"seal: {column} edited", {at}, {self.entries[at]})

    def delete_seal(self) -> Deed:
        """Take one seal away."""
        at = self.position()
        execute("DELETE FROM audit_auditseal WHERE pos = %s", at)
        return Deed("seal deleted", {at}, {self.entries[at]})

    def swap_seals(self) -> Deed:
        """Exchange the positions of two seals."""
        one, two = self.rng.sample(range(self.size), 2)
        for old, new in ((one, FAR), (two, one), (FAR, two)):
            execute("UPDATE audit_auditseal SET pos = %s WHERE pos = %s", new, old)
        return Deed("seals swapped", {one, two}, {self.entries[one], self.entries[two]})

    def edit_head(self, column: str) -> Deed:
        """Change one field of one head."""
        place = self.rng.randrange(len(self.heads))
        old = _get("audit_treehead", column, "id", self.heads[place])
        _set("audit_treehead", column, self._other(column, old), "id", self.heads[place])
        return Deed(f"head: {column} edited", heads={place})

    def delete_head(self) -> Deed:
        """Take one head away; the one after it does not follow then."""
        place = self.rng.randrange(len(self.heads))
        execute("DELETE FROM audit_witnesssignature WHERE head_id = %s", self.heads[place])
        execute("DELETE FROM audit_treehead WHERE id = %s", self.heads[place])
        return Deed("head deleted", heads={place})

    def deeds(self) -> list[Callable[[], Deed]]:
        """Every kind of deed, one of each field."""
        made: list[Callable[[], Deed]] = [
            *(lambda name=name: self.edit(name) for name in OTHER_FIELDS),
            *(lambda name=name: self.edit_seal(name) for name in SEAL_FIELDS),
            *(lambda name=name: self.edit_head(name) for name in HEAD_FIELDS),
            self.rename, self.renumber, self.delete, self.delete_with_seal, self.insert,
            self.insert_sealed, self.swap, self.swap_ids, self.truncate,
            lambda: self.recompute(with_key=False), lambda: self.recompute(with_key=True),
            self.delete_seal, self.swap_seals, self.delete_head,
        ]  # fmt: skip
        return made

    def _cut_heads(self, size: int) -> None:
        execute(
            "DELETE FROM audit_witnesssignature WHERE head_id IN"
            " (SELECT id FROM audit_treehead WHERE size > %s)",
            size,
        )
        execute("DELETE FROM audit_treehead WHERE size > %s", size)

    def _bits(self, count: int) -> int:
        return self.rng.getrandbits(count)

    def _other(self, column: str, old: object) -> object:
        """A value of the same type that is not the old one."""
        if column in ("after", "before", "salt", "leaf_hash", "prev_mac", "mac", "root",
                      "previous", "public_key", "signature"):  # fmt: skip
            return self.rng.randbytes(32)
        if column in ("account", "staff", "subject", "unit", "entry"):
            return _uuid(uuid.UUID(int=self._bits(128)))
        if isinstance(old, int):
            return old + 1
        if isinstance(old, date):  # a datetime is one too
            return old.replace(year=1999)
        return f"1{str(old)[1:]}" if column in ("at", "day") else f"{old}x"[-12:]


def _uuid(value: uuid.UUID) -> str:
    return value.hex if connection.vendor == "sqlite" else str(value)


def _get(table: str, column: str, where: str, number: int) -> object:
    return fetch(f'SELECT "{column}" FROM {table} WHERE {where} = %s', number)[0]  # noqa: S608 # our own tables


def _set(table: str, column: str, value: object, where: str, number: int) -> None:
    execute(f'UPDATE {table} SET "{column}" = %s WHERE {where} = %s', value, number)  # noqa: S608 # our own tables


def _row(entry: str) -> Row:
    """An entry by its uuid, as a check reads it."""
    source = next(source for source in sources() if source.store == "default")
    row = source.entry(entry)
    if row is None:
        raise LookupError(entry)
    return row
