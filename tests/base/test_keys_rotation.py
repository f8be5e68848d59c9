"""Rotation, escrow and recovery: interrupted at any moment, they lose no key."""

from __future__ import annotations

import random
import signal
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from reunion.base.keyring import KeyMissing, Keyring
from reunion.base.keys.actions import make_keys
from reunion.base.keys.envelope import EnvelopeDamaged, new_pair, open_sealed_to
from reunion.base.keys.errors import EscrowNotOpened, WrapUnreadable
from reunion.base.keys.models import Escrow, PersonKey
from reunion.base.keys.rotation import _stage, create_escrow, recover, retire, rotate
from reunion.base.keys.shares import new_escrow, open_escrow
from tests.cast import NOW
from tools.own_system import own_system

CUSTODIANS = {name: new_pair() for name in ("secretariat", "procuratorate", "civil_affairs")}
PUBLIC = {name: public for name, (_private, public) in CUSTODIANS.items()}
PRIVATE = {name: private for name, (private, _public) in CUSTODIANS.items()}


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keyring:
    """A keyring of this test alone."""
    new = Keyring(tmp_path / "ring")
    monkeypatch.setattr(settings, "KEYRING", new)
    return new


def persons(count: int) -> dict[UUID, bytes]:
    return make_keys(subjects=[uuid4() for _ in range(count)])


def rotated() -> int:
    return max(rotate(at=NOW), default=0)


@pytest.mark.django_db
def test_a_rotation_moves_every_key_and_changes_none(ring: Keyring) -> None:
    keys = persons(7)
    assert rotated() == 7
    assert set(PersonKey.objects.values_list("kek", flat=True)) == {2}
    assert make_keys(subjects=keys) == keys
    (ring.folder / "kek.1").unlink()
    assert make_keys(subjects=keys) == keys


@pytest.mark.django_db
def test_an_unfinished_rotation_is_finished_and_no_other_begun(ring: Keyring) -> None:
    keys = persons(3)
    PersonKey.objects.filter(subject=next(iter(keys))).update(kek=1)
    ring.add("kek")
    _stage(2)
    newcomer = persons(1)
    assert rotated() == 3
    assert ring.versions("kek") == [1, 2]
    assert make_keys(subjects=[*keys, *newcomer]) == keys | newcomer


@pytest.mark.django_db
def test_a_wrap_that_does_not_open_never_takes_the_place_of_one_that_does(ring: Keyring) -> None:
    keys = persons(2)
    one, other = sorted(keys)
    ring.add("kek")
    staged = _stage(2)
    PersonKey.objects.filter(subject=one).update(
        staged=PersonKey.objects.get(subject=other).wrapped
    )
    assert set(staged) == {one, other}
    from reunion.base.keys.rotation import _promote

    with pytest.raises((WrapUnreadable, EnvelopeDamaged)):
        _promote(staged, 2)
    assert make_keys(subjects=keys) == keys


@pytest.mark.django_db
def test_older_keys_go_when_no_backup_needs_them(ring: Keyring) -> None:
    keys = persons(2)
    rotated()
    assert retire(at=NOW + timedelta(days=29)) == []
    assert retire(at=NOW + timedelta(days=30)) == [1]
    with pytest.raises(KeyMissing):
        ring.key("kek", 1)
    assert make_keys(subjects=keys) == keys


def test_any_two_custodians_open_the_escrow_and_one_alone_does_not() -> None:
    public, sheet = new_escrow(PUBLIC, 1)
    names = list(PRIVATE)
    opened = {
        open_escrow(sheet, PRIVATE[one], PRIVATE[other])
        for one in names
        for other in names
        if one != other
    }
    assert len(opened) == 1
    for name in names:
        with pytest.raises(EscrowNotOpened, match="two_custodians"):
            open_escrow(sheet, PRIVATE[name], PRIVATE[name])
        with pytest.raises(EscrowNotOpened, match="two_custodians"):
            open_escrow(sheet, PRIVATE[name], new_pair()[0])
    assert bytes.fromhex(sheet.split('"public": "')[1][:64]) == public


