"""What lies between the pages of the public site and the inbox: keys, receipts, limits."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from reunion.base.errors import ReunionError
from reunion.base.inbox import tickets
from reunion.base.inbox.access import is_over_budget
from reunion.base.inbox.actions import PUBLIC, come_back, leave, spend, write_on
from reunion.base.inbox.receipts import ReceiptKeys, code_from, codes_in, keys_of
from reunion.base.inbox.rules import route
from reunion.base.inbox.sealing import Recipient
from reunion.base.inbox.tickets import TicketUnknown, Visit
from reunion.base.keyring import Keyring
from reunion.base.published.access import DESK_KEY, ESCROW_KEY, one_shown, shown
from reunion.base.regions import upwards
from reunion.web.public_values import values

WAIT = timedelta(seconds=20)
"""How long each look-up must wait in an hour in which somebody seems to guess."""

PATIENCE = 2
"""Seconds that a request waits for its turn at the slow hash."""

AT_ONCE = 2
"""Slow hashes of one process at the same time. Each takes a core and 64 MiB for a tenth of a
second: the other threads of the process go on answering, however many numbers somebody sends."""

TURNS = threading.BoundedSemaphore(AT_ONCE)


class Busy(ReunionError):
    """Too many people at once; nothing was done."""


class NoDesk(ReunionError):
    """No desk that the sender trusts can receive this now."""


class MustWait(ReunionError):
    """Somebody seems to guess receipts: a look-up needs a ticket that is some seconds old."""


class HoldsReceipt(ReunionError):
    """The message holds the sender's own receipt, which nobody else may know."""


def new_ticket(form: str, at: datetime) -> str:
    """The ticket of a form that is given out now."""
    return tickets.issue(_tickets(), form, at)


def wait_ticket(at: datetime) -> str:
    """The ticket of whoever must wait."""
    return tickets.issue(_tickets(), "wait", at, not_before=WAIT)


def send(
    *, kind: str, region: str, excluded: Iterable[str], text: str, ticket: str, at: datetime
) -> str:
    """Leave a message; its receipt. The same ticket gives the same receipt, and leaves nothing new.

    Raises:
        TicketUnknown: the form is too old, or not ours.
        NoDesk, Busy: nothing was done; the text can be sent again.
        HoldsReceipt: the text holds the receipt.
        RuleBroken: the text is empty or too long.
    """
    secret = tickets.redeem(_tickets(), f"letter {kind}", ticket, at)
    code = code_from(tickets.derived(_tickets(), "receipt", secret))
    if code in codes_in(text):
        raise HoldsReceipt
    hidden = set(excluded)
    leave(
        actor=PUBLIC,
        kind=kind,
        region=region,
        excluded=hidden,
        text=text,
        desk=_desk(region, hidden, at),
        escrow=_escrow(at),
        keys=_hashed(code)[0],
        kdf_version=values.RECEIPT_KDF.version,
        at=at,
    )
    return code


def look_up(*, code: str, wait: str, at: datetime) -> Visit | None:
    """The conversation of a receipt; None: there is none, which is counted.

    Args:
        wait: ticket of whoever had to wait; blank else.

    Raises:
        MustWait: come again with a new ticket, after its time.
        Busy: nothing was done.
    """
    if is_over_budget(at) and not _has_waited(wait, at):
        raise MustWait
    found = come_back(actor=PUBLIC, keys=_hashed(code), at=at)
    if found is None:
        return None
    item, key = found
    return Visit(item.pk, key, tickets.mark_of(values.CAPABILITY_KEY, code))


def capability(visit: Visit, at: datetime) -> str:
    """What the page of a conversation carries."""
    return tickets.open_for(values.CAPABILITY_KEY, visit, at)


def visit_of(text: str, at: datetime) -> Visit:
    """The conversation of a page.

    Raises:
        TicketUnknown: it was open for too long.
    """
    return tickets.visit_of(values.CAPABILITY_KEY, text, at)


def send_on(*, visit: Visit, text: str, ticket: str, at: datetime) -> None:
    """Add a message to an open conversation; with the same ticket, once.

    Raises:
        TicketUnknown: the form is too old, or not ours.
        HoldsReceipt: the text holds the receipt.
        RuleBroken: the text is empty or too long, or there are too many.
    """
    secret = tickets.redeem(_tickets(), "write on", ticket, at)
    marks = {tickets.mark_of(values.CAPABILITY_KEY, code) for code in codes_in(text)}
    if visit.mark in marks:
        raise HoldsReceipt
    message = UUID(bytes=tickets.derived(_tickets(), "message", secret)[:16], version=4)
    write_on(actor=PUBLIC, item_id=visit.item, key=visit.key, message_id=message, text=text, at=at)


def _has_waited(ticket: str, at: datetime) -> bool:
    try:
        return spend(ticket=tickets.redeem(_tickets(), "wait", ticket, at), at=at)
    except TicketUnknown:
        return False


def _hashed(code: str) -> list[ReceiptKeys]:
    if not TURNS.acquire(timeout=PATIENCE):
        raise Busy
    try:
        return keys_of(code, _ring(), values.RECEIPT_KDF)
    finally:
        TURNS.release()


def _desk(region: str, excluded: set[str], at: datetime) -> Recipient:
    above = shown(DESK_KEY, at).filter(region__in=upwards(region))
    desks = {row.region: row for row in above}
    chosen = route(region, excluded, desks)
    if chosen is None:
        raise NoDesk
    body = desks[chosen].body
    return Recipient(body["key"], bytes.fromhex(body["public"]))


def _escrow(at: datetime) -> Recipient | None:
    """The escrow. In production nothing is received that no escrow could recover."""
    row = one_shown(ESCROW_KEY, "newest", at)
    if row is None:
        if values.MODE == "production":
            raise NoDesk
        return None
    return Recipient(str(row.body["number"]), bytes.fromhex(row.body["public"]))


def _tickets() -> bytes:
    return _ring().key("tickets", _ring().newest("tickets"))


def _ring() -> Keyring:
    return values.KEYRING
