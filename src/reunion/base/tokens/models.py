"""Tokens, and the answers that programs were given."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from reunion.base.actor import CASE_LENGTH
from reunion.base.permissions.models import ScopedManager
from reunion.base.records import Placed
from reunion.base.tokens.rules import LONGEST
from reunion.base.units.models import Post

LABEL = 120


class ApiToken(Placed):
    """With it a program acts as one post, until a day, unless it is revoked before.

    Its region is that of the post. The token itself is not kept, only a keyed digest; one that an
    administrator granted has none until the holder of the post fetches it: nobody else sees it.
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="tokens")
    label = models.CharField(max_length=LABEL)  # the program, in the words of whoever asked for it
    purpose = models.CharField(max_length=40)
    case = models.CharField(max_length=CASE_LENGTH, blank=True)
    permissions = models.JSONField(default=list)
    digest = models.BinaryField(max_length=32, null=True, unique=True)
    issued_by = models.UUIDField()
    issued_at = models.DateTimeField()
    days = models.PositiveSmallIntegerField()
    revoked_at = models.DateTimeField(null=True)
    last_used = models.DateField(null=True)

    objects = ScopedManager["ApiToken"]()

    class Meta:
        verbose_name = "token"
        constraints = (
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=LONGEST), name="token_ends_in_time"
            ),
            models.CheckConstraint(
                condition=~Q(label="") & ~Q(purpose=""), name="token_says_what_for"
            ),
        )

    @property
    def ends_at(self) -> datetime:
        """From when on it is good for nothing."""
        return self.issued_at + timedelta(days=self.days)

    def is_open(self, at: datetime) -> bool:
        """Whether it was neither revoked nor is over at a moment."""
        return self.revoked_at is None and self.issued_at <= at < self.ends_at


class Answer(models.Model):
    """What a program was answered after an act: given once more when it asks for the same again.

    The unique row is also the lock: of two requests with one key, one acts and the other waits.
    """

    id = models.UUIDField(primary_key=True)
    token = models.ForeignKey(ApiToken, on_delete=models.PROTECT, related_name="answers")
    key = models.CharField(max_length=255)
    request = models.BinaryField(max_length=32)  # digest of address, version and body
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()  # sealed
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["token", "key"], name="answer_once_for_each_key"),
        )
