"""The list of items."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tables2 import A

from reunion.base.audit.templatetags.transitions_tags import state_word
from reunion.base.correspondence.access import limits_at
from reunion.base.inbox.kinds import KINDS
from reunion.base.inbox.models import Item
from reunion.base.inbox.rules import ItemState, is_late
from reunion.base.pages.tables import Dated, Listing, Worded, day_cell
from reunion.base.units.pack import region_label


def title_of(code: str) -> str:
    """What a kind of items is called; its code where there is no such kind any more."""
    kind = KINDS.get(code)
    return str(kind.title) if kind else code


def _late(one: Item, at: datetime) -> str:
    late = is_late(ItemState(one.state), one.waits_since, limits_at(at))
    return gettext("overdue") if late else ""


class ItemTable(Listing):
    caption = _("Messages from the public")
    file = "items"
    received_on = Dated(
        _("Received on"), day_cell, linkify=("item", {"pk": A("pk")}), orderable=True
    )
    kind = Worded(_("Kind"), title_of, orderable=True)
    region = Worded(_("About"), region_label, orderable=True)
    state = Worded(_("State"), state_word, _late, orderable=True)
