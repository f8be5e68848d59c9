"""What emergency openings say on the first page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from reunion.base.actor import Actor
from reunion.base.agenda import Line, Part, part_of, says
from reunion.base.emergency.access import REVIEW, SEE, unreviewed_for
from reunion.base.emergency.models import BreakGlass
from reunion.base.records import word_of
from reunion.base.units.pack import day_of


@says
def openings(actor: Actor, at: datetime) -> Iterator[Part]:
    """The openings that nobody has reviewed yet."""
    if not (actor.may(SEE) and actor.may(REVIEW)):
        return

    def line(opening: BreakGlass) -> Line:
        page = reverse("breakglass", kwargs={"pk": opening.pk})
        due = opening.review_due
        return Line(word_of(opening.kind), page, due=day_of(due), is_late=due < at)

    yield part_of(
        unreviewed_for(actor, at),
        line,
        title=_("Emergency openings that wait for a review"),
        url=reverse("breakglass_list"),
    )
