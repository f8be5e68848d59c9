"""Desks and their key pairs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from reunion.base.permissions.models import ScopedManager
from reunion.base.records import Placed, Record
from reunion.base.units.models import Unit


class Desk(Placed):
    """A unit that receives, for its region, what the public sends; one open desk for each region.

    A unit that takes the work up again is another desk, with keys of its own; the closed one keeps
    its keys, and with them what it received.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="desks")
    closed_at = models.DateTimeField(null=True)

    objects = ScopedManager["Desk"]()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["region"],
                condition=Q(closed_at__isnull=True),
                name="one_open_desk_of_a_region",
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(closed_at__isnull=True),
                name="one_open_desk_of_a_unit",
            ),
        )


class DeskKey(Record):
    """A key pair of a desk; the private part is sealed under a key of the internal site's keyring.

    After a rotation the old private part stays: it opens what was sealed to it.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="keys")
    public = models.BinaryField(max_length=32)
    private = models.BinaryField()
    since = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["desk"],
                condition=Q(retired_at__isnull=True),
                name="one_key_of_a_desk_in_use",
            ),
        )


class GuessingAlarm(Record):
    """In one hour so many receipts were tried in vain that somebody seems to guess; told once."""

    hour = models.BigIntegerField(unique=True)  # hours since 1970
    failed = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "alarm about guessing"
