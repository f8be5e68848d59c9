"""Destroying a person's key takes all that identifies them out of the file, and nothing else."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from reunion.base.actor import Actor, Purpose
from reunion.base.audit.models import AuditEntry
from reunion.base.errors import NotFound, NotPermitted, RuleBroken
from reunion.base.keyring import Keyring
from reunion.base.keys.access import find
from reunion.base.keys.actions import (
    CERTIFICATES,
    destroy_person_key,
    index_person,
    make_keys,
    reveal,
)
from reunion.base.keys.certificates import Certificate, check, public_key, sign
from reunion.base.keys.errors import CertificateForged, CertificateUnreadable, KeyDestroyed
from reunion.base.keys.models import Destruction, PersonKey, SearchToken
from reunion.base.keys.rules import Kind
from tests.base.notebook.models import Entry, Note
from tests.base.test_keys_fields import entry, note
from tests.cast import NOW, acting, outsider
from tools.own_system import own_system


def officer() -> Actor:
    return acting("data_protection_officer", "cn/", "keys.destroy")


def destroy(subject: UUID, *officers: Actor) -> Destruction:
    actor, approver = officers or (officer(), officer())
    return destroy_person_key(actor=actor, approver=approver, subject=subject, at=NOW)


def known_person(name: str) -> Entry:
    person = entry(name)
    note(person, f"about {name}")
    index_person(subject=person.pk, values=[(Kind.NAME, name)], surnames={}, calling_code="86")
    return person


@pytest.mark.django_db
def test_with_the_key_go_the_tokens_and_the_fields_of_one_person_alone() -> None:
    gone, other = known_person("王合成"), known_person("李合成")
    done = destroy(gone.pk)
    reader = acting("case_officer", "cn/").stating(Purpose.OWN_CASE)
    for record, field in ((gone, "name"), (Note.objects.get(entry=gone), "body")):
        record.refresh_from_db()
        with pytest.raises(KeyDestroyed):
            reveal(actor=reader, record=record, field=field, at=NOW)
    assert reveal(actor=reader, record=other, field="name", at=NOW) == "李合成"
    assert [hit.subject for hit in find(Kind.NAME, "王合成", surnames={}, calling_code="86")] == [
        other.pk  # by the pair that both names share
    ]
    assert not SearchToken.objects.filter(subject=gone.pk).exists()
    acts = AuditEntry.objects.filter(subject=done.pk).values_list("act", flat=True)
    assert set(acts) == {"destroy_person_key", "approve_destroy_person_key"}


@pytest.mark.django_db
def test_no_new_key_is_made_for_a_person_whose_key_was_destroyed() -> None:
    person = known_person("王合成")
    destroy(person.pk)
    with pytest.raises(KeyDestroyed):
        make_keys(subjects=[person.pk])
    with pytest.raises(KeyDestroyed):
        destroy(person.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonKey.objects.filter(subject=person.pk).update(wrapped=b"back again")


@pytest.mark.django_db
def test_one_officer_or_one_unit_destroys_nothing() -> None:
    person = known_person("王合成")
    one = officer()
    colleague = replace(officer(), unit=one.unit)
    for approver, rule in ((one, "two_officers"), (colleague, "two_units")):
        with pytest.raises(RuleBroken, match=rule):
            destroy(person.pk, one, approver)
    with pytest.raises(RuleBroken):
        destroy(person.pk, one, Actor(role="x", region="", permissions=one.permissions))
    with pytest.raises(NotPermitted):
        destroy(person.pk, one, outsider())
    with pytest.raises(NotPermitted):
        destroy(person.pk, outsider(), one)
    with pytest.raises(NotFound):
        destroy(uuid4())
    assert make_keys(subjects=[person.pk])


@pytest.mark.django_db
@pytest.mark.parametrize("same", ["by", "unit"])
def test_the_database_refuses_one_officer_or_one_unit(same: str) -> None:
    names = ("proposed_by", "proposed_unit", "approved_by", "approved_unit")
    values = {name: uuid4() for name in names}
    values[f"approved_{same}"] = values[f"proposed_{same}"]
    with pytest.raises(IntegrityError):
        Destruction.objects.create(subject=uuid4(), pseudonym="x", at=NOW, certificate="", **values)


@pytest.mark.django_db
def test_a_destruction_cannot_be_undone_in_the_records() -> None:
    done = destroy(known_person("王合成").pk)
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        Destruction.objects.filter(pk=done.pk).delete()


@pytest.mark.django_db
def test_the_certificate_says_what_was_destroyed_and_holds_no_name() -> None:
    person = known_person("王合成")
    first, second = officer(), officer()
    done = destroy(person.pk, first, second)
    ring: Keyring = settings.KEYRING
    key = public_key(ring.key(CERTIFICATES, ring.newest(CERTIFICATES)))
    certificate, signer = check(done.certificate, key)
    assert signer == key
    assert certificate.what["key"] == 1
    assert certificate.what["notebook.entry.name"] == 1
    assert certificate.what["notebook.note.body"] == 1
    assert certificate.what["search_token"] > 0
    assert certificate.officers == (str(first.staff), str(second.staff))
    assert (certificate.at, certificate.no_backup_from) == (NOW, date(2026, 4, 2))
    assert "王合成" not in done.certificate
    assert str(person.pk) not in done.certificate
    assert person.pk.hex not in done.certificate


CERTIFICATE = Certificate("p", {"key": 1}, NOW, ("one", "other"), date(2026, 4, 2))


def test_a_certificate_that_was_changed_in_any_field_does_not_hold() -> None:
    text = sign(CERTIFICATE, bytes(32))
    assert check(text, public_key(bytes(32)))[0] == CERTIFICATE
    changes = {
        "pseudonym": "q", "what": {"key": 2}, "at": "2026-03-03T09:00:00+00:00",
        "officers": ["one", "another"], "no_backup_from": "2026-04-01",
    }  # fmt: skip
    for field, value in changes.items():
        with pytest.raises(CertificateForged, match="signature"):
            check(json.dumps(json.loads(text) | {field: value}))


def test_a_certificate_of_another_key_does_not_hold() -> None:
    forged = sign(CERTIFICATE, bytes([1] * 32))
    with pytest.raises(CertificateForged, match="public_key"):
        check(forged, public_key(bytes(32)))


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"signature": "zz"}'])
def test_another_file_is_no_certificate(text: str) -> None:
    with pytest.raises(CertificateUnreadable):
        check(text)


FILL = """
import sys
from uuid import UUID
from django.conf import settings
from django.db import connection
from reunion.base.keys.actions import make_keys, seal, index_person
from reunion.base.keys.rules import Kind
from tests.base.notebook.models import Entry, Note
persons = [Entry(id=UUID(int=number)) for number in range(1, 201)]
keys = make_keys(subjects=[person.pk for person in persons])
for person in persons:
    name = f'{sys.argv[1]}{person.pk.int}'
    person.name = seal(subject=person.pk, model=Entry, field='name', row=person.pk, text=name)
    person.save()
    note = Note(entry=person)
    note.body = seal(subject=person.pk, model=Note, field='body', row=note.pk, text=name)
    note.save()
    index_person(subject=person.pk, values=[(Kind.NAME, name), (Kind.PHONE, sys.argv[2])],
                 surnames={}, calling_code='86')
