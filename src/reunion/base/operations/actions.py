"""Setting a system up: its keys, its tables, its first administrator; done once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyrage
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from reunion.base.accounts.actions import open_account
from reunion.base.actor import Actor, system
from reunion.base.audit.actions import record
from reunion.base.operations.databases import make_room, stores, what_is_here
from reunion.base.operations.errors import SetUpAlready
from reunion.base.operations.models import Installation
from reunion.base.units.actions import appoint, enter_staff, open_unit
from reunion.base.units.pack import jurisdiction

_SETTER = "system:setup"
_NEEDED = frozenset({"units.administer", "accounts.administer"})


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """Who is to keep units and accounts from now on, and the agency that they work for."""

    name: str
    login: str
    agency: str
    agency_name: str
    agency_name_en: str


@dataclass(frozen=True, slots=True)
class Made:
    """What is shown once, and kept nowhere.

    Args:
        code: with which the administrator sets a password.
        backup_identity: with which backups are opened (age).
    """

    login: str
    code: str
    backup_identity: str


def make_tables() -> None:
    """Make the tables of a new system.

    Raises:
        SetUpAlready: there is one; `upgrade` is for tables of an older version.
    """
    for alias in stores():
        make_room(alias)
    if what_is_here() is not None:
        raise SetUpAlready
    _migrate()


def upgrade(*, at: datetime) -> None:
    """Bring all databases to the tables of this version, after a backup."""
    _migrate()
    record(actor=system("upgrade"), act="upgrade", subject=None, at=at)


def _migrate() -> None:
    for alias in stores():
        call_command("migrate", database=alias, verbosity=0)


@transaction.atomic
def set_up(*, first: FirstAdministrator, synthetic: bool, at: datetime) -> Made:
    """Set the system up, after `make_tables`.

    Raises:
        SetUpAlready: it is.
        RuleBroken: the pack has no such agency at the top level; the login is not allowed.
    """
    if Installation.objects.exists():
        raise SetUpAlready
    identity = pyrage.x25519.Identity.generate()
    Installation.objects.create(
        synthetic=synthetic,
        jurisdiction=settings.JURISDICTION,
        backup_public=str(identity.to_public()),
        made_at=at,
    )
    top = jurisdiction().regions.root
    setter = Actor(role=_SETTER, region=top.path, permissions=_NEEDED)
    record(actor=setter, act="set_up", subject=None, at=at, after={"synthetic": str(synthetic)})
    unit = open_unit(
        actor=setter,
        code=f"{first.agency}-{top.code}",
        kind=first.agency,
        level=top.level,
        region=top.path,
        name=first.agency_name,
        name_en=first.agency_name_en,
        valid_from=at.date(),
        at=at,
    )
    staff = enter_staff(actor=setter, name=first.name, region=top.path, at=at)
    appoint(
        actor=setter,
        unit_id=unit.pk,
        staff_id=staff.pk,
        role="administrator",
        valid_from=at.date(),
        at=at,
    )
    account, code = open_account(actor=setter, staff_id=staff.pk, login=first.login, at=at)
    return Made(account.login, code, str(identity))
