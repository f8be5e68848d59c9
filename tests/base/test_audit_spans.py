"""A chain that is checked in spans, by several processes, has the findings of one check."""

from __future__ import annotations

import os
import subprocess
import sys
from array import array
from collections import Counter
from pathlib import Path

import pytest
from django.db import transaction

from reunion.base.actor import system
from reunion.base.audit import spans
from reunion.base.audit.actions import record
from reunion.base.audit.models import AuditEntry
from reunion.base.audit.spans import OPEN, Cover, Plan, SpanCheck, planned, sound_start
from reunion.base.audit.verify import verify
from tests.append_only import without_triggers
from tests.base.sealing import LATER, entries, keys, seal_all
from tests.cast import NOW
from tools.audit_figures import build, vandal

SPANS = Plan(16, 1)

PROCESSES = """
import sys
from datetime import timedelta
from pathlib import Path
from tools.audit_figures import START, build, start_django

home = Path(sys.argv[1])
start_django(home)
world = build(home, 300)
from django.db import connection
from reunion.base.audit.spans import Plan
from reunion.base.audit.verify import verify
from reunion.base.keyring import Keyring
from tests.append_only import without_triggers

keys = Keyring(home / "keys")
for act in ("", "UPDATE audit_auditentry SET act = 'x' WHERE id % 100 = 50"):
    if act:
        with without_triggers("default"), connection.cursor() as cursor:
            cursor.execute(act)
    one = verify(keys, world.later, home / "signer")
    many = verify(keys, world.later, home / "signer", Plan(40, 3))
    assert one == many, (one, many)
    print(len(many.findings), many.size)
"""


def covered(folder: Path, plan: Plan = SPANS) -> int | None:
    """How many seals the sound spans from genesis on hold; None: the check begins at genesis."""
    start = sound_start(SpanCheck({1: keys(folder).key("audit", 1)}, None), plan)
    return len(start.leaves) if start else None


@pytest.mark.django_db
def test_all_spans_of_a_sound_trail_are_joined(tmp_path: Path) -> None:
    world = build(tmp_path, 300)
    assert covered(tmp_path) == 300
    one = verify(keys(tmp_path), world.later, tmp_path / "signer")
    assert verify(keys(tmp_path), world.later, tmp_path / "signer", SPANS) == one
    assert (one.findings, one.size) == ((), 300)


@pytest.mark.django_db
@pytest.mark.threat("T12")
def test_every_kind_of_tampering_has_the_same_findings_in_spans(tmp_path: Path) -> None:
    world = build(tmp_path, 300)
    doer, ring, seen = vandal(world), keys(tmp_path), Counter[str]()
    with without_triggers("default"):
        for deed in doer.deeds() * 2:
            with transaction.atomic():
                kind = deed().kind
                for folder in (tmp_path / "signer", None):
                    one = verify(ring, world.later, folder)
                    assert verify(ring, world.later, folder, SPANS) == one, kind
                    seen[kind] += bool(one.findings)
                transaction.set_rollback(True)
    assert len(seen) == 46
    assert min(seen.values()) > 0


@pytest.mark.django_db
def test_what_waits_or_was_never_sealed_is_named_after_the_spans(tmp_path: Path) -> None:
    entries(40)
    seal_all(tmp_path)
    entries(1)
    entries(2, at=LATER)
    one = verify(keys(tmp_path), LATER, tmp_path / "signer")
    assert verify(keys(tmp_path), LATER, tmp_path / "signer", SPANS) == one
    assert (covered(tmp_path), len(one.findings)) == (40, 1)


@pytest.mark.django_db
def test_entries_that_were_sealed_later_than_their_ids_say_are_joined(tmp_path: Path) -> None:
    late = entries(64)
    held = AuditEntry.objects.filter(pk__in=[entry.pk for entry in late[10:13]])
    kept = list(held)
    with without_triggers("default"):
        held._raw_delete("default")
        seal_all(tmp_path)
        AuditEntry.objects.bulk_create(kept)
        seal_all(tmp_path)
    assert covered(tmp_path) == 64
    assert verify(keys(tmp_path), LATER, tmp_path / "signer", SPANS).findings == ()


@pytest.mark.django_db
def test_an_entry_put_in_between_two_spans_is_not_passed_over(tmp_path: Path) -> None:
    (first, *_) = entries(33)
    seal_all(tmp_path)
    record(actor=system("test"), act="late", subject=None, at=NOW)
    new = AuditEntry.objects.get(act="late")
    with without_triggers("default"):
        AuditEntry.objects.filter(pk=new.pk).update(id=first.pk - 5)
    one = verify(keys(tmp_path), LATER, tmp_path / "signer")
    assert verify(keys(tmp_path), LATER, tmp_path / "signer", SPANS) == one
    assert [finding.entry for finding in one.findings] == [new.uuid.hex]


def test_no_entry_is_counted_for_two_seals() -> None:
    cover = Cover()
    assert cover.add(array("q", [1, 2, 5]), [3, 4])
    assert cover.add(array("q", [4, 6]), [])
    assert (cover.open, cover.top, cover.count) == ({3}, 6, 5)
    assert not cover.add(array("q", [5, 7]), [])
    assert not cover.add(array("q", [3, 3]), [])
    assert not cover.add(array("q", [9_000]), range(7, 8 + OPEN))


@pytest.mark.django_db
def test_within_a_transaction_no_process_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans, "FEW", 0)
    assert planned() is None


def test_several_processes_find_what_one_finds(tmp_path: Path) -> None:
    """On a database of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("REUNION_")}
    done = subprocess.run(
        [sys.executable, "-c", PROCESSES, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("0 300\n3 300\n", 0), done.stderr
