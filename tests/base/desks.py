"""Builders for tests of the inbox: desks of invented units, and messages that somebody left there.

All people, units and texts are synthetic. The hash of receipts is a quick one here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from reunion.base.actor import Actor
from reunion.base.correspondence.actions import open_desk
from reunion.base.correspondence.models import Desk, DeskKey
from reunion.base.inbox.actions import PUBLIC, leave
from reunion.base.inbox.models import Item
from reunion.base.inbox.receipts import ReceiptKeys, code_from, keys_of
from reunion.base.inbox.rules import route
from reunion.base.inbox.sealing import Recipient
from reunion.base.keyring import Keyring
from reunion.base.units.actions import open_unit
from reunion.base.units.models import Unit
from tests.cast import NOW, acting
from tools.public_site import QUICK

NATION, PROVINCE, PREFECTURE, COUNTY = "cn/", "cn/15/", "cn/15/1506/", "cn/15/1506/150602/"
OTHER_PROVINCE = "cn/65/"
LEVELS = ("nation", "province", "prefecture", "county")
STORES = ["default", "published", "inbox"]


def keeper(region: str = NATION) -> Actor:
    """Ms Fang, who decides which unit is a desk."""
    return acting(
        "administrator", region, "units.see", "units.administer", "correspondence.administer"
    )


def unit(region: str, kind: str = "police") -> Unit:
    """An invented unit at the level of the region."""
    known = Unit.objects.unscoped().filter(region=region, kind=kind).first()
    return known or open_unit(
        actor=keeper(),
        code=f"{kind}-{region.replace('/', '-')}",
        kind=kind,
        level=LEVELS[region.count("/") - 1],
        region=region,
        name_en="Invented desk",
        name="虚构线索台",
        valid_from=(NOW - timedelta(days=365)).date(),
        at=NOW,
    )


def desk(region: str) -> Desk:
    """The desk of a region."""
    known = Desk.objects.unscoped().filter(region=region).first()
    return known or open_desk(actor=keeper(), unit_id=unit(region).pk, at=NOW)


def officer(at_desk: Desk, region: str = "", *permissions: str) -> Actor:
    """Mr Hao, who reads and answers at a desk."""
    held = permissions or ("correspondence.see", "correspondence.work")
    actor = acting("case_officer", region or at_desk.region, *held)
    return Actor(
        role=actor.role,
        region=actor.region,
        permissions=actor.permissions,
        staff=actor.staff,
        unit=at_desk.unit_id,
    )


def recipient(of: Desk) -> Recipient:
    """The key of a desk that is in use."""
    row = DeskKey.objects.get(desk=of, retired_at=None)
    return Recipient(str(row.pk), bytes(row.public))


def receipt(number: int, ring: Keyring) -> list[ReceiptKeys]:
    """The keys of an invented receipt."""
    return keys_of(code_from(number.to_bytes(32)), ring, QUICK)


def message(
    folder: Path,
    number: int = 1,
    *,
    region: str = COUNTY,
    excluded: tuple[str, ...] = (),
    text: str = "They keep her in the yellow house.",
    escrow: Recipient | None = None,
    at: datetime = NOW,
) -> Item:
    """A message about a region, sealed to the desk that the public process would choose."""
    desks = {row.region: row for row in Desk.objects.unscoped().filter(closed_at=None)}
    chosen = route(region, excluded, desks)
    assert chosen is not None
    return leave(
        actor=PUBLIC,
        kind="family_message",
        region=region,
        excluded=excluded,
        text=text,
        desk=recipient(desks[chosen]),
        escrow=escrow,
        keys=receipt(number, Keyring(folder))[0],
        kdf_version=QUICK.version,
        at=at,
    )


def again(pk: UUID) -> Item:
    """The item as it is now."""
    return Item.objects.unscoped().get(pk=pk)
