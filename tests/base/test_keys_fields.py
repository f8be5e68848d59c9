"""A sealed field is read for a stated purpose only, and shows nothing on the way."""

from __future__ import annotations

import copy
import json
from uuid import uuid4

import pytest
from django.core import serializers
from django.db import connection

from reunion.base.actor import Purpose
from reunion.base.audit.models import AuditEntry
from reunion.base.errors import NotFound, PurposeMissing
from reunion.base.keys.actions import make_keys, reveal, seal, seal_under
from reunion.base.keys.envelope import EnvelopeDamaged
from reunion.base.keys.errors import EscrowMissing
from reunion.base.keys.models import PersonKey
from tests.base.notebook.models import Entry, Note
from tests.cast import NOW, acting, outsider

pytestmark = pytest.mark.django_db
NAME = "王合成"  # synthetic


def entry(name: str = NAME) -> Entry:
    new = Entry()
    new.name = seal(subject=new.pk, model=Entry, field="name", row=new.pk, text=name)
    new.save()
    return Entry.objects.get(pk=new.pk)


def note(about: Entry, text: str) -> Note:
    new = Note(entry=about)
    new.body = seal(subject=about.pk, model=Note, field="body", row=new.pk, text=text)
    new.save()
    return Note.objects.get(pk=new.pk)


def test_a_purpose_opens_a_field_and_leaves_an_entry() -> None:
    person = entry()
    reader = acting("case_officer", "cn/15/").stating(Purpose.OWN_CASE, "case 7")
    assert reveal(actor=reader, record=person, field="name", at=NOW) == NAME
    read = AuditEntry.objects.get(subject=person.pk)
    assert (read.act, read.purpose, read.case) == ("read_name", "own_case", "case 7")
    assert read.staff == reader.staff


def test_without_a_purpose_nothing_is_read() -> None:
    person = entry()
    with pytest.raises(PurposeMissing, match=r"notebook\.entry\.name"):
        reveal(actor=outsider(), record=person, field="name", at=NOW)
    assert not AuditEntry.objects.filter(subject=person.pk).exists()


def test_a_sealed_value_shows_itself_nowhere() -> None:
    person = entry()
    value = person.name
    shown = [str(value), repr(value), f"{value}", f"{value!r}", str([value]), str(person)]
    shown.append(serializers.serialize("json", [person]))
    assert value is not None
    assert all(NAME not in text for text in shown)
    assert shown[:4] == ["<sealed>"] * 4
    assert copy.deepcopy(value) == value


def test_a_dump_of_records_keeps_envelopes() -> None:
    person = entry()
    text = serializers.serialize("json", [person])
    (again,) = serializers.deserialize("json", text)
    assert isinstance(again.object, Entry)
    assert again.object.name == person.name
    assert "<sealed>" not in json.loads(text)[0]["fields"]["name"]


def test_a_plain_text_is_not_stored() -> None:
    with pytest.raises(TypeError, match="takes what is sealed only"):
        Entry(name=NAME).save()


@pytest.mark.threat("T10")
def test_an_envelope_that_was_swapped_between_rows_does_not_open() -> None:
    one, other = entry("甲合成"), entry("乙合成")
    reader = acting("case_officer", "cn/15/").stating(Purpose.OWN_CASE)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notebook_entry SET name = (SELECT name FROM notebook_entry WHERE id = %s)"
            " WHERE id = %s",
            [_id(other), _id(one)],
        )
    one.refresh_from_db()
    assert one.name == other.name
    with pytest.raises(EnvelopeDamaged):
        reveal(actor=reader, record=one, field="name", at=NOW)


def test_an_envelope_that_was_swapped_between_rows_of_one_person_does_not_open() -> None:
    person = entry()
    one, other = note(person, "first"), note(person, "second")
    one.body = other.body
    one.save()
    reader = acting("case_officer", "cn/15/").stating(Purpose.OWN_CASE)
    with pytest.raises(EnvelopeDamaged):
        reveal(actor=reader, record=one, field="body", at=NOW)
    assert reveal(actor=reader, record=other, field="body", at=NOW) == "second"


def test_a_key_wrap_that_was_swapped_between_persons_does_not_open() -> None:
    one, other = entry("甲合成"), entry("乙合成")
    foreign = PersonKey.objects.get(subject=other.pk).wrapped
    PersonKey.objects.filter(subject=one.pk).update(wrapped=foreign)
    reader = acting("case_officer", "cn/15/").stating(Purpose.OWN_CASE)
    with pytest.raises(EnvelopeDamaged):
        reveal(actor=reader, record=one, field="name", at=NOW)


def test_a_person_has_one_key_however_often_it_is_asked_for() -> None:
    subjects = [uuid4() for _ in range(3)]
    keys = make_keys(subjects=subjects[:2])
    assert make_keys(subjects=subjects) | keys == make_keys(subjects=subjects)
    assert len(set(make_keys(subjects=subjects).values())) == 3
    assert PersonKey.objects.count() == 3


def test_bulk_work_seals_the_same_as_single_work() -> None:
    person = Entry()
    key = make_keys(subjects=[person.pk])[person.pk]
    person.name = seal_under(key, model=Entry, field="name", row=person.pk, text=NAME)
    person.save()
    reader = acting("case_officer", "cn/15/").stating(Purpose.OWN_CASE)
    assert reveal(actor=reader, record=person, field="name", at=NOW) == NAME
    assert reveal(actor=reader, record=person, field="phone", at=NOW) == ""


def test_a_field_of_somebody_without_a_key_is_not_read() -> None:
    person = entry()
    PersonKey.objects.all().delete()
    reader = acting("case_officer", "cn/15/").stating(Purpose.OWN_CASE)
    with pytest.raises(NotFound):
        reveal(actor=reader, record=person, field="name", at=NOW)


def test_in_production_no_key_is_made_without_an_escrow(settings: object) -> None:
    settings.MODE = "production"  # type: ignore[attr-defined]  # the fixture of pytest-django
    with pytest.raises(EscrowMissing):
        make_keys(subjects=[uuid4()])


def _id(person: Entry) -> str:
    return person.pk.hex if connection.vendor == "sqlite" else str(person.pk)
