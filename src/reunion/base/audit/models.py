"""The audit trail: entries, steps of state machines, seals, tree heads, signatures of witnesses.

All of these tables are append-only.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from reunion.base.audit.entry import Entry


class EntryQuerySet(models.QuerySet["AuditEntry"]):
    """Questions about what was done."""

    def of(self, subject: uuid.UUID) -> EntryQuerySet:
        """What was done to one record, newest first."""
        return self.filter(subject=subject).order_by("-id")

    def by(self, staff: uuid.UUID) -> EntryQuerySet:
        """What one staff member did, newest first."""
        return self.filter(staff=staff).order_by("-id")

    def between(self, start: datetime, end: datetime) -> EntryQuerySet:
        """From a moment on, and before another."""
        return self.filter(at__gte=start, at__lt=end)

    def reads(self) -> EntryQuerySet:
        """Reads of sensitive records only."""
        return self.filter(act__startswith="read_")


class AuditEntry(Entry):
    """One act: who did what to which record, when, and why. No names and no free text."""

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "audit entry"


class Step(models.Model):
    """One move of one record's state machine, with its reason: the history that its page shows."""

    id = models.BigAutoField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT)
    kind = models.CharField(max_length=80)
    subject = models.UUIDField(db_index=True)
    machine = models.CharField(max_length=60)
    move = models.CharField(max_length=60)
    source = models.CharField(max_length=60)
    target = models.CharField(max_length=60)
    reason = models.TextField(blank=True)


class AuditSeal(models.Model):
    """The seal of one entry, written by the signer only; the fields are those of rules.Seal.

    The entry is named by its uuid, since it can lie in another store.
    """

    pos = models.BigIntegerField(primary_key=True)
    store = models.CharField(max_length=12)
    number = models.BigIntegerField()
    entry = models.UUIDField(unique=True)
    leaf_hash = models.BinaryField()
    epoch = models.PositiveSmallIntegerField()
    prev_mac = models.BinaryField()
    mac = models.BinaryField()
    at = models.BigIntegerField()

    class Meta:
        verbose_name = "audit seal"
        # Not unique: a database that was restored from a backup gives a number again.
        indexes = (models.Index(fields=["store", "number"], name="seal_of_number"),)
        constraints = (models.CheckConstraint(condition=Q(pos__gte=0), name="seal_from_zero"),)


class TreeHead(models.Model):
    """The root over all seals up to a moment, signed by the signer; the fields of heads.Head."""

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField()
    root = models.BinaryField()
    day = models.DateField()
    at = models.BigIntegerField()
    previous = models.BinaryField()
    key_version = models.PositiveSmallIntegerField()
    public_key = models.BinaryField()
    announces = models.BinaryField(null=True)
    lag_p50 = models.BigIntegerField()
    lag_p99 = models.BigIntegerField()
    signature = models.BinaryField()

    class Meta:
        verbose_name = "tree head"
        constraints = (
            models.CheckConstraint(
                condition=Q(lag_p99__gte=F("lag_p50")), name="head_lag_in_order"
            ),
        )


class WitnessSignature(models.Model):
    """A unit signed a head after it had checked that the head continues the last one it saw."""

    id = models.BigAutoField(primary_key=True)
    head = models.ForeignKey(TreeHead, on_delete=models.PROTECT, related_name="witnesses")
    unit = models.UUIDField()
    public_key = models.BinaryField()
    signature = models.BinaryField()

    class Meta:
        verbose_name = "witness signature"
        constraints = (
            models.UniqueConstraint(fields=["head", "unit"], name="one_signature_of_each_witness"),
        )
