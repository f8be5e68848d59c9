"""Reads of the inbox that both sides of a conversation need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from reunion.base.errors import NotFound
from reunion.base.inbox.models import FailedLookups, Item
from reunion.base.inbox.receipts import ReceiptKeys
from reunion.base.inbox.rules import Direction
from reunion.base.inbox.sealing import open_body, open_message

HOURLY_BUDGET = 2_000
"""Look-ups of receipts that open nothing in one hour, everywhere together, before each must wait.

Whoever types their own number wrong tries a few times; ten guesses a second are 36,000.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One text of a conversation, opened; `at` is told to the desk only."""

    direction: Direction
    text: str
    day: date
    at: datetime


def transcript(item: Item, key: bytes) -> list[Line]:
    """The whole conversation, oldest first.

    Raises:
        EnvelopeUnknown, EnvelopeDamaged: the key is another one, or somebody changed a text.
    """
    first = open_body(key, item.pk, bytes(item.body))
    lines = [Line(Direction.IN, first.text, item.received_on, first.at)]
    for row in item.messages.order_by("number"):
        direction = Direction(row.direction)
        written = open_message(key, item.pk, row.number, direction, bytes(row.text))
        lines.append(Line(direction, written.text, row.created_on, written.at))
    return lines


def item_of(keys: Iterable[ReceiptKeys]) -> tuple[Item, ReceiptKeys] | None:
    """The item of a receipt, and the version of the pepper that it is found under."""
    by_lookup = {each.lookup: each for each in keys}
    item = Item.objects.unscoped().filter(lookup__in=list(by_lookup)).first()
    return None if item is None else (item, by_lookup[bytes(item.lookup)])


def item_with(pk: UUID) -> Item:
    """The item of an id, for whoever has shown that its data key is theirs.

    Raises:
        NotFound: there is none.
    """
    item = Item.objects.unscoped().filter(pk=pk).first()
    if item is None:
        raise NotFound(kind="item")
    return item


def hour_of(at: datetime) -> int:
    """The hour of a moment, counted since 1970."""
    return int(at.astimezone(UTC).timestamp()) // 3600


def is_over_budget(at: datetime) -> bool:
    """Whether so many receipts were tried in vain in this hour that each further one must wait."""
    return FailedLookups.objects.filter(hour=hour_of(at), failed__gte=HOURLY_BUDGET).exists()


def hours_over_budget(since: datetime) -> list[FailedLookups]:
    """The hours from a moment on in which somebody seems to have guessed."""
    hours = FailedLookups.objects.filter(hour__gte=hour_of(since), failed__gte=HOURLY_BUDGET)
    return list(hours.order_by("hour"))
