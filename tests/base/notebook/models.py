"""A person with sealed fields, and notes about the person that are sealed with the same key."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from reunion.base.keys.envelope import LONG
from reunion.base.keys.fields import SealedField
from reunion.base.records import Record


class Entry(Record):
    """A synthetic person."""

    name = SealedField()
    phone = SealedField(null=True)

    objects: ClassVar[models.Manager[Entry]] = models.Manager()


class Note(Record):
    """What somebody wrote about a synthetic person."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT)
    body = SealedField(of="entry__id", block=LONG)

    objects: ClassVar[models.Manager[Note]] = models.Manager()
