"""The way to practice cases, and to the codes of demo accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet

from reunion.base.accounts.models import Account
from reunion.base.accounts.rules import Factor
from reunion.base.actor import Actor
from reunion.base.attachments.owners import owner
from reunion.base.operations.models import Installation
from reunion.base.permissions.decide import fetch, require
from reunion.demo.models import DemoAccount, PracticeCase, Seeding

SEE = "assignments.see"


def practice_cases_for(actor: Actor, at: datetime) -> QuerySet[PracticeCase]:
    """The practice cases in the actor's region, and those opened to them."""
    require(actor, SEE)
    return PracticeCase.objects.visible_to(actor, at).order_by("number")


@owner("demo.practicecase")
def practice_case_for(actor: Actor, pk: UUID, at: datetime) -> PracticeCase:
    """One practice case, or NotFound."""
    return fetch(PracticeCase.objects, actor, pk, needs=SEE, at=at)


def one_elsewhere(actor: Actor, at: datetime) -> PracticeCase | None:
    """A practice case that the actor does not see, to try an emergency opening on.

    In real work somebody tells its id by telephone.
    """
    seen = PracticeCase.objects.visible_to(actor, at).values("pk")
    return PracticeCase.objects.unscoped().exclude(pk__in=seen).order_by("-number").first()


def seeding() -> Seeding | None:
    """With what the system was filled; None: it was not."""
    return Seeding.objects.first()


def is_synthetic() -> bool:
    """Whether the system was set up for invented people, and runs as such a system."""
    installation = Installation.objects.first()
    return settings.MODE == "demo" and installation is not None and installation.synthetic


def is_demo_account(account: Account) -> bool:
    """Whether an account is of the demonstration: for it, a code does in place of a key."""
    return DemoAccount.objects.filter(account=account).exists() and is_synthetic()


@dataclass(frozen=True, slots=True)
class CodeNow:
    """The code of a demo account.

    Args:
        following: the one after it, in so many `seconds`.
        is_used: somebody has signed in with it, and it works once.
    """

    code: str
    following: str
    seconds: int
    is_used: bool


def code_now(account: Account, at: datetime) -> CodeNow | None:
    """The code that the app of a demo account would show; None: it is no demo account."""
    row = Authenticator.objects.filter(user=account, type=Factor.TOTP).first()
    if row is None or not is_demo_account(account):
        return None
    counter, gone = divmod(int(at.timestamp()), app_settings.TOTP_PERIOD)
    secret = decrypt(row.data["secret"])
    code, following = (format_hotp_value(hotp_value(secret, counter + n)) for n in (0, 1))
    is_used = cache.get(TOTP(row)._get_used_cache_key(code)) is not None
    return CodeNow(code, following, app_settings.TOTP_PERIOD - gone, is_used)
