"""What comes round: officers are told of what has run out, each of it once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from reunion.base.actor import system
from reunion.base.jobs.registry import duty
from reunion.base.notices.actions import notify
from reunion.base.notices.models import Notice
from reunion.base.records import Placed
from reunion.base.rights.access import officers_of
from reunion.base.rights.models import Breach, RetentionClock, RightsRequest
from reunion.base.rights.rules import BREACH_NOT_TOLD, REQUEST_OVERDUE, RETENTION_OVER
from reunion.base.units.pack import day_of

P = TypeVar("P", bound=Placed)


@duty("rights.tell", every=timedelta(hours=1))
def tell_what_has_run_out(at: datetime) -> None:
    """Retention that is over, requests that are late, breaches of which nobody was told in time.

    Hourly, as the time for telling of a breach is counted in hours.
    """
    today = day_of(at)
    _tell(RETENTION_OVER, RetentionClock.objects.due(today), at)
    _tell(REQUEST_OVERDUE, RightsRequest.objects.overdue(today), at)
    _tell(BREACH_NOT_TOLD, Breach.objects.not_told(at), at)


@transaction.atomic
def _tell(what: str, records: QuerySet[P], at: datetime) -> None:
    """Tell the officers of the region of each record that nobody was told of before."""
    told = Notice.objects.filter(what=what).values("subject")
    for one in records.exclude(pk__in=told):
        for post in officers_of(one.region, at):
            notify(actor=system("rights.tell"), what=what, subject=one, at=at, post=post.pk)