"""
DESTROY = """
import sys
from datetime import datetime, UTC
from uuid import UUID, uuid4
from reunion.base.actor import Actor, Purpose
from reunion.base.keys.actions import destroy_person_key, make_keys, reveal
from reunion.base.keys.models import PersonKey, SearchToken
from tests.base.notebook.models import Entry, Note
gone = UUID(int=100)
key = PersonKey.objects.get(pk=gone)
marks = [bytes(key.wrapped), *make_keys(subjects=[gone]).values()]
marks += [Entry.objects.get(pk=gone).name.envelope, Note.objects.get(entry=gone).body.envelope]
own = SearchToken.objects.filter(subject=gone)
shared = SearchToken.objects.exclude(subject=gone).values('token')
marks += [bytes(row.token) for row in own.exclude(token__in=shared)]
actor, approver = (Actor(role='data_protection_officer', region='', staff=uuid4(), unit=uuid4(),
                         permissions=frozenset({'keys.destroy'})) for _ in range(2))
at = datetime(2026, 3, 2, 9, tzinfo=UTC)
destroy_person_key(actor=actor, approver=approver, subject=gone, at=at)
reader = actor.stating(Purpose.OWN_CASE)
others = Entry.objects.exclude(pk=gone)
read = [reveal(actor=reader, record=person, field='name', at=at) for person in others]
print(*(mark.hex() for mark in marks), len(read), len(set(read)))
"""


SCRUB = """
import sqlite3
from django.db import OperationalError, connection
from reunion.base.keys.scrubbing import scrub
reader = sqlite3.connect(connection.settings_dict['NAME'], isolation_level=None)
reader.execute('BEGIN')
reader.execute('SELECT COUNT(*) FROM keys_personkey').fetchone()
with connection.cursor() as cursor:
    cursor.execute('PRAGMA busy_timeout = 100')
