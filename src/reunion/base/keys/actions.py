"""Sealing, revealing, searching and destroying what identifies a person.

`seal` and `index_person` are steps of other rooms' actions, whose audit entries tell of them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from reunion.base.actor import Actor
from reunion.base.audit import actions as audit
from reunion.base.errors import NotFound, NotPermitted, PurposeMissing, RuleBroken
from reunion.base.keys import envelope
from reunion.base.keys.access import INDEX
from reunion.base.keys.certificates import Certificate, sign
from reunion.base.keys.envelope import Place
from reunion.base.keys.errors import KeyDestroyed
from reunion.base.keys.fields import Sealed, sealed_field, sealed_fields
from reunion.base.keys.models import Destruction, PersonKey, SearchToken
from reunion.base.keys.rules import Kind, Surnames, no_backup_from, texts, token
from reunion.base.keys.scrubbing import scrub
from reunion.base.keys.wraps import DATA_KEY, escrowed, newest_escrow, open_key, ring, wrap
from reunion.base.records import Record

DATA_KEY_BYTES = 32
CERTIFICATES = "certificates"


@transaction.atomic
def make_keys(*, subjects: Iterable[UUID]) -> dict[UUID, bytes]:
    """The data keys of persons, made where there is none yet; some thousands at a time.

    For bulk work: `seal` is for one person.

    Raises:
        KeyDestroyed: the key of one of them was destroyed; none is made again.
        EscrowMissing: this is production, and nobody holds an escrow.
    """
    wanted = set(subjects)
    missing = sorted(wanted - _held(wanted))
    made = _new_keys(missing) if missing else []
    # Where another process made a key for the same person meanwhile, its key stays.
    PersonKey.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
    rows = PersonKey.objects.select_for_update().filter(subject__in=wanted).order_by("subject")
    return {row.subject: open_key(row) for row in rows}


def _held(subjects: set[UUID]) -> set[UUID]:
    held = PersonKey.objects.filter(subject__in=subjects)
    return set(held.values_list("subject", flat=True))


def _new_keys(subjects: Iterable[UUID]) -> list[PersonKey]:
    escrow = newest_escrow()
    rows = []
    for subject in subjects:
        key = secrets.token_bytes(DATA_KEY_BYTES)
        row = PersonKey(subject=subject, escrow=escrow, escrowed=escrowed(escrow, subject, key))
        row.wrapped, row.kek = wrap(subject, key)
        rows.append(row)
    return rows


def seal(*, subject: UUID, model: type[Model], field: str, row: UUID, text: str) -> Sealed:
    """A text for a sealed field of one row, under the key of the person whom it is about.

    Args:
        subject: id of that person; their key is made if there is none yet.
        model, field, row: where it is going to stand; it opens nowhere else.

    Raises:
        KeyDestroyed: the person's key was destroyed.
        TypeError: it is no sealed field.
    """
    return seal_under(
        make_keys(subjects=[subject])[subject], model=model, field=field, row=row, text=text
    )


def seal_under(key: bytes, *, model: type[Model], field: str, row: UUID, text: str) -> Sealed:
    """The same under a data key of `make_keys`, for bulk work."""
    block = sealed_field(model, field).block
    place = Place(model._meta.label_lower, field, row)
    return Sealed(envelope.seal(key, DATA_KEY, text.encode(), place, block=block))


def reveal(*, actor: Actor, record: Record, field: str, at: datetime) -> str:
    """The text of a sealed field, for a stated purpose; the reading is in the audit trail.

    Whether the actor may see the record is decided before, where the record was fetched. The entry
    is written first: a reading that then fails was still tried.

    Args:
        record: as it was fetched for this actor.
        field: name of a sealed field; an empty one gives an empty text.

    Raises:
        PurposeMissing: the actor has not said why.
        KeyDestroyed: the person's key was destroyed, and with it the text.
        EnvelopeDamaged: the text was changed, or moved here from another row or field.
    """
    if actor.purpose is None:
        raise PurposeMissing(needs=f"{record._meta.label_lower}.{field}")
    spec = sealed_field(type(record), field)
    value: Sealed | None = getattr(record, field)
    audit.record(actor=actor, act=f"read_{field}", subject=record, at=at)
    if value is None:
        return ""
    place = Place(record._meta.label_lower, field, record.pk)
    key = data_key(spec.subject_of(record))
    return envelope.open_envelope({DATA_KEY: key}.__getitem__, value.envelope, place).decode()


def data_key(subject: UUID) -> bytes:
    """The data key of a person or thing, for a room that opens what it sealed with it.

    Raises:
        NotFound: there is none.
        KeyDestroyed: it was destroyed.
    """
    try:
        return open_key(PersonKey.objects.get(subject=subject))
    except PersonKey.DoesNotExist as error:
        raise NotFound(kind="personkey") from error


@transaction.atomic
def index_person(
    *,
    subject: UUID,
    values: Iterable[tuple[Kind, str]],
    surnames: Surnames,
    calling_code: str,
) -> None:
    """Let a person be found by these values and by no others; `access.find` finds them.

    Args:
        values: all names, phones, numbers and dates of the person, with their kinds.
        surnames, calling_code: of the pack, see `rules.texts`.

    Raises:
        KeyDestroyed: the person's key was destroyed.
    """
    make_keys(subjects=[subject])
    SearchToken.objects.filter(subject=subject).delete()
    wanted = {
        text
        for kind, value in values
        for text in texts(kind, value, surnames=surnames, calling_code=calling_code)
    }
    SearchToken.objects.bulk_create(tokens_of(subject, wanted))


def tokens_of(subject: UUID, wanted: Iterable[tuple[Kind, str]]) -> list[SearchToken]:
    """The rows of a person's tokens, not yet written; for bulk work."""
    key = ring().key(INDEX, ring().newest(INDEX))
    return [
        SearchToken(subject=subject, kind=kind, token=token(key, kind, text))
        for kind, text in sorted(wanted)
    ]


