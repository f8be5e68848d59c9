"""The one spelling of an entry, and the chain of seals over it."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from json.encoder import encode_basestring as _quoted
from typing import Any, NamedTuple, TypeAlias

from reunion.base.audit.tree import leaf_of

Canonical: TypeAlias = Mapping[str, "str | int | None"]

Row: TypeAlias = tuple[Any, ...]
"""One entry as the database holds it: the columns in the order of COLUMNS; identifiers as
hexadecimal digits, digests as bytes, the moment as text in UTC. In a table that somebody edited by
hand a value can have any type: hence Any, and a quick path that finds out by failing."""

COLUMNS = (
    "account", "act", "after", "at", "before", "case", "id", "kind",
    "purpose", "region", "role", "salt", "staff", "subject", "unit", "uuid",
)  # fmt: skip
ACT, AT, NUMBER, UUID = (COLUMNS.index(name) for name in ("act", "at", "id", "uuid"))

GENESIS = bytes(32)
"""What stands before the first seal."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 # databases give texts in UTC without a zone
_DIGESTS = ("after", "before", "salt")
_NULL = "null"
_moment = datetime.fromisoformat


class Seal(NamedTuple):
    """The seal of one entry, in the order of the table.

    Args:
        pos: place in the one order of all entries of all stores, from 0, without gaps.
        store: the database that the entry is in, `number` its id there, `entry` its uuid as
            hexadecimal digits.
        leaf: hash of the entry's canonical text, a leaf of the tree.
        epoch: version of the key.
        previous: `mac` of the seal before.
        mac: keyed hash over all of this.
        at: moment of sealing in microseconds since 1970 in UTC.
    """

    pos: int
    store: str
    number: int
    entry: str
    leaf: bytes
    epoch: int
    previous: bytes
    mac: bytes
    at: int


_MAC = Seal._fields.index("mac")


def canonical(fields: Canonical) -> bytes:
    """Sorted keys, no blanks, UTF-8, whole numbers and texts only.

    >>> canonical({"b": 1, "a": "儿"}).decode()
    '{"a":"儿","b":1}'
    """
    return json.dumps(
        fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def entry_text(store: str, row: Row) -> bytes:
    """The canonical text of an entry: what `canonical` gives of `plain`, in a third of the time.

    Every text is quoted, so that no value can pass for the end of its field.
    """
    (
        account, act, after, at, before, case, number, kind,
        purpose, region, role, salt, staff, subject, unit, uuid,
    ) = row  # fmt: skip
    if number.__class__ is not int or at.__class__ is not str:
        return _odd_text(store, row)
    try:
        span = _moment(at) - _NAIVE_EPOCH
        text = (
            f'{{"account":{_NULL if account is None else _quoted(account)}'
            f',"act":{_quoted(act)}'
            f',"after":{_NULL if after is None else _quoted(after.hex())}'
            f',"at":{(span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds}'
            f',"before":{_NULL if before is None else _quoted(before.hex())}'
            f',"case":{_quoted(case)}'
            f',"id":{number}'
            f',"kind":{_quoted(kind)}'
            f',"purpose":{_quoted(purpose)}'
            f',"region":{_quoted(region)}'
            f',"role":{_quoted(role)}'
            f',"salt":{_quoted(salt.hex())}'
            f',"staff":{_NULL if staff is None else _quoted(staff)}'
            f',"store":{_quoted(store)}'
            f',"subject":{_NULL if subject is None else _quoted(subject)}'
            f',"unit":{_NULL if unit is None else _quoted(unit)}'
            f',"uuid":{_quoted(uuid)}}}'
        )
        return text.encode()
    except (TypeError, ValueError, AttributeError):
        return _odd_text(store, row)


def plain(store: str, row: Row) -> Canonical:
    """An entry as fields: its moment as a number, its digests as hexadecimal digits.

    A value of a type that no entry has, put there by hand, becomes a text that no entry has.
    """
    fields: dict[str, str | int | None] = {"store": store}
    for name, value in zip(COLUMNS, row, strict=True):
        if value is None or (name == "id" and isinstance(value, int)):
            fields[name] = value
        elif name in _DIGESTS and isinstance(value, bytes):
            fields[name] = value.hex()
        elif name == "at" and (moment := moment_of(row)) is not None:
            fields[name] = moment
        elif isinstance(value, str) and name not in (*_DIGESTS, "at", "id"):
            fields[name] = value
        else:
            fields[name] = f"\0{type(value).__name__} {value!r}"
    return fields


def moment_of(row: Row) -> int | None:
    """The moment of an entry in microseconds; None: the table holds something else there."""
    text = row[AT]
    if not isinstance(text, str):
        return None
    try:
        span = _moment(text) - _NAIVE_EPOCH
    except (TypeError, ValueError):
        return None
    return span // timedelta(microseconds=1)


def _odd_text(store: str, row: Row) -> bytes:
    text = json.dumps(plain(store, row), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # Bytes that are no UTF-8 can be put into SQLite by hand; they come back as they were.
    return text.encode("utf-8", "surrogateescape")


class ChainKey:
    """The key of one epoch, made ready: the keyed hash costs half of hmac.digest with it.

    Source: RFC 2104.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        """Take a key of at most 64 bytes."""
        padded = key.ljust(64, b"\0")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in padded))

    def link(self, seal: Seal) -> bytes:
        """The keyed hash of a seal over what it seals and the seal before it, 32 bytes."""
        pos, store, number, entry, leaf, epoch, previous, _, at = seal
        inner, outer = self._inner.copy(), self._outer.copy()
        text = f"{pos}|{at}|{epoch}|{store}|{number}|{entry}"
        inner.update(previous + leaf + text.encode("utf-8", "surrogateescape"))
        outer.update(inner.digest())
        return outer.digest()

    def fits(self, seal: Seal) -> bool:
        """Whether a seal was made with the key, with these values."""
        try:
            return self.link(seal) == seal[_MAC]
        except TypeError:  # a value of another type, put there by hand
            return False


def sealed(
    key: ChainKey, epoch: int, before: tuple[int, bytes], store: str, row: Row, at: int
) -> Seal:
    """The seal of an entry that follows the position and hash of the last one.

    Args:
        before: how many seals there are, and the keyed hash of the last.
        at: the moment of sealing in microseconds since 1970 in UTC.
    """
    pos, previous = before
    leaf = leaf_of(entry_text(store, row))
    seal = Seal(pos, store, row[NUMBER], str(row[UUID]), leaf, epoch, previous, b"", at)
    return seal._replace(mac=key.link(seal))


def digest_of(key: bytes, owner: bytes, values: bytes) -> bytes:
    """The keyed digest of what an act found or left, 32 bytes; equal values of two records differ.

    Args:
        owner: id of the record.
        values: in canonical form.
    """
    return hmac.digest(key, owner + values, "sha256")


def microseconds(moment: datetime) -> int:
    """A moment as whole microseconds since 1970 in UTC: the same text on every machine.

    >>> microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment_at(number: int) -> datetime:
    """The moment of a number of `microseconds`.

    >>> moment_at(microseconds(datetime(2026, 3, 2, tzinfo=UTC))).day
    2
    """
    return _EPOCH + timedelta(microseconds=number)