try:
    scrub()
except OperationalError:
    print('in use')
reader.execute('COMMIT')
scrub()
print('scrubbed')
"""


def test_while_somebody_reads_the_old_pages_scrubbing_does_not_say_that_it_is_done(
    tmp_path: Path,
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("of the files of SQLite")
    with own_system(tmp_path, "tests.base.notebook.settings") as system:
        assert system.run(SCRUB).split("\n")[:2] == ["in use", "scrubbed"]


@pytest.mark.threat("T4")
def test_after_a_destruction_no_byte_is_left_in_the_live_files(tmp_path: Path) -> None:
    with own_system(tmp_path / "live", "tests.base.notebook.settings") as system:
        system.run(FILL, "王合成", "13800000000")
        backup = tmp_path / "backup"
        if connection.vendor == "sqlite":
            shutil.copytree(tmp_path / "live" / "data", backup)
        *marks, read, different = system.run(DESTROY).split()
    assert (read, different) == ("199", "199")
    if connection.vendor != "sqlite":
        return  # PostgreSQL frees the bytes later; its crypto-shredding is tested above
    plain = [bytes.fromhex(mark) for mark in marks]
    assert len(plain) > 6
    left = _bytes_of(tmp_path / "live")
    assert [mark.hex() for mark in plain if mark in left] == []
    before = _bytes_of(backup)
    assert sum(mark in before for mark in plain) == len(plain) - 1, "all but the data key itself"


@pytest.mark.threat("T4")
def test_database_log_and_dump_hold_no_plain_text(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the files of the server are not ours to read")
    with own_system(tmp_path / "live", "tests.base.notebook.settings") as system:
        system.run(FILL, "王合成", "13800000000")
    data = tmp_path / "live" / "data"
    content = _bytes_of(tmp_path / "live")
    with sqlite3.connect(data / "default.sqlite3") as database:
        dump = "\n".join(database.iterdump()).encode()
        (rows,) = database.execute("SELECT count(*) FROM notebook_entry").fetchone()
    assert rows == 200
    planted = ["王合成", "王合", "合成", "13800000000", "8613800000000", "wanghecheng"]
    for text in planted:
        for mark in (text.encode(), text.encode("utf-16-le"), text.encode().hex().encode()):
            assert mark not in content
            assert mark not in dump


THIEF = """
from itertools import chain
from django.conf import settings
from reunion.base.errors import ReunionError
from reunion.base.keys.envelope import Place, key_number, open_envelope, open_sealed_to
from reunion.base.keys.models import PersonKey, SearchToken
from tests.base.notebook.models import Entry, Note
keys = [file.read_bytes() for file in settings.KEYS.rglob('*.[0-9]*')]
keys += [bytes(row.token) * 2 for row in SearchToken.objects.all()[:100]]
opened = tried = 0
sealed = [(Place('keys.personkey', 'wrapped', row.pk), bytes(row.wrapped))
          for row in PersonKey.objects.all()]
sealed += [(Place('notebook.entry', 'name', row.pk), row.name.envelope)
           for row in Entry.objects.all()]
sealed += [(Place('notebook.note', 'body', row.pk), row.body.envelope)
           for row in Note.objects.all()]
for place, envelope in sealed:
    for key in keys:
        tried += 1
        try:
            open_envelope({key_number(envelope): key}.__getitem__, envelope, place)
            opened += 1
        except ReunionError:
            pass
print(len(keys), tried, opened)
"""


@pytest.mark.threat("T4")
def test_the_database_with_the_keys_of_the_public_process_opens_nothing(tmp_path: Path) -> None:
    public = Keyring(tmp_path / "stolen" / "public")
    for name in ("site", "pepper", "kek", "index"):  # its own ones, under whatever name
        public.add(name)
    with own_system(tmp_path / "live", "tests.base.notebook.settings") as system:
        system.run(FILL, "王合成", "13800000000")
        stolen = system.environment | {"REUNION_KEYS": str(tmp_path / "stolen")}
        keys, tried, opened = map(int, replace(system, environment=stolen).run(THIEF).split())
    assert keys > 100
    assert tried == keys * 600
    assert opened == 0


def _bytes_of(folder: Path) -> bytes:
    return b"".join(
        file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "sqlite3" in file.name
    )