@transaction.atomic
def destroy_person_key(
    *, actor: Actor, approver: Actor, subject: UUID, at: datetime
) -> Destruction:
    """Delete the key of a person, so that all that it sealed is unreadable for ever.

    With it go the person's search tokens and the contents of all their sealed fields. On SQLite the
    file is rewritten after the commit, so that the bytes are gone too.

    Args:
        actor: who proposes it.
        approver: another person, of another unit, who has approved it.

    Raises:
        NotPermitted: one of them may not destroy keys.
        RuleBroken: they are one person, or of one unit, or not known.
        NotFound: the person has no key.
        KeyDestroyed: it was destroyed before.
    """
    officers = _two_officers(actor, approver)
    key = PersonKey.objects.select_for_update().filter(subject=subject).first()
    if key is None:
        raise NotFound(kind="personkey")
    if key.destroyed_at is not None:
        raise KeyDestroyed(subject=str(subject))
    what = {"key": 1, "search_token": SearchToken.objects.filter(subject=subject).delete()[0]}
    what |= _empty_fields(subject)
    PersonKey.objects.filter(subject=subject).update(
        wrapped=None, staged=None, escrowed=None, destroyed_at=at
    )
    pseudonym = secrets.token_hex(16)
    destruction = Destruction.objects.create(
        subject=subject,
        pseudonym=pseudonym,
        at=at,
        certificate=_certificate(pseudonym, what, at, (officers[0], officers[2])),
        **dict(zip(_OFFICERS, officers, strict=True)),
    )
    audit.record(actor=actor, act="destroy_person_key", subject=destruction, at=at, after=what)
    audit.record(actor=approver, act="approve_destroy_person_key", subject=destruction, at=at)
    transaction.on_commit(scrub, robust=True)
    return destruction


@transaction.atomic
def forget_key(*, subject: UUID, at: datetime) -> None:
    """Delete the key of a thing, such as of one file: a step of the action that destroys it.

    The key of a person takes two officers: `destroy_person_key`.
    """
    PersonKey.objects.filter(subject=subject).update(
        wrapped=None, staged=None, escrowed=None, destroyed_at=at
    )


_OFFICERS = ("proposed_by", "proposed_unit", "approved_by", "approved_unit")


def _two_officers(actor: Actor, approver: Actor) -> tuple[UUID, UUID, UUID, UUID]:
    """Staff and unit of both; a check constraint of the table says the same."""
    for officer in (actor, approver):
        if not officer.may("keys.destroy"):
            raise NotPermitted(needs="keys.destroy")
    if not (actor.staff and actor.unit and approver.staff and approver.unit):
        raise RuleBroken(rule="destroyed_by_two_officers")
    if actor.staff == approver.staff:
        raise RuleBroken(rule="destroyed_by_two_officers")
    if actor.unit == approver.unit:
        raise RuleBroken(rule="destroyed_by_two_units")
    return actor.staff, actor.unit, approver.staff, approver.unit


def _empty_fields(subject: UUID) -> dict[str, int]:
    """Empty the person's sealed fields everywhere; how many values, by model and field."""
    emptied: dict[str, int] = {}
    for model, field in sealed_fields():
        # The base manager: the one for pages gives no record without saying for whom.
        rows = model._base_manager.filter(**{field.of: subject, f"{field.name}__isnull": False})
        # By id, as an update cannot follow a path to another table.
        ids = list(rows.values_list("pk", flat=True))
        count = model._base_manager.filter(pk__in=ids).update(**{field.name: Sealed(b"")})
        emptied |= {f"{model._meta.label_lower}.{field.name}": count} if count else {}
    return emptied


def _certificate(
    pseudonym: str, what: Mapping[str, int], at: datetime, officers: tuple[UUID, UUID]
) -> str:
    proposed, approved = map(str, officers)
    certificate = Certificate(pseudonym, dict(what), at, (proposed, approved), no_backup_from(at))
    return sign(certificate, ring().key(CERTIFICATES, ring().newest(CERTIFICATES)))
