"""Where entries come from: the stores that have a table of them, read as plain rows.

The setting AUDIT_SOURCES lists them: models with the columns of entry.Entry, each in a store of its
own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.utils import OperationalError

from reunion.base.audit.models import AuditSeal
from reunion.base.audit.rules import COLUMNS, NUMBER, Row, Seal
from reunion.base.stores import store_of

PAGE = 2_000
"""Rows read at once: what a page takes stays in the processor's cache."""

FIRST = -(2**63)
"""Before every id, even one that was put in by hand."""

_HEX = ("account", "staff", "subject", "unit", "uuid")


@dataclass(frozen=True, slots=True)
class Source:
    """One table of entries, in one store."""

    store: str
    table: str

    def after(self, number: int, limit: int = PAGE) -> list[Row]:
        """The first entries with ids above a number."""
        return self._read("id > %s", [number], limit)

    def within(self, ranges: Sequence[tuple[int, int]], limit: int = PAGE) -> list[Row]:
        """The first entries with ids in ranges, whose ends belong to them."""
        where = " OR ".join(["id BETWEEN %s AND %s"] * len(ranges))
        return self._read(where, [end for ends in ranges for end in ends], limit) if where else []

    def entry(self, uuid: str) -> Row | None:
        """The entry of a uuid, as hexadecimal digits."""
        given = uuid if _is_sqlite(self.store) else str(UUID(uuid))
        rows = self._read("uuid = %s", [given], 1)
        return rows[0] if rows else None

    def rows(self, last: int = FIRST) -> Iterator[Row]:
        """All entries above an id, page by page: no transaction is held open, no memory filled."""
        while page := self.after(last):
            yield from page
            last = page[-1][NUMBER]

    def numbers(self, after: int) -> list[tuple[int, str]]:
        """A page of ids and uuids, by id, above a number."""
        uuid = _hex(self.store, "uuid")
        sql = f"SELECT id, {uuid} FROM {self.table} WHERE id > %s ORDER BY id LIMIT {PAGE}"  # noqa: S608 # names of our own tables
        return [(number, str(uuid)) for number, uuid in _fetch(self.store, sql, [after])]

    def count_until(self, number: int) -> int:
        """How many entries have ids up to a number: all but those above, which are few."""
        sql = (
            f"SELECT (SELECT COUNT(*) FROM {self.table})"  # noqa: S608 # name of our own table
            f" - (SELECT COUNT(*) FROM {self.table} WHERE id > %s)"
        )
        return int(_fetch(self.store, sql, [number])[0][0])

    def last(self) -> int:
        """The largest id; 0 in an empty table."""
        sql = f"SELECT COALESCE(MAX(id), 0) FROM {self.table}"  # noqa: S608 # name of our own table
        return int(_fetch(self.store, sql, [])[0][0])

    def _read(self, where: str, values: Sequence[int | str], limit: int) -> list[Row]:
        columns = ", ".join(_column(self.store, name) for name in COLUMNS)
        sql = f"SELECT {columns} FROM {self.table} WHERE {where} ORDER BY id LIMIT {limit}"  # noqa: S608 # names of our own table
        return _fetch(self.store, sql, values)


def sources() -> tuple[Source, ...]:
    """All tables of entries."""
    models = [apps.get_model(label) for label in settings.AUDIT_SOURCES]
    return tuple(Source(store_of(m._meta.app_label), m._meta.db_table) for m in models)


def seals_from(pos: int, limit: int = PAGE) -> list[Seal]:
    """The first seals from a position on, in order."""
    store = store_of("audit")
    entry = _hex(store, "entry")
    sql = (
        f"SELECT pos, store, number, {entry}, leaf_hash, epoch, prev_mac, mac, at"  # noqa: S608 # names of our own table
        f" FROM {AuditSeal._meta.db_table} WHERE pos >= %s ORDER BY pos LIMIT {limit}"
    )
    return list(map(Seal._make, _fetch(store, sql, [pos])))


def count_seals() -> int:
    """The position that the next seal has in the database."""
    sql = f"SELECT COALESCE(MAX(pos) + 1, 0) FROM {AuditSeal._meta.db_table}"  # noqa: S608 # name of our own table
    return int(_fetch(store_of("audit"), sql, [])[0][0])


def sealed_numbers(store: str, first: int, last: int) -> set[tuple[int, str]]:
    """Ids and uuids of the sealed entries of a store with ids from one to another."""
    entry = _hex(store_of("audit"), "entry")
    sql = (
        f"SELECT number, {entry} FROM {AuditSeal._meta.db_table}"  # noqa: S608 # names of our own table
        " WHERE store = %s AND number BETWEEN %s AND %s"
    )
    return {
        (number, str(uuid)) for number, uuid in _fetch(store_of("audit"), sql, [store, first, last])
    }


def _is_sqlite(store: str) -> bool:
    return connections[store].vendor == "sqlite"


def _column(store: str, name: str) -> str:
    if name in _HEX:
        return _hex(store, name)
    if name == "at" and _is_sqlite(store):
        return "+at"  # without the plus, Django's converter would be called for each
    if name == "at":
        return "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    return f'"{name}"'


def _hex(store: str, name: str) -> str:
    """A uuid as hexadecimal digits, as SQLite holds it."""
    return f'"{name}"' if _is_sqlite(store) else f"encode(uuid_send(\"{name}\"), 'hex')"


def _fetch(store: str, sql: str, values: Sequence[int | str]) -> list[Row]:
    """All rows of a query as the database gives them.

    Bytes that are no UTF-8, which only a hand can have put into SQLite, stop its reader; then the
    texts are read again with such bytes kept.
    """
    try:
        return _rows(store, sql, values)
    except OperationalError as error:
        if "UTF-8" not in str(error):
            raise
    raw: sqlite3.Connection = connections[store].connection
    raw.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        return _rows(store, sql, values)
    finally:
        raw.text_factory = str


def _rows(store: str, sql: str, values: Sequence[int | str]) -> list[Row]:
    with connections[store].cursor() as cursor:
        cursor.execute(sql, list(values))
        rows: list[Row] = cursor.fetchall()
    return rows
