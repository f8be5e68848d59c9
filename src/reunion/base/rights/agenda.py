"""What the rights of people say on the first page of those who answer for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from reunion.base.actor import Actor
from reunion.base.agenda import Line, Part, part_of, says, steps_of
from reunion.base.records import word_of
from reunion.base.rights.access import HANDLE, breaches_for, clocks_due_for, open_requests_for
from reunion.base.rights.models import Breach, RetentionClock, RightsRequest
from reunion.base.rights.rules import RequestKind
from reunion.base.rights.words import KINDS
from reunion.base.units.pack import day_of


@says
def rights(actor: Actor, at: datetime) -> Iterator[Part]:
    """Requests with their clocks, breaches of which nobody was told, records to be destroyed."""
    if not actor.may(HANDLE):
        return

    def request(one: RightsRequest) -> Line:
        page = reverse("rightsrequest", kwargs={"pk": one.pk})
        late = one.is_overdue(day_of(at))
        words = str(KINDS[RequestKind(one.kind)])
        return Line(words, page, due=one.due, is_late=late, steps=steps_of(one, actor))

    def breach(one: Breach) -> Line:
        page, due = reverse("breach", kwargs={"pk": one.pk}), day_of(one.notify_by)
        steps = steps_of(one, actor)
        return Line(one.what[:80], page, due=due, is_late=one.is_late(at), steps=steps)

    def clock(one: RetentionClock) -> Line:
        page = reverse("retentionclock", kwargs={"pk": one.pk})
        return Line(word_of(one.kind), page, due=one.due)

    yield part_of(
        open_requests_for(actor, at),
        request,
        title=_("Requests of people"),
        url=reverse("rightsrequest_list"),
    )
    yield part_of(
        breaches_for(actor, at).filter(notified_at__isnull=True),
        breach,
        title=_("Breaches that must be told"),
        url=reverse("breach_list"),
    )
    yield part_of(
        clocks_due_for(actor, at),
        clock,
        title=_("Records whose time has run out"),
        url=reverse("retentionclock_list"),
    )
