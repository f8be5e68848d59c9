"""The signer seals each entry once, whatever happened before, and says what the database lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from reunion.base.audit.access import heads, last_head
from reunion.base.audit.actions import request_head
from reunion.base.audit.findings import Fault
from reunion.base.audit.heads import check_heads
from reunion.base.audit.journal import Desk, SignerRuns, StateDamaged
from reunion.base.audit.lookout import GAP_LIFE, Lookout
from reunion.base.audit.models import AuditEntry, AuditSeal, TreeHead
from reunion.base.audit.signer import Event, JournalDamaged, SealForeign
from reunion.base.audit.sources import sources
from reunion.base.keyring import Keyring
from tests.append_only import without_triggers
from tests.base.sealing import entries, faults, keys, notices, seal_all, signer
from tests.cast import NOW, administrator

pytestmark = pytest.mark.django_db


def execute(sql: str, *values: int) -> None:
    with without_triggers("default"), connection.cursor() as cursor:
        cursor.execute(sql, values or None)


def files(folder: Path) -> dict[str, bytes]:
    """The signer's own files."""
    return {name: (folder / "signer" / name).read_bytes() for name in ("journal", "state.json")}


def put_back(folder: Path, kept: dict[str, bytes]) -> None:
    for name, content in kept.items():
        (folder / "signer" / name).write_bytes(content)


def test_positions_have_no_gaps_and_every_entry_has_one(tmp_path: Path) -> None:
    made = entries(5)
    seal_all(tmp_path)
    made += entries(5)
    seal_all(tmp_path)
    seals = list(AuditSeal.objects.order_by("pos"))
    assert [seal.pos for seal in seals] == list(range(10))
    assert [seal.entry for seal in seals] == [entry.uuid for entry in made]
    assert not faults(tmp_path)


def test_what_commits_late_is_sealed_when_it_comes(tmp_path: Path) -> None:
    with signer(tmp_path) as working:
        entries(3)
        last = AuditEntry.objects.latest("id").pk
        late = AuditEntry(pk=last + 1, at=NOW, act="late", kind="", role="x")
        AuditEntry.objects.bulk_create([AuditEntry(pk=last + 5, at=NOW, act="b", role="x")])
        while working.seal(NOW):
            pass
        assert working.lookouts["default"].ranges()[-1] == (last + 1, last + 4)
        AuditEntry.objects.bulk_create([late])
        assert working.seal(NOW + timedelta(seconds=1)) == 1
        assert AuditSeal.objects.latest("pos").entry == late.uuid
        assert working.lookouts["default"].ranges()[-1] == (last + 2, last + 4)
    assert not faults(tmp_path)


def test_what_came_after_its_gap_was_given_up_is_found_by_the_look_at_all(tmp_path: Path) -> None:
    with signer(tmp_path) as working:
        AuditEntry.objects.bulk_create([AuditEntry(pk=10**6, at=NOW, act="b", role="x")])
        while working.seal(NOW):
            pass
        working.lookouts["default"].gaps = []
        late = AuditEntry(pk=77, at=NOW, act="late", role="x")
        AuditEntry.objects.bulk_create([late])
        soon = NOW + timedelta(minutes=59)
        assert not working.seal(soon)
        after = NOW + timedelta(minutes=120)
        assert sum(working.seal(after) for _ in range(4)) == 1
        assert AuditSeal.objects.latest("pos").entry == late.uuid


def test_gaps_are_forgotten_after_a_while_and_never_many() -> None:
    seen = Lookout()
    seen.saw([5], 0)
    assert seen.ranges() == [(1, 4)]
    seen.saw([2], 1)
    assert seen.ranges() == [(1, 1), (3, 4)]
    seen.saw([6], GAP_LIFE)
    assert seen.ranges() == []
    seen.saw(range(10, 2_000, 2), GAP_LIFE)
    assert len(seen.ranges()) == 200
    assert seen.last == 1_998


def test_killed_before_the_database_had_it_the_batch_is_written_as_it_was(tmp_path: Path) -> None:
    entries(3)
    seal_all(tmp_path)
    state = files(tmp_path)["state.json"]
    entries(4)
    seal_all(tmp_path, head=False)
    before = list(AuditSeal.objects.order_by("pos").values_list("pos", "mac", "at"))
    execute("DELETE FROM audit_auditseal WHERE pos >= 3")
    put_back(tmp_path, {"state.json": state})
    (notice,) = notices(tmp_path)
    assert (notice.event, notice.first, notice.until) == (Event.RESUMED, 3, 7)
    assert list(AuditSeal.objects.order_by("pos").values_list("pos", "mac", "at")) == before
    assert not faults(tmp_path)


def test_killed_before_the_state_was_written_nothing_is_sealed_twice(tmp_path: Path) -> None:
    entries(3)
    seal_all(tmp_path)
    state = files(tmp_path)["state.json"]
    entries(4)
    seal_all(tmp_path, head=False)
    put_back(tmp_path, {"state.json": state})
    assert notices(tmp_path) == []
    entries(1)
    seal_all(tmp_path)
    assert AuditSeal.objects.count() == 8
    assert not faults(tmp_path)


def test_a_half_written_end_of_the_journal_is_taken_away(tmp_path: Path) -> None:
    entries(3)
    seal_all(tmp_path)
    kept = files(tmp_path)
    for rest in (b"\x00", b"\x00" * 200, kept["journal"][:150]):
        put_back(tmp_path, {"journal": kept["journal"] + rest})
        assert notices(tmp_path) == []
        assert files(tmp_path)["journal"] == kept["journal"]


