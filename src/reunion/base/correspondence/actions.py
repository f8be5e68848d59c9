"""Desks: opening one, changing its keys, and all that it does with an item.

An act on an item changes the inbox, and its entry stands in `default`. The entry is committed
first: an act can be entered that a power cut then undid, but none is done without its entry.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models.functions import Length

from reunion.base.actor import Actor
from reunion.base.audit.actions import record, record_move, record_read
from reunion.base.correspondence.access import (
    DESK,
    data_key_of,
    desk_for,
    item_for,
    limits_at,
    place_of,
    ring,
)
from reunion.base.correspondence.models import Desk, DeskKey, GuessingAlarm
from reunion.base.errors import RuleBroken
from reunion.base.inbox.access import Line, hours_over_budget, transcript
from reunion.base.inbox.actions import STORE, add_message
from reunion.base.inbox.models import Excluded, Item, Message
from reunion.base.inbox.rules import ITEM, WORK, Direction, ItemState, day_of, route
from reunion.base.inbox.sealing import Recipient, wrap_for
from reunion.base.keys.envelope import new_pair
from reunion.base.keys.models import Escrow
from reunion.base.keys.vault import seal_with
from reunion.base.notices.actions import notify
from reunion.base.notices.models import Notice
from reunion.base.permissions.decide import require_over
from reunion.base.publication.access import last_act
from reunion.base.publication.actions import put_out, take_back
from reunion.base.published.access import DESK_KEY, ESCROW_KEY
from reunion.base.records import locked, unless_taken
from reunion.base.regions import upwards
from reunion.base.units.models import Unit
from reunion.base.units.pack import jurisdiction

ADMINISTER = "correspondence.administer"

LATE = "correspondence.late"
"""What the unit above a desk is told."""

LOOK_BACK = timedelta(hours=26)
"""How far back hours of guessing are looked for: further than any worker rests."""


@transaction.atomic
def open_desk(*, actor: Actor, unit_id: UUID, at: datetime) -> Desk:
    """Let a unit receive what the public sends about its region, and publish its public key.

    Raises:
        NotFound: there is no such unit in the actor's region.
        NotPermitted: the actor may not administer desks there.
        RuleBroken: the unit is closed, or the region has a desk that is open.
    """
    unit = locked(Unit.objects.visible_to(actor, at), unit_id)
    require_over(actor, ADMINISTER, unit.region)
    if unit.valid_to is not None:
        raise RuleBroken(rule="unit_is_open")
    with unless_taken(RuleBroken(rule="one_desk_of_a_region")):
        desk = Desk.objects.unscoped().create(unit=unit, region=unit.region)
    record(actor=actor, act="open_desk", subject=desk, at=at, after={"unit": str(unit.pk)})
    _new_key(actor, desk, at)
    return desk


@transaction.atomic
def rotate_desk(*, actor: Actor, desk_id: UUID, at: datetime) -> DeskKey:
    """Give a desk a new key pair, such as when an officer has left; old items stay readable.

    Raises:
        NotFound: there is no such desk for the actor.
        RuleBroken: it is closed.
    """
    desk = _administered(actor, desk_id, at)
    desk.keys.filter(retired_at=None).update(retired_at=at)
    record(actor=actor, act="rotate_desk", subject=desk, at=at)
    return _new_key(actor, desk, at)


@transaction.atomic
def close_desk(*, actor: Actor, desk_id: UUID, at: datetime) -> Desk:
    """Let a desk receive nothing more; what it has it keeps, and answers.

    Raises:
        NotFound: there is no such desk for the actor.
        RuleBroken: it is closed already.
    """
    desk = _administered(actor, desk_id, at)
    desk.closed_at = at
    desk.save_changes("closed_at")
    record(actor=actor, act="close_desk", subject=desk, at=at)
    take_back(actor=actor, kind=DESK_KEY, key=str(desk.pk), at=at)
    return desk


def _administered(actor: Actor, desk_id: UUID, at: datetime) -> Desk:
    desk_for(actor, desk_id, ADMINISTER, at)
    desk = locked(Desk.objects.unscoped(), desk_id)
    if desk.closed_at is not None:
        raise RuleBroken(rule="desk_is_open")
    return desk


def _new_key(actor: Actor, desk: Desk, at: datetime) -> DeskKey:
    private, public = new_pair()
    row = DeskKey(desk=desk, public=public, since=at)
    row.private = seal_with(ring(), DESK, private, place_of(row))
    row.save(force_insert=True)
    body = {"key": str(row.pk), "public": public.hex()}
    put_out(actor=actor, kind=DESK_KEY, key=str(desk.pk), region=desk.region, body=body, at=at)
    return row


@transaction.atomic
def announce_escrow(*, actor: Actor, at: datetime) -> bool:
    """Publish the public key of the newest escrow, if it is not published; whether it was new."""
    escrow = Escrow.objects.order_by("-number").first()
    if escrow is None:
        return False
    body = {"number": escrow.number, "public": bytes(escrow.public).hex()}
    last = last_act(ESCROW_KEY, "newest")
    if last is not None and last.body == body:
        return False
    root = jurisdiction().regions.root.path
    put_out(actor=actor, kind=ESCROW_KEY, key="newest", region=root, body=body, at=at)
    return True


@transaction.atomic
def tell_of_guessing(*, actor: Actor, at: datetime) -> list[GuessingAlarm]:
    """Tell the highest desk of hours in which somebody seems to guess receipts; each hour once."""
    known = set(GuessingAlarm.objects.values_list("hour", flat=True))
    new = [hour for hour in hours_over_budget(at - LOOK_BACK) if hour.hour not in known]
    desks = Desk.objects.unscoped().filter(closed_at=None).order_by(Length("region"))
    highest = desks.first()
    alarms = []
    for hour in new:
        alarm = GuessingAlarm.objects.create(hour=hour.hour, failed=hour.failed, at=at)
        record(actor=actor, act="tell_of_guessing", subject=alarm, at=at)
        if highest is not None:
            unit, what = highest.unit_id, "correspondence.guessing"
            notify(actor=actor, what=what, subject=alarm, at=at, unit=unit)
        alarms.append(alarm)
    return alarms


def tell_of_late_items(*, actor: Actor, at: datetime) -> int:
    """Tell the unit above a desk of the items that wait too long there; how many there were.

    Once for each time that an item waits: if the sender writes on and it waits again, then again.
    """
    items = Item.objects.unscoped().late(limits_at(at)).values_list("pk", "waits_since", "desk_key")
    told = dict(Notice.objects.filter(what=LATE).order_by("at").values_list("subject", "at"))
    count = 0
    for pk, since, key in items:
        if pk in told and day_of(told[pk]) > since:
            continue
        row = DeskKey.objects.select_related("desk__unit").get(pk=key)
        unit = row.desk.unit.parent_id or row.desk.unit_id
        notify(actor=actor, what=LATE, subject=Item(pk=pk), at=at, unit=unit)
        count += 1
    return count


def read_item(*, actor: Actor, item_id: UUID, at: datetime) -> tuple[Item, list[Line]]:
    """Open an item: its whole conversation. Each reading is recorded before it is shown.

    Raises:
        NotFound: there is no such item for the actor.
        EnvelopeDamaged: somebody changed what is stored.
    """
    item = item_for(actor, item_id)
    record_read(actor=actor, subject=item, what="conversation", at=at)
    lines = transcript(item, data_key_of(item))
    if item.state == ItemState.RECEIVED:
        with transaction.atomic(using=STORE):
            item = locked(Item.objects.unscoped(), item_id)
            if item.state == ItemState.RECEIVED:  # nobody else opened it at the same moment
                _move(actor, item, "read", at)
    return item, lines


def take_up(*, actor: Actor, item_id: UUID, at: datetime, version: int) -> Item:
    """Say that the desk works on an item.

    Raises:
        NotFound: there is no such item for the actor.
        MoveRefused, ChangedMeanwhile: it stands elsewhere than was shown.
    """
    item_for(actor, item_id, needs=WORK)
    return _moved(actor, item_id, "take_up", at, version=version)


def close(*, actor: Actor, item_id: UUID, reason: str, at: datetime, version: int) -> Item:
    """End the work on an item; if the sender writes again, it is open again.

    Raises:
        NotFound: there is no such item for the actor.
        MoveRefused, ChangedMeanwhile: it stands elsewhere than was shown.
        RuleBroken: no reason is given.
    """
    item_for(actor, item_id, needs=WORK)
    if not reason.strip():
        raise RuleBroken(rule="reason_given")
    return _moved(actor, item_id, "close", at, version=version, reason=reason)


def answer(*, actor: Actor, item_id: UUID, text: str, at: datetime, version: int) -> Message:
    """Write to the sender. The message is the desk's: no name and no post goes with it.

    Raises:
        NotFound: there is no such item for the actor.
        MoveRefused, ChangedMeanwhile: it stands elsewhere than was shown.
        RuleBroken: the text is empty or too long, or there are too many messages.
    """
    with transaction.atomic(using=STORE):
        item = _locked(actor, item_id, WORK, version)
        message = add_message(
            item=item,
            key=data_key_of(item),
            direction=Direction.OUT,
            text=text,
            message_id=uuid4(),
            at=at,
        )
        item.messages.filter(direction=Direction.IN, read_on=None).update(
            read_on=message.created_on
        )
        _move(actor, item, "answer", at)
    return message


def route_up(*, actor: Actor, item_id: UUID, path: str, at: datetime, version: int) -> Item:
    """Hide an item from a region that its text names, and give it to the desk above.

    The first reader does so who finds that an official or unit of the region is concerned. The
    data key is sealed to the other desk; the old wrap is gone with that.

    Raises:
        NotFound: there is no such item for the actor.
        RuleBroken: the item is not about a region below that path, or no desk is left for it.
        ChangedMeanwhile: somebody changed it after it was shown.
    """
    with transaction.atomic(using=STORE):
        item = _locked(actor, item_id, WORK, version)
        if not path or not item.region.startswith(path):
            raise RuleBroken(rule="excluded_region_is_the_items")
        excluded = {*item.excluded.values_list("path", flat=True), path}
        above_it = Desk.objects.unscoped().filter(region__in=upwards(item.region), closed_at=None)
        open_desks = {desk.region: desk for desk in above_it}
        above = route(item.region, excluded, open_desks)
        if above is None:
            raise RuleBroken(rule="a_desk_is_left")
        key_row = open_desks[above].keys.get(retired_at=None)
        recipient = Recipient(str(key_row.pk), bytes(key_row.public))
        item.for_desk = wrap_for(recipient, item.pk, data_key_of(item))
        item.desk_key = key_row.pk
        item.save_changes("for_desk", "desk_key")
        Excluded.objects.get_or_create(item=item, path=path)
        with transaction.atomic():
            record(actor=actor, act="route_up", subject=item, at=at, after={"region": path})
    return item


def _locked(actor: Actor, item_id: UUID, needs: str, version: int) -> Item:
    item_for(actor, item_id, needs=needs)
    return locked(Item.objects.unscoped(), item_id, version=version)


def _moved(
    actor: Actor, item_id: UUID, name: str, at: datetime, *, version: int, reason: str = ""
) -> Item:
    with transaction.atomic(using=STORE):
        item = locked(Item.objects.unscoped(), item_id, version=version)
        _move(actor, item, name, at, reason=reason)
    return item


def _move(actor: Actor, item: Item, name: str, at: datetime, *, reason: str = "") -> None:
    """Move a locked item; the entry is committed before the move is."""
    source = ItemState(item.state)
    move = ITEM.move(source, name)
    item.state = move.target
    item.save_changes("state")
    with transaction.atomic():
        record_move(
            actor=actor, subject=item, machine=ITEM.name, move=move, source=source, at=at,
            reason=reason,
        )  # fmt: skip
