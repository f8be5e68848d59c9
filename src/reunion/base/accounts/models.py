"""Accounts, the sessions that were begun with them, and the recovery of a lost second factor."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from reunion.base.accounts.rules import RecoveryState
from reunion.base.permissions.models import ScopedManager
from reunion.base.records import Placed, Record, one_of
from reunion.base.units.models import Staff

SESSION_DATA = 1024


class AccountManager(BaseUserManager["Account"]):
    """Django's own parts look for accounts here."""


class Account(AbstractBaseUser, Record):
    """A sign-in of one staff member. What they may do follows from their posts alone."""

    login = models.CharField(max_length=60, unique=True)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="accounts")
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)

    objects = AccountManager()

    USERNAME_FIELD = "login"

    def __str__(self) -> str:
        return self.login


class PasswordCode(Record):
    """A code, given in person, with which an account's owner sets a password, once.

    Only its hash is kept: the code is random enough that a quick hash tells nothing.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="password_codes")
    code_hash = models.BinaryField(max_length=32)
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "password code"


class Session(Record):
    """A browser that signed in, or is about to. The cookie's value is not kept, only its hash.

    No address is kept. `data` is sealed, since while a factor is enrolled its secret lies there.
    """

    key_hash = models.BinaryField(max_length=32, unique=True)
    data = models.BinaryField()
    account = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="sessions"
    )
    post = models.UUIDField(null=True)
    device = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(db_index=True)


class RecoveryManager(ScopedManager["FactorRecovery"]):
    """Recoveries, by whoever asks."""

    def open_at(self, at: datetime) -> models.QuerySet[FactorRecovery]:
        """Those that officers can still agree to."""
        waiting = (RecoveryState.REQUESTED, RecoveryState.APPROVED_ONCE)
        return self.unscoped().filter(state__in=waiting, ends_at__gt=at)


class FactorRecovery(Placed):
    """The recovery of a lost second factor: two officers who both saw the owner in person.

    They are two people with two accounts, and neither is the owner: the database holds to it.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="recoveries")
    owner = models.UUIDField()
    state = models.CharField(max_length=20, default=RecoveryState.REQUESTED)
    requested_by = models.UUIDField()
    ends_at = models.DateTimeField()
    first_staff = models.UUIDField(null=True)
    first_account = models.UUIDField(null=True)
    second_staff = models.UUIDField(null=True)
    second_account = models.UUIDField(null=True)

    objects = RecoveryManager()

    class Meta:
        verbose_name = "recovery of a factor"
        constraints = (
            one_of("state", RecoveryState, name="factor_recovery_state"),
            models.CheckConstraint(
                condition=Q(second_staff__isnull=True)
                | (
                    Q(first_staff__isnull=False, first_account__isnull=False)
                    & Q(second_account__isnull=False)
                    & ~Q(first_staff=F("second_staff"))
                    & ~Q(first_account=F("second_account"))
                ),
                name="factor_recovery_by_two_people",
            ),
            models.CheckConstraint(
                condition=(Q(first_staff__isnull=True) | ~Q(first_staff=F("owner")))
                & (Q(second_staff__isnull=True) | ~Q(second_staff=F("owner"))),
                name="factor_recovery_not_by_the_owner",
            ),
            models.CheckConstraint(
                condition=~Q(state=RecoveryState.RECOVERED) | Q(second_staff__isnull=False),
                name="factor_recovery_needs_both",
            ),
        )


class Remembered(models.Model):
    """What the processes of the site remember together for minutes: used codes, failed attempts.

    The table of Django's database cache. Keys are keyed hashes (accounts.cache): neither a code
    nor a name can be read in it.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "remembered key"