@pytest.mark.threat("T12")
def test_a_database_that_lost_seals_is_told_of_and_named_forever(tmp_path: Path) -> None:
    made = entries(6)
    seal_all(tmp_path)
    execute("DELETE FROM audit_treehead")
    execute("DELETE FROM audit_auditseal WHERE pos >= 4")
    execute("DELETE FROM audit_auditentry WHERE id >= %s", made[4].pk)
    before = faults(tmp_path)
    assert (Fault.TRUNCATED, 4, made[4].uuid.hex, 6) in [
        (f.fault, f.position, f.entry, f.until) for f in before
    ]
    found = notices(tmp_path)
    assert [(n.event, n.first, n.until) for n in found] == [
        (Event.TRUNCATED, 4, 6), (Event.HEAD_RESTORED, 6, 7),
    ]  # fmt: skip
    entries(2)
    seal_all(tmp_path)
    assert [(f.fault, f.position, f.entry) for f in faults(tmp_path)] == [
        (Fault.ENTRY_MISSING, 4, made[4].uuid.hex),
        (Fault.ENTRY_MISSING, 5, made[5].uuid.hex),
    ]
    assert AuditSeal.objects.latest("pos").pos == 7


def test_without_its_journal_the_signer_takes_over_what_its_key_sealed(tmp_path: Path) -> None:
    entries(5)
    seal_all(tmp_path)
    kept = files(tmp_path)
    for lost in (("journal",), ("journal", "state.json")):
        for name in lost:
            (tmp_path / "signer" / name).unlink()
        (notice,) = notices(tmp_path)
        assert (notice.event, notice.first, notice.until) == (Event.AHEAD, 0, 5)
        assert files(tmp_path)["journal"] == kept["journal"]
    entries(1)
    seal_all(tmp_path)
    assert not faults(tmp_path)


@pytest.mark.threat("T12")
def test_a_seal_that_somebody_else_made_stops_the_signer(tmp_path: Path) -> None:
    entries(3)
    seal_all(tmp_path)
    entries(1)
    seal = AuditSeal.objects.get(pos=2)
    seal.pos, seal.entry = 3, AuditEntry.objects.latest("id").uuid
    seal.save(force_insert=True)
    with pytest.raises(SealForeign) as refused:
        notices(tmp_path)
    assert refused.value.position == 3


def test_with_another_key_nothing_is_sealed(tmp_path: Path) -> None:
    entries(3)
    seal_all(tmp_path)
    key = tmp_path / "keys" / "audit.1"
    key.unlink()
    Keyring(tmp_path / "keys").add("audit")
    with pytest.raises(JournalDamaged):
        notices(tmp_path)


def test_a_changed_last_seal_is_told_of(tmp_path: Path) -> None:
    entries(3)
    seal_all(tmp_path)
    execute("UPDATE audit_auditseal SET at = at + 1 WHERE pos = 2")
    assert [notice.event for notice in notices(tmp_path)] == [Event.DIFFERS]


def test_only_one_signer_works(tmp_path: Path) -> None:
    first = Desk(tmp_path)
    with pytest.raises(SignerRuns):
        Desk(tmp_path)
    first.close()
    Desk(tmp_path).close()


def test_a_damaged_state_is_named(tmp_path: Path) -> None:
    entries(1)
    seal_all(tmp_path)
    put_back(tmp_path, {"state.json": b"{}"})
    with pytest.raises(StateDamaged):
        notices(tmp_path)


def test_a_new_key_of_the_heads_is_announced_by_the_old_one(tmp_path: Path) -> None:
    entries(2)
    seal_all(tmp_path)
    keys(tmp_path).add("head")
    seal_all(tmp_path)
    entries(1)
    seal_all(tmp_path)
    first, second, third = heads()
    assert first.public_key == second.public_key != third.public_key
    assert second.announces == third.public_key
    assert [head.key_version for head in (first, second, third)] == [1, 1, 2]
    assert not faults(tmp_path)
    roots = {head.size: head.root for head in (first, second, third)}
    gone = list(check_heads([first, third], roots, 3))
    assert [(f.fault, f.position) for f in gone] == [(Fault.HEAD_ALTERED, 1)]


def test_a_head_is_due_each_hour_each_day_and_when_asked_for(tmp_path: Path) -> None:
    with signer(tmp_path) as working:
        assert not working.is_head_due(NOW)
        entries(1)
        working.seal(NOW)
        assert working.is_head_due(NOW)
        working.sign(NOW)
        assert not working.is_head_due(NOW + timedelta(minutes=90))
        entries(1)
        working.seal(NOW)
        assert not working.is_head_due(NOW + timedelta(minutes=59))
        assert working.is_head_due(NOW + timedelta(minutes=60))
        working.sign(NOW)
        assert working.is_head_due(NOW + timedelta(days=1))
        request_head(actor=administrator(), at=NOW)
        working.seal(NOW)
        assert working.is_head_due(NOW)


def test_a_head_publishes_the_lag_of_what_it_covers(tmp_path: Path) -> None:
    entries(99)
    entries(1, at=NOW - timedelta(seconds=9))
    seal_all(tmp_path, at=NOW + timedelta(seconds=1))
    head = last_head()
    assert head is not None
    assert (head.lag_p50, head.lag_p99) == (1_000_000, 10_000_000)
    assert TreeHead.objects.get().lag_p99 == 10_000_000


def test_looking_for_new_entries_reads_only_new_rows(tmp_path: Path) -> None:
    entries(30)
    seal_all(tmp_path)
    (source,) = sources()
    last = source.last()
    assert source.after(last) == []
    entries(2)
    assert len(source.after(last)) == 2
