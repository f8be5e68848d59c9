"""Agencies, the people who work for them, and the posts that they hold from one day to another."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from reunion.base.permissions.models import ScopedManager
from reunion.base.records import Placed


class Unit(Placed):
    """An agency at one level and region, such as the police of one county."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=40)  # of the pack's list of agencies
    level = models.CharField(max_length=20)  # of the pack's levels
    name = models.CharField(max_length=200)  # as the agency writes it
    name_en = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    witness_key = models.BinaryField(max_length=32, null=True, unique=True)  # Ed25519

    objects = ScopedManager["Unit"]()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="unit_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True)
                | (Q(valid_to__isnull=False) & ~Q(successor=F("id"))),
                name="unit_with_a_successor_is_closed",
            ),
        )

    def __str__(self) -> str:
        return self.code


class Staff(Placed):
    """A human being who works for a unit, whatever accounts and posts they have.

    The region is where they are administered, most often that of their unit.
    """

    name = models.CharField(max_length=120)
    paused_from = models.DateTimeField(null=True)  # from then on none of their accounts works

    objects = ScopedManager["Staff"]()

    class Meta:
        verbose_name = "staff member"

    def is_paused(self, at: datetime) -> bool:
        """Whether they may not work at a moment, with whatever account."""
        return self.paused_from is not None and self.paused_from <= at


class Post(Placed):
    """What somebody may act as, from one day to another: a unit, a role, and a region.

    The region is the unit's own or one below it.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=40)  # of the pack's roles
    rank = models.CharField(max_length=40, blank=True)  # of the pack's ranks
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = ScopedManager["Post"]()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="post_ends_after_it_starts",
            ),
        )
