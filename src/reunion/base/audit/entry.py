"""The columns of an entry: the same in every store, also of a process without the trail itself."""

from __future__ import annotations

import secrets
import uuid

from django.db import models

from reunion.base.actor import CASE_LENGTH


def new_salt() -> bytes:
    """Hides what an entry says from those who hold only its hash."""
    return secrets.token_bytes(16)


class Entry(models.Model):
    """The columns of an entry, the same in every store.

    `before` and `after` are keyed digests of the values, so that they can be compared with a
    record, but not guessed from the trail.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    at = models.DateTimeField()
    act = models.CharField(max_length=80)
    kind = models.CharField(max_length=80)
    subject = models.UUIDField(null=True, db_index=True)
    role = models.CharField(max_length=60)
    staff = models.UUIDField(null=True, db_index=True)
    unit = models.UUIDField(null=True)
    account = models.UUIDField(null=True)
    region = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    case = models.CharField(max_length=CASE_LENGTH, blank=True)
    before = models.BinaryField(null=True)
    after = models.BinaryField(null=True)
    salt = models.BinaryField(default=new_salt)

    class Meta:
        abstract = True
