"""What emergency openings say on the first page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from reunion.base.actor import Actor
from reunion.base.agenda import Line, Part, Urgency, part_of, says
from reunion.base.emergency.access import REVIEW, SEE, unreviewed_for
from reunion.base.emergency.models import BreakGlass
from reunion.base.records import word_of
from reunion.base.units.pack import day_of


@says
def openings(actor: Actor, at: datetime) -> Iterator[Part]:
    """The openings that nobody has reviewed yet: late, or waiting."""
    if actor.staff is None or not (actor.may(SEE) and actor.may(REVIEW)):
        return
    others = unreviewed_for(actor, at).exclude(staff=actor.staff)

    def line(opening: BreakGlass) -> Line:
        page = reverse("breakglass", kwargs={"pk": opening.pk})
        return Line(word_of(opening.kind), page, due=day_of(opening.review_due))

    for urgency, title, found in (
        (
            Urgency.LATE,
            _("Emergency openings whose review is overdue"),
            others.filter(review_due__lt=at),
        ),
        (
            Urgency.WAITING,
            _("Emergency openings that wait for a review"),
            others.filter(review_due__gte=at),
        ),
    ):
        yield from part_of(
            found, line, urgency=urgency, title=title, url=reverse("breakglass_list")
        )
