"""What the messages of the public say on the first page of their desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from reunion.base.actor import Actor
from reunion.base.agenda import Line, Part, Urgency, part_of, says, steps_of
from reunion.base.correspondence.access import items_for, limits_at
from reunion.base.inbox.kinds import KINDS
from reunion.base.inbox.models import Item
from reunion.base.inbox.rules import ANSWER_WITHIN, READ_WITHIN, SEE, ItemState, last_day
from reunion.base.units.pack import jurisdiction


@says
def items(actor: Actor, at: datetime) -> Iterator[Part]:
    """What the desk has not read or answered: too long already, or not yet."""
    if not actor.may(SEE):
        return
    bounds, calendar = limits_at(at), jurisdiction().calendar
    waiting = items_for(actor).order_by("waits_since", "pk")

    def line(item: Item) -> Line:
        within = READ_WITHIN if item.state == ItemState.RECEIVED else ANSWER_WITHIN
        kind = KINDS.get(item.kind)
        return Line(
            str(kind.title) if kind else item.kind,
            reverse("item", kwargs={"pk": item.pk}),
            due=last_day(within, item.waits_since, calendar),
            steps=steps_of(item, actor),
        )

    page = reverse("item_list")
    yield part_of(
        waiting.late(bounds),
        line,
        urgency=Urgency.LATE,
        title=_("Messages from the public that wait too long"),
        url=f"{page}?late=1",
    )
    yield part_of(waiting.in_time(bounds), line, title=_("Messages from the public"), url=page)
