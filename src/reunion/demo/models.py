"""What the demonstration keeps of itself, and its practice cases."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from reunion.base.accounts.models import Account
from reunion.base.permissions.models import ScopedManager
from reunion.base.records import Placed, Record


class Seeding(models.Model):
    """With what the system was filled, once. There is one row, and it is never changed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seed = models.PositiveBigIntegerField()
    version = models.PositiveSmallIntegerField()
    size = models.CharField(max_length=20)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="there_is_one_seeding"),)


class DemoAccount(Record):
    """An account of an invented person, whose code the page of sign-in shows."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="+")


class PracticeCase(Placed):
    """An invented case, on which approvals, clocks, files and emergency openings are tried."""

    opens_in_emergency: ClassVar[bool] = True

    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)

    objects = ScopedManager["PracticeCase"]()

    class Meta:
        verbose_name = "practice case"

    def __str__(self) -> str:
        return self.number
