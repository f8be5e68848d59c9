"""The writes of the demonstration itself; all else in it is written by the actions of its rooms."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from reunion.base.accounts.models import Account
from reunion.base.actor import Actor
from reunion.base.audit.actions import record
from reunion.base.errors import RuleBroken
from reunion.demo.access import is_synthetic
from reunion.demo.models import DemoAccount, PracticeCase, Seeding

VERSION, SIZE = 1, "small"


@transaction.atomic
def note_seeding(*, actor: Actor, seed: int, at: datetime) -> Seeding:
    """Note that the system is filled with what this version makes of a seed.

    Raises:
        RuleBroken: the system is not for invented people.
    """
    _require_synthetic()
    made = Seeding.objects.create(seed=seed, version=VERSION, size=SIZE, made_at=at)
    record(actor=actor, act="note_seeding", subject=None, at=at, after={"seed": seed})
    return made


@transaction.atomic
def note_demo_account(*, actor: Actor, account: Account, at: datetime) -> DemoAccount:
    """Let the page of sign-in show the code of an account, and let it do in place of a key.

    Raises:
        RuleBroken: the system is not for invented people.
    """
    _require_synthetic()
    made = DemoAccount.objects.create(account=account)
    record(actor=actor, act="note_demo_account", subject=account, at=at)
    return made


@transaction.atomic
def open_practice_case(
    *, actor: Actor, number: str, title: str, region: str, at: datetime
) -> PracticeCase:
    """Write down an invented case.

    Raises:
        RuleBroken: the system is not for invented people.
    """
    _require_synthetic()
    made = PracticeCase.objects.unscoped().create(number=number, title=title, region=region)
    record(actor=actor, act="open_practice_case", subject=made, at=at, after={"number": number})
    return made


def _require_synthetic() -> None:
    if not is_synthetic():
        raise RuleBroken(rule="system_is_synthetic")
