"""What the rights of people say on the first page of those who answer for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from reunion.base.actor import Actor
from reunion.base.agenda import Line, Part, Urgency, part_of, says, steps_of
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
    today = day_of(at)
    open_requests = open_requests_for(actor, at)
    untold = breaches_for(actor, at).filter(notified_at__isnull=True)

    def request(one: RightsRequest) -> Line:
        page = reverse("rightsrequest", kwargs={"pk": one.pk})
        return Line(str(KINDS[RequestKind(one.kind)]), page, one.due, steps=steps_of(one, actor))

    def breach(one: Breach) -> Line:
        page = reverse("breach", kwargs={"pk": one.pk})
        return Line(one.what[:80], page, due=day_of(one.notify_by), steps=steps_of(one, actor))

    def clock(one: RetentionClock) -> Line:
        page = reverse("retentionclock", kwargs={"pk": one.pk})
        return Line(word_of(one.kind), page, due=one.due)

    requests, breaches = reverse("rightsrequest_list"), reverse("breach_list")
    yield from part_of(
        open_requests.filter(due__lt=today),
        request,
        urgency=Urgency.LATE,
        title=_("Requests of people whose answer is overdue"),
        url=requests,
    )
    yield from part_of(
        open_requests.filter(due__gte=today),
        request,
        urgency=Urgency.WAITING,
        title=_("Requests of people"),
        url=requests,
    )
    yield from part_of(
        untold.filter(notify_by__lt=at),
        breach,
        urgency=Urgency.LATE,
        title=_("Breaches of which nobody was told in time"),
        url=breaches,
    )
    yield from part_of(
        untold.filter(notify_by__gte=at),
        breach,
        urgency=Urgency.WAITING,
        title=_("Breaches that must be told"),
        url=breaches,
    )
    yield from part_of(
        clocks_due_for(actor, at),
        clock,
        urgency=Urgency.WAITING,
        title=_("Records whose time has run out"),
        url=reverse("retentionclock_list"),
    )
