"""Writing the audit trail: entries in the same transaction as the change that they tell of.

Seals and heads are written by the signer only, signatures by the witnesses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.db import transaction

from reunion.base.actor import Actor
from reunion.base.audit.access import head_with
from reunion.base.audit.heads import Head, Signature, is_witnessed
from reunion.base.audit.models import AuditEntry, AuditSeal, Step, TreeHead, WitnessSignature
from reunion.base.audit.rules import Canonical, Seal, canonical, digest_of
from reunion.base.errors import RuleBroken
from reunion.base.keyring import Keyring
from reunion.base.records import Record
from reunion.base.transitions import Move, S


@transaction.atomic
def record(
    *,
    actor: Actor,
    act: str,
    subject: Record | None,
    at: datetime,
    before: Canonical | None = None,
    after: Canonical | None = None,
) -> AuditEntry:
    """Write that an act was done. The act's own transaction holds the entry too.

    Args:
        act: the name of the action function, such as confirm_tip; a read is named read_...
        before: what the act changed, as it was; only a keyed digest is kept.
        after: the same, as it is now.
    """
    return AuditEntry.objects.create(
        at=at,
        act=act,
        kind=subject._meta.label_lower if subject is not None else "",
        subject=subject.pk if subject is not None else None,
        role=actor.role,
        staff=actor.staff,
        unit=actor.unit,
        account=actor.account,
        region=actor.region,
        purpose=actor.purpose or "",
        case=actor.case,
        before=_digest(subject, before),
        after=_digest(subject, after),
    )


@transaction.atomic
def record_move(
    *,
    actor: Actor,
    subject: Record,
    machine: str,
    move: Move[S],
    source: S,
    at: datetime,
    reason: str = "",
) -> AuditEntry:
    """Write that a record moved to another state, with the reason that its page shows."""
    entry = record(
        actor=actor,
        act=f"{machine}.{move.name}",
        subject=subject,
        at=at,
        before={"state": source.value},
        after={"state": move.target.value, "reason": reason},
    )
    Step.objects.create(
        entry=entry,
        kind=entry.kind,
        subject=subject.pk,
        machine=machine,
        move=move.name,
        source=source.value,
        target=move.target.value,
        reason=reason,
    )
    return entry


@transaction.atomic
def record_read(*, actor: Actor, subject: Record, what: str, at: datetime) -> AuditEntry:
    """Write that somebody looked at something sensitive of a record.

    Args:
        what: the part that was shown, such as address or profile; a word of ours, never its value.
    """
    return record(actor=actor, act=f"read_{what}", subject=subject, at=at)


@transaction.atomic
def request_head(*, actor: Actor, at: datetime) -> AuditEntry:
    """Ask the signer for a tree head over all that was done until now, this request included."""
    return record(actor=actor, act="request_head", subject=None, at=at)


@transaction.atomic
def write_seals(seals: Sequence[Seal]) -> None:
    """Write the seals of the signer: all of them or none."""
    AuditSeal.objects.bulk_create(
        AuditSeal(
            pos=seal.pos,
            store=seal.store,
            number=seal.number,
            entry=UUID(seal.entry),
            leaf_hash=seal.leaf,
            epoch=seal.epoch,
            prev_mac=seal.previous,
            mac=seal.mac,
            at=seal.at,
        )
        for seal in seals
    )


@transaction.atomic
def write_head(head: Head) -> TreeHead:
    """Write a head that the signer signed."""
    return TreeHead.objects.create(
        size=head.size,
        root=head.root,
        day=date.fromisoformat(head.day),
        at=head.at,
        previous=head.previous,
        key_version=head.key_version,
        public_key=head.public_key,
        announces=head.announces,
        lag_p50=head.lag_p50,
        lag_p99=head.lag_p99,
        signature=head.signature,
    )


@transaction.atomic
def countersign(
    *, actor: Actor, signature: Signature, keys: Mapping[str, bytes], at: datetime
) -> WitnessSignature:
    """Add a witness's signature to the head that it is under.

    Args:
        keys: public keys of the witnesses, by unit.

    Raises:
        NotFound: there is no such head.
        RuleBroken: the signature is not that of a known witness, or is there already.
    """
    if not is_witnessed(signature, keys):
        raise RuleBroken(rule="signature_of_a_known_witness")
    row = head_with(signature.head)
    unit = UUID(signature.unit)
    if row.witnesses.filter(unit=unit).exists():
        raise RuleBroken(rule="one_signature_of_each_witness")
    record(actor=actor, act="countersign", subject=None, at=at, after={"unit": signature.unit})
    return WitnessSignature.objects.create(
        head=row, unit=unit, public_key=signature.public_key, signature=signature.signature
    )


@lru_cache(maxsize=8)
def _digest_key(ring: Keyring, version: int) -> bytes:
    return ring.key("digests", version)


def _digest(subject: Record | None, values: Mapping[str, str | int | None] | None) -> bytes | None:
    """A keyed digest: values such as a phone number could be guessed from a plain one."""
    if values is None:
        return None
    ring: Keyring = settings.KEYRING
    owner = subject.pk.bytes if subject is not None else b""
    key = _digest_key(ring, ring.newest("digests"))
    return digest_of(key, owner, canonical(values))
