"""The words of items: states and moves, and what the sender reads about them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reunion.base.inbox.rules import ItemState

STATES = (
    pgettext_lazy("state", "Received"),
    pgettext_lazy("state", "Read"),
    pgettext_lazy("state", "In work"),
    pgettext_lazy("state", "Answered"),
    pgettext_lazy("state", "Closed"),
)

MOVES = (
    pgettext_lazy("move", "Read"),
    pgettext_lazy("move", "Take up"),
    pgettext_lazy("move", "Answer"),
    pgettext_lazy("move", "Close"),
    pgettext_lazy("move", "Write on"),
)

STANDINGS: dict[ItemState, Promise] = {
    ItemState.RECEIVED: _("The desk has received your message and has not read it yet."),
    ItemState.READ: _("The desk has read your message."),
    ItemState.IN_WORK: _("The desk is working on it."),
    ItemState.ANSWERED: _("The desk has answered."),
    ItemState.CLOSED: _("The desk has closed this. If you write again, it is open again."),
}

RULES: dict[str, Promise] = {
    "text_is_there": _("Please write something."),
    "text_is_short_enough": _("This is too long. Please send it in several messages."),
    "messages_of_one_item": _("This conversation is full. Please start a new one."),
}
