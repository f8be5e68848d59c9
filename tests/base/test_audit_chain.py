"""Whoever has all rights over the database, and even the key, cannot change the trail unseen."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from reunion.base.audit.findings import Fault
from reunion.base.audit.rules import COLUMNS, Row, canonical, entry_text, plain
from reunion.base.audit.sources import sources
from tests.append_only import without_triggers
from tests.base.sealing import LATER, entries, faults, keys, seal_all, seeded
from tests.cast import NOW
from tools.audit_figures import build, tamper

HOSTILE = ("", "儿童", 'a","act":"b', "\\", "\x00\x1f\x7f", "\u2028", "😀", "null", "x" * 300)


def some_row(rng: random.Random) -> Row:
    words = {name: rng.choice(HOSTILE) for name in COLUMNS}
    row: dict[str, object] = words | {
        "id": rng.randrange(-5, 2**62),
        "at": str(NOW + timedelta(microseconds=rng.randrange(10**9)))[:-6],
        "after": rng.choice((None, rng.randbytes(32))),
        "before": rng.choice((None, b"")),
        "salt": rng.randbytes(16),
        "staff": rng.choice((None, "a" * 32)),
    }
    return tuple(row[name] for name in COLUMNS)


def test_the_quick_spelling_is_that_of_json() -> None:
    rng = seeded()
    for _ in range(2_000):
        row = some_row(rng)
        fields = plain("default", row)
        assert entry_text("default", row) == canonical(fields)
        assert json.loads(entry_text("default", row)) == fields


def test_values_of_types_that_no_entry_has_are_spelled_differently() -> None:
    row = some_row(seeded())
    seen = {entry_text("default", row)}
    for place in range(len(COLUMNS)):
        for value in (1.5, b"x", 7, "2026", None, "\udc80"):
            other = (*row[:place], value, *row[place + 1 :])
            if other != row:
                seen.add(entry_text("default", other))
    assert len(seen) > len(COLUMNS) * 4


@pytest.mark.django_db
def test_a_row_is_read_as_it_was_written() -> None:
    (entry,) = entries(1, at=datetime(2026, 3, 2, 9, 0, 0, 120, tzinfo=UTC))
    row = sources()[0].entry(entry.uuid.hex)
    assert row is not None
    fields = plain("default", row)
    assert fields["at"] == 1_772_442_000_000_120
    assert (fields["uuid"], fields["id"]) == (entry.uuid.hex, entry.pk)
    assert fields["salt"] == bytes(entry.salt).hex()
    assert fields["role"] == "administrator"


@pytest.mark.django_db
def test_a_sound_trail_has_no_findings(tmp_path: Path) -> None:
    entries(40)
    seal_all(tmp_path)
    entries(3)
    seal_all(tmp_path)
    assert not faults(tmp_path)
    assert not faults(tmp_path, with_journal=False)


@pytest.mark.django_db
@pytest.mark.threat("T12")
@pytest.mark.threat("T11")
def test_every_kind_of_tampering_is_found_and_located(tmp_path: Path) -> None:
    world = build(tmp_path, 300)
    with without_triggers("default"):
        outcome = tamper(world, 96)
    assert len(outcome.done) == 46
    assert outcome.detected == outcome.done
    assert outcome.located == outcome.done
    assert outcome.outside[0] == outcome.outside[1] > 0
    assert outcome.offline[0] == outcome.offline[1] > 0


@pytest.mark.django_db
def test_texts_that_are_not_even_text_are_found(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL refuses bytes that are no UTF-8")
    first, second = entries(2)
    seal_all(tmp_path)
    with without_triggers("default"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audit_auditentry SET act = CAST(x'ff' AS TEXT) WHERE id = %s", [second.pk]
        )
    found = faults(tmp_path)
    assert [(f.fault, f.position, f.entry) for f in found] == [
        (Fault.ENTRY_ALTERED, 1, second.uuid.hex)
    ]
    assert first.act == "act_0"


@pytest.mark.django_db
def test_an_entry_that_nobody_sealed_is_named_after_a_minute(tmp_path: Path) -> None:
    entries(1)
    seal_all(tmp_path)
    (late,) = entries(1)
    (found,) = faults(tmp_path)
    assert (found.fault, found.entry) == (Fault.ENTRY_UNSEALED, late.uuid.hex)
    entries(1, at=LATER)
    assert len(faults(tmp_path)) == 1


@pytest.mark.django_db
def test_a_key_that_was_replaced_seals_nothing_new(tmp_path: Path) -> None:
    entries(2)
    seal_all(tmp_path)
    keys(tmp_path).add("audit")
    entries(2)
    seal_all(tmp_path)
    assert not faults(tmp_path)
    with without_triggers("default"), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditseal SET epoch = 1 WHERE pos = 3")
    assert [(f.fault, f.position) for f in faults(tmp_path)] == [(Fault.SEAL_ALTERED, 3)]
