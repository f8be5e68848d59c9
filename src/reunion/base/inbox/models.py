"""The inbox: items and messages as ciphertext, with dates and never times."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from reunion.base.audit.entry import Entry
from reunion.base.errors import ScopeMissing
from reunion.base.inbox.rules import ITEM, Direction, ItemState, Limits
from reunion.base.records import REGION_LENGTH, Record, one_of
from reunion.base.regions import upwards


class ItemQuerySet(models.QuerySet["Item"]):
    """Questions about items."""

    def late(self, limits: Limits) -> ItemQuerySet:
        """Those that wait for too long; see rules.is_late."""
        return self.filter(
            Q(state=ItemState.RECEIVED, waits_since__lte=limits.read)
            | Q(state__in=[ItemState.READ, ItemState.IN_WORK], waits_since__lte=limits.answer)
        )

    def in_time(self, limits: Limits) -> ItemQuerySet:
        """Those that wait, and not for too long."""
        return self.filter(
            Q(state=ItemState.RECEIVED, waits_since__gt=limits.read)
            | Q(state__in=[ItemState.READ, ItemState.IN_WORK], waits_since__gt=limits.answer)
        )


class ItemManager(models.Manager["Item"]):
    """The default manager of items: like that of placed records, it gives nothing unasked."""

    def get_queryset(self) -> models.QuerySet[Item]:
        raise ScopeMissing(model=self.model._meta.label_lower)

    def unscoped(self) -> ItemQuerySet:
        """All items, whoever asks."""
        return ItemQuerySet(self.model, using=self._db)

    def at_desk(self, desk_keys: Iterable[uuid.UUID], region: str) -> ItemQuerySet:
        """The items sealed to these keys of a desk, for a post that covers `region`.

        What the sender hid from that region, or from one above it, is left out everywhere.
        """
        hidden = Excluded.objects.filter(path__in=upwards(region))
        return (
            self.unscoped()
            .filter(desk_key__in=list(desk_keys), region__startswith=region)
            .exclude(pk__in=hidden.values("item"))
        )


class Item(Record):
    """Something that the public sent. Its data key is wrapped three times, its text is under it.

    `desk_key` is the id of the key pair of a desk, in the store of the internal site.
    """

    kind = models.CharField(max_length=40)
    received_on = models.DateField()
    waits_since = models.DateField()  # the day on which the sender last made it unread
    region = models.CharField(max_length=REGION_LENGTH, db_index=True)
    lookup = models.BinaryField(max_length=32, unique=True)
    kdf_version = models.PositiveSmallIntegerField()
    pepper_version = models.PositiveSmallIntegerField()
    for_sender = models.BinaryField()
    for_desk = models.BinaryField()
    for_escrow = models.BinaryField(null=True)
    escrow = models.PositiveSmallIntegerField(null=True)
    desk_key = models.UUIDField(db_index=True)
    body = models.BinaryField()
    state = models.CharField(max_length=20, default=ItemState.RECEIVED)

    objects = ItemManager()

    machine = ITEM

    class Meta:
        constraints = (
            one_of("state", ItemState, name="item_state"),
            models.CheckConstraint(
                condition=Q(for_escrow__isnull=True, escrow__isnull=True)
                | Q(for_escrow__isnull=False, escrow__isnull=False),
                name="item_for_a_known_escrow",
            ),
        )

    def may_move(self, actor: object, move: str) -> bool:
        """Every move is open to whoever the item was opened for: its desk."""
        return True


class Excluded(models.Model):
    """The sender does not want an item to be read in this region."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="excluded")
    path = models.CharField(max_length=REGION_LENGTH, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["item", "path"], name="excluded_once"),
            models.CheckConstraint(condition=~Q(path=""), name="excluded_from_somewhere"),
        )


class Message(models.Model):
    """One further message of a conversation, under the item's data key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="messages")
    number = models.PositiveSmallIntegerField()
    direction = models.CharField(max_length=3)
    text = models.BinaryField()
    created_on = models.DateField()
    read_on = models.DateField(null=True)

    class Meta:
        constraints = (
            one_of("direction", Direction, name="message_direction"),
            models.UniqueConstraint(fields=["item", "number"], name="message_once"),
        )


class InboxEntry(Entry):
    """The audit entries of what the public did, in the same transaction. Append-only.

    Their moment is the end of the day: see rules.recorded_at.
    """

    class Meta:
        verbose_name = "inbox entry"


class SettledEntry(Entry):
    """The same entries once their day is over: a view, which the signer seals.

    A seal bears the exact moment at which it was made, and stands between two others. Sealed at
    once, an entry would tell to the second when an item came.
    """

    class Meta:
        managed = False
        verbose_name = "settled entry"


class FailedLookups(models.Model):
    """How many receipts that open nothing were tried in one hour, at all processes together.

    Kept for two days: an hour in which one was mistyped tells that somebody was there.
    """

    hour = models.BigIntegerField(primary_key=True)  # hours since 1970
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "failed look-ups"


class SpentTicket(models.Model):
    """A wait ticket that was used, so that it is used once; a hash of its secret."""

    ticket = models.BinaryField(primary_key=True, max_length=32)
    day = models.DateField(db_index=True)
