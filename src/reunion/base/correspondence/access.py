"""The way from a request to items: those of the actor's desk, and no others."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from reunion.base.actor import Actor
from reunion.base.audit.access import steps_of
from reunion.base.audit.models import Step
from reunion.base.correspondence.models import Desk, DeskKey
from reunion.base.errors import NotFound
from reunion.base.inbox.models import Item, ItemQuerySet
from reunion.base.inbox.rules import SEE, Limits, day_of, limits
from reunion.base.inbox.sealing import unwrap_for
from reunion.base.keyring import Keyring
from reunion.base.keys.envelope import Place
from reunion.base.keys.vault import open_with
from reunion.base.permissions.decide import fetch, require
from reunion.base.permissions.models import Exclusion
from reunion.base.units.models import Unit
from reunion.base.units.pack import jurisdiction

DESK = "desk"
"""The key of the internal site that the private parts of desks are sealed under."""


def keys_of_desks(actor: Actor) -> list[UUID]:
    """The ids of all keys that the actor's unit ever had as a desk; none: it never was one.

    A list: what they seal lies in another database.
    """
    keys = DeskKey.objects.filter(desk__unit=actor.unit) if actor.unit else DeskKey.objects.none()
    return list(keys.values_list("pk", flat=True))


def desk_for(actor: Actor, pk: UUID, needs: str, at: datetime) -> Desk:
    """One desk, or NotFound."""
    return fetch(Desk.objects, actor, pk, needs=needs, at=at)


def desks_for(actor: Actor, needs: str, at: datetime) -> QuerySet[Desk]:
    """The desks in the actor's region, open and closed."""
    require(actor, needs)
    return (
        Desk.objects.visible_to(actor, at)
        .select_related("unit")
        .order_by("region", "closed_at", "pk")
    )


def units_without_desk(actor: Actor, at: datetime) -> QuerySet[Unit]:
    """The units in the actor's region that could become a desk."""
    served = Desk.objects.unscoped().filter(closed_at=None).values("region")
    units = Unit.objects.visible_to(actor, at).filter(valid_to=None)
    return units.exclude(region__in=served).order_by("code")


def items_for(actor: Actor) -> ItemQuerySet:
    """The items of the actor's desk that the senders do not hide from the actor.

    Raises:
        NotPermitted: the actor's role reads no items.
    """
    require(actor, SEE)
    hidden = Exclusion.objects.against(actor, Item).values_list("subject", flat=True)
    # A list: what other rooms hide lies in another database.
    items = Item.objects.at_desk(keys_of_desks(actor), actor.region)
    return items.exclude(pk__in=list(hidden))


def item_for(actor: Actor, pk: UUID, *, needs: str = SEE) -> Item:
    """One item, or NotFound.

    Args:
        needs: the permission of the act, beside that to see items.
    """
    found = None
    if actor.may(SEE) and actor.may(needs):
        found = items_for(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(kind="item")
    return found


def history_of(item: Item) -> list[Step]:
    """What the desk did with an item, oldest first."""
    return steps_of(item)


def limits_at(at: datetime) -> Limits:
    """By which items wait too long."""
    return limits(day_of(at), jurisdiction().calendar)


def data_key_of(item: Item) -> bytes:
    """The data key of an item, for an act that has checked the actor and is recorded.

    Raises:
        NotFound: the item is sealed to no desk of ours.
        KeyMissing: this process does not hold the key of desks.
        EnvelopeDamaged: the wrap was changed, or is of another desk or item.
    """
    row = DeskKey.objects.filter(pk=item.desk_key).first()
    if row is None:
        raise NotFound(kind="deskkey")
    return unwrap_for(private_part(row), item.pk, bytes(item.for_desk))


def private_part(row: DeskKey) -> bytes:
    """The private key of a pair.

    Raises:
        KeyMissing: this process does not hold the key of desks.
    """
    return open_with(ring(), DESK, bytes(row.private), place_of(row))


def place_of(row: DeskKey) -> Place:
    """Where the sealed private part of a pair belongs."""
    return Place("correspondence.deskkey", "private", row.pk)


def ring() -> Keyring:
    """The keys of this process."""
    keyring: Keyring = settings.KEYRING
    return keyring
