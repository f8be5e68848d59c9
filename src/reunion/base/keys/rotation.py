"""Rotation of the keys that wrap persons' keys, and recovery with the escrow.

Both go on where they were interrupted: what is left to do is read from the rows themselves. A
person's key is never held by its new wrap alone before that was read back from the database.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q

from reunion.base.actor import system
from reunion.base.audit import actions as audit
from reunion.base.audit.models import AuditEntry
from reunion.base.keyring import KeyMissing
from reunion.base.keys.envelope import EnvelopeDamaged, EnvelopeUnknown, open_sealed_to
from reunion.base.keys.errors import EscrowNotOpened, WrapUnreadable
from reunion.base.keys.models import Escrow, PersonKey
from reunion.base.keys.rules import BACKUP_DAYS
from reunion.base.keys.shares import new_escrow
from reunion.base.keys.wraps import (
    KEK,
    escrowed,
    newest_escrow,
    open_key,
    ring,
    unwrap,
    wrap,
)

BATCH = 250
BREATH = 0.12
"""Seconds between batches. Writers that wait for SQLite look again every 0.1 s: without a gap as
long they could wait until they give up."""
FINISHED = "finish_key_rotation"
_OPERATOR = system("keys")
_LIVE = Q(destroyed_at__isnull=True)


def rotate(*, at: datetime) -> Iterator[int]:
    """Wrap the keys of all persons under a new KEK, and for the newest escrow; can be interrupted.

    An unfinished rotation is finished; otherwise a new one begins. Others may read and write
    meanwhile.

    Yields:
        How many persons' keys were moved so far.

    Raises:
        WrapUnreadable: a new wrap does not open; the old one was kept.
    """
    newest = ring().newest(KEK)
    live = PersonKey.objects.filter(_LIVE)
    if not live.filter(kek__lt=newest).exists():
        newest = ring().add(KEK)
    moved = 0
    while batch := _stage(newest):
        moved += _promote(batch, newest)
        yield moved
        time.sleep(BREATH)
    _seal_for_escrow(newest_escrow())
    audit.record(actor=_OPERATOR, act=FINISHED, subject=None, at=at, after={"kek": newest})


@transaction.atomic
def _stage(newest: int) -> list[UUID]:
    """Write the next wraps of some persons beside the ones in use."""
    rows = list(
        PersonKey.objects.select_for_update()
        .filter(_LIVE, kek__lt=newest)
        .order_by("kek", "subject")[:BATCH]
    )
    for row in rows:
        row.staged, _kek = wrap(row.subject, open_key(row))
    _write(rows, "staged")
    return [row.subject for row in rows]


@transaction.atomic
def _promote(subjects: list[UUID], newest: int) -> int:
    """Put the next wraps in the place of the old ones, after reading them back."""
    rows = PersonKey.objects.select_for_update().filter(subject__in=subjects, staged__isnull=False)
    for row in rows:
        if row.staged is None or unwrap(row.subject, row.staged) != open_key(row):
            raise WrapUnreadable(subject=str(row.subject))
    return rows.update(wrapped=F("staged"), staged=None, kek=newest)


@transaction.atomic
def create_escrow(*, custodians: Mapping[str, bytes], at: datetime) -> Escrow:
    """A new escrow of three custodians. `rotate` seals for it what was sealed for the last one.

    Args:
        custodians: names of their offices, and their public keys.

    Raises:
        EscrowNotOpened: there are not three custodians with three keys.
    """
    last = Escrow.objects.order_by("-number").first()
    number = last.number + 1 if last else 1
    public, sheet = new_escrow(custodians, number)
    escrow = Escrow.objects.create(number=number, public=public, sheet=sheet, created_at=at)
    audit.record(
        actor=_OPERATOR, act="create_escrow", subject=None, at=at, after={"number": number}
    )
    return escrow


def _seal_for_escrow(escrow: Escrow | None) -> None:
    """Seal for the newest escrow what is not yet sealed for it."""
    beyond = Q()
    while escrow is not None:
        with transaction.atomic():
            rows = list(
                PersonKey.objects.select_for_update()
                .filter(_LIVE, beyond)
                .exclude(escrow=escrow)
                .order_by("subject")[:BATCH]
            )
            for row in rows:
                row.escrowed = escrowed(escrow, row.subject, open_key(row))
                row.escrow = escrow
            _write(rows, "escrow", "escrowed")
        if not rows:
            return
        beyond = Q(subject__gt=rows[-1].subject)


def retire(*, at: datetime) -> list[int]:
    """Forget the older KEKs, when a rotation ended so long ago that no backup needs them.

    From then on no older backup of the keys of persons can be read, but with the escrow.

    Returns:
        The versions that are gone.
    """
    newest = ring().newest(KEK)
    long_ago = at - timedelta(days=BACKUP_DAYS)
    since = AuditEntry.objects.filter(act=FINISHED).order_by("-id").values_list("at", flat=True)
    if (
        PersonKey.objects.filter(_LIVE, kek__lt=newest).exists()
        or (since[:1] or [at])[0] > long_ago
    ):
        return []
    old = [version for version in ring().versions(KEK) if version < newest]
    for version in old:
        ring().remove(KEK, version)
    audit.record(actor=_OPERATOR, act="retire_keks", subject=None, at=at, after={"newest": newest})
    return old


def recover(*, private: bytes, at: datetime) -> Iterator[int]:
    """Wrap anew, out of the escrow, every person's key that the keyring does not open any more.

    Args:
        private: the key that two custodians opened.

    Yields:
        How many persons' keys were recovered so far.

    Raises:
        EscrowNotOpened: a key is not sealed for this escrow.
    """
    recovered, beyond = 0, Q()
    while True:
        with transaction.atomic():
            rows = list(
                PersonKey.objects.select_for_update()
                .filter(_LIVE, beyond)
                .order_by("subject")[:BATCH]
            )
            lost = [row for row in rows if not _is_open(row)]
            for row in lost:
                key = _from_escrow(row, private)
                row.wrapped, row.kek = wrap(row.subject, key)
            _write(lost, "wrapped", "kek")
        if not rows:
            break
        recovered, beyond = recovered + len(lost), Q(subject__gt=rows[-1].subject)
        yield recovered
    audit.record(
        actor=_OPERATOR, act="recover_keys", subject=None, at=at, after={"persons": recovered}
    )


def _write(rows: Sequence[PersonKey], *names: str) -> None:
    """Write these fields of many rows; Django's own way takes five times as long."""
    by_name = {field.name: field for field in PersonKey._meta.concrete_fields}
    fields = [by_name[name] for name in (*names, "subject")]
    changes = ", ".join(f'"{field.column}" = %s' for field in fields[:-1])
    sql = f'UPDATE "{PersonKey._meta.db_table}" SET {changes} WHERE "subject" = %s'  # noqa: S608  # names of our own
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)


def _is_open(row: PersonKey) -> bool:
    """Whether the keyring opens the key; a new KEK may bear the number of a lost one."""
    try:
        open_key(row)
    except (KeyMissing, EnvelopeDamaged, EnvelopeUnknown):
        return False
    return True


def _from_escrow(row: PersonKey, private: bytes) -> bytes:
    if row.escrowed is None:
        raise EscrowNotOpened(reason="not_sealed_for_escrow")
    try:
        content = open_sealed_to(private, bytes(row.escrowed))
    except EnvelopeDamaged as error:
        raise EscrowNotOpened(reason="another_escrow") from error
    owner, key = content[:16], content[16:]
    if owner != row.subject.bytes:
        raise EscrowNotOpened(reason="another_person")
    return key
