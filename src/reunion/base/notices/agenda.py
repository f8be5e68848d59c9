"""What notices say on the first page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from reunion.base.actor import Actor
from reunion.base.agenda import Line, Part, Urgency, part_of, says
from reunion.base.notices.access import notices_for
from reunion.base.notices.models import Notice
from reunion.base.notices.words import words_of
from reunion.base.records import address_of


@says
def notices(actor: Actor, at: datetime) -> Iterator[Part]:
    """What the unit or post was told and nobody has marked as read."""
    if not actor.may("notices.see"):
        return
    every = reverse("notice_list")

    def line(notice: Notice) -> Line:
        page = address_of(notice.kind, notice.subject) or every
        return Line(words_of(notice), page, at=notice.at)

    yield part_of(
        notices_for(actor).unread(),
        line,
        urgency=Urgency.CHANGED,
        title=_("Unread notices"),
        url=every,
    )