def test_one_custodian_opens_no_box_of_the_sheet_down_to_the_key() -> None:
    _public, sheet = new_escrow(PUBLIC, 1)
    boxes = [bytes.fromhex(part.split('"')[0]) for part in sheet.split('"box": "')[1:]]
    assert len(boxes) == 3
    for private in PRIVATE.values():
        for box in boxes:
            with pytest.raises(EnvelopeDamaged):  # noqa: PT012  # either layer may refuse
                inner = open_sealed_to(private, box)
                open_sealed_to(private, inner)


def test_an_escrow_needs_three_custodians_with_three_keys() -> None:
    with pytest.raises(EscrowNotOpened, match="three_custodians"):
        new_escrow(dict(list(PUBLIC.items())[:2]), 1)
    with pytest.raises(EscrowNotOpened, match="three_custodians"):
        new_escrow(dict.fromkeys(PUBLIC, PUBLIC["secretariat"]), 1)


@pytest.mark.django_db
@pytest.mark.threat("T26")
def test_with_the_keyring_lost_the_escrow_gives_every_key_back(
    ring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before_escrow = persons(3)
    escrow = create_escrow(custodians=PUBLIC, at=NOW)
    rotated()
    keys = before_escrow | persons(4)
    monkeypatch.setattr(settings, "KEYRING", Keyring(tmp_path / "new"))
    newcomer = persons(1)
    with pytest.raises((KeyMissing, EnvelopeDamaged)):
        make_keys(subjects=keys)
    private = open_escrow(escrow.sheet, PRIVATE["procuratorate"], PRIVATE["secretariat"])
    assert max(recover(private=private, at=NOW)) == 7
    assert make_keys(subjects=[*keys, *newcomer]) == keys | newcomer


@pytest.mark.django_db
def test_at_a_change_of_custodians_all_keys_are_sealed_for_the_new_escrow(ring: Keyring) -> None:
    create_escrow(custodians=PUBLIC, at=NOW)
    persons(3)
    successors = {name: new_pair()[1] for name in PUBLIC}
    second = create_escrow(custodians=successors, at=NOW)
    rotated()
    assert set(PersonKey.objects.values_list("escrow", flat=True)) == {second.number}
    first = Escrow.objects.get(number=1)
    private = open_escrow(first.sheet, PRIVATE["secretariat"], PRIVATE["civil_affairs"])
    row = PersonKey.objects.all()[0]
    assert row.escrowed is not None
    with pytest.raises(EnvelopeDamaged):
        open_sealed_to(private, bytes(row.escrowed))


PERSONS = 2000
SCRIPT = f"""
import hashlib
from uuid import UUID
from django.utils.timezone import now
from reunion.base.keys import rotation
from reunion.base.keys.actions import make_keys
from reunion.base.keys.models import PersonKey
keys = make_keys(subjects=[UUID(int=number) for number in range({PERSONS})])
print(hashlib.sha256(b''.join(keys[subject] for subject in sorted(keys))).hexdigest(), flush=True)
rotation.BATCH, rotation.BREATH = 20, 0.01
print(max(rotation.rotate(at=now()), default=0))
waiting = PersonKey.objects.filter(staged__isnull=False).count()
print(waiting, *set(PersonKey.objects.values_list('kek', flat=True)))
"""


@pytest.mark.threat("T26")
def test_a_rotation_that_is_killed_at_random_moments_loses_no_key(tmp_path: Path) -> None:
    chance = random.Random(20260302)  # noqa: S311  # moments of kills, not keys
    with own_system(tmp_path, "tests.base.notebook.settings") as system:
        seen, kills = set(), 0
        while kills < 5:
            process = system.start(SCRIPT)
            assert process.stdout is not None
            seen.add(process.stdout.readline().strip())
            time.sleep(chance.uniform(0, 1.5))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            kills += process.returncode == -signal.SIGKILL
        first, moved, standing = system.run(SCRIPT).split("\n")[:3]
        again = system.run(SCRIPT).split("\n")[0]
    assert seen == {first} == {again}
    assert 0 < int(moved) <= PERSONS
    assert standing.split()[0] == "0"
    assert len(standing.split()) == 2
