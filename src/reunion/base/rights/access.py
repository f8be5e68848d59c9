"""The way from a request to bases, clocks, requests, registers; and what lawfulness rests on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, QuerySet

from reunion.base.actor import Actor, Purpose
from reunion.base.audit.models import AuditEntry
from reunion.base.errors import RuleBroken
from reunion.base.permissions.barred import is_barred
from reunion.base.permissions.decide import fetch, require
from reunion.base.rights.models import (
    Breach,
    Disclosure,
    ImpactAssessment,
    LegalBasis,
    Recipient,
    RetentionClock,
    RightsRequest,
    SearchNote,
)
from reunion.base.rights.rules import OPEN_REQUESTS, ClockState, Use
from reunion.base.small_cells import Published, published, whole_month
from reunion.base.units.access import posts_over
from reunion.base.units.models import Post
from reunion.base.units.pack import day_of, start_of

SEE, HANDLE, RECORD = "rights.see", "rights.handle", "rights.record_basis"


def require_basis(*, person: UUID, use: Use, at: datetime) -> LegalBasis:
    """The basis on which a person's data may be used; every room asks before it uses them.

    A consent of somebody who is implicated, or of their household, counts for nothing, also where
    that became known after it was given.

    Raises:
        RuleBroken: there is none.
    """
    for basis in LegalBasis.objects.in_force(person, use, at).order_by("-given_at"):
        others = {basis.given_by, basis.interpreter} - {None, person}
        if not any(is_barred(other, found=person, at=at) for other in others if other):
            return basis
    raise RuleBroken(rule=f"no_basis_for_{use.value}")


def bases_of(actor: Actor, person: UUID, at: datetime) -> QuerySet[LegalBasis]:
    """All bases of a person's data that the actor may see, those withdrawn too, newest first."""
    require(actor, RECORD)
    return LegalBasis.objects.visible_to(actor, at).filter(person=person).order_by("-given_at")


def requests_for(actor: Actor, at: datetime) -> QuerySet[RightsRequest]:
    """The requests in the actor's region, those due first."""
    require(actor, SEE)
    return RightsRequest.objects.visible_to(actor, at).order_by("due", "pk")


def open_requests_for(actor: Actor, at: datetime) -> QuerySet[RightsRequest]:
    """Those that are not answered."""
    return requests_for(actor, at).filter(state__in=OPEN_REQUESTS)


def request_for(actor: Actor, pk: UUID, at: datetime) -> RightsRequest:
    """One request, or NotFound."""
    return fetch(RightsRequest.objects, actor, pk, needs=SEE, at=at)


def clocks_due_for(actor: Actor, at: datetime) -> QuerySet[RetentionClock]:
    """The clocks in the actor's region that have run out, and those that are held."""
    require(actor, SEE)
    visible = RetentionClock.objects.visible_to(actor, at)
    return visible.filter(due__lt=day_of(at)).exclude(state=ClockState.DESTROYED).order_by("due")


def destroyed_for(actor: Actor, at: datetime) -> int:
    """How many records in the actor's region were destroyed when their clocks had run out."""
    require(actor, SEE)
    return RetentionClock.objects.visible_to(actor, at).filter(state=ClockState.DESTROYED).count()


def clock_for(actor: Actor, pk: UUID, at: datetime) -> RetentionClock:
    """One clock, or NotFound."""
    return fetch(RetentionClock.objects, actor, pk, needs=SEE, at=at)


def breaches_for(actor: Actor, at: datetime) -> QuerySet[Breach]:
    """The breaches in the actor's region, those to be told first."""
    require(actor, SEE)
    return Breach.objects.visible_to(actor, at).order_by(
        F("notified_at").asc(nulls_first=True), "notify_by", "pk"
    )


def breach_for(actor: Actor, pk: UUID, at: datetime) -> Breach:
    """One breach, or NotFound."""
    return fetch(Breach.objects, actor, pk, needs=SEE, at=at)


def recipients_for(actor: Actor) -> QuerySet[Recipient]:
    """The register of recipients; it names bodies, not people, and is the same everywhere."""
    require(actor, SEE)
    return Recipient.objects.order_by("name", "pk")


def disclosures_for(actor: Actor, recipient: Recipient, at: datetime) -> QuerySet[Disclosure]:
    """What was handed to a recipient from the actor's region, newest first."""
    require(actor, SEE)
    return Disclosure.objects.visible_to(actor, at).filter(recipient=recipient).order_by("-at")


def assessments_for(actor: Actor) -> QuerySet[ImpactAssessment]:
    """The impact assessments, those to be looked at again first."""
    require(actor, SEE)
    return ImpactAssessment.objects.order_by("review_due", "pk")


def searches_by_purpose(actor: Actor, first: date, last: date) -> Mapping[Purpose, int]:
    """The true counts of searches, for those who oversee them; both days included."""
    require(actor, SEE)
    return SearchNote.objects.between(first, last).by_purpose()


def published_searches(month: date, *, at: datetime) -> Published[Purpose]:
    """The counts of searches by purpose that the public sees, for a whole month that is over.

    Raises:
        RuleBroken: the month is not over.
    """
    first, end = whole_month(month, today=day_of(at))
    return published(SearchNote.objects.between(first, end - timedelta(1)).by_purpose())


def reads_by_purpose(actor: Actor, first: date, last: date) -> Mapping[str, int]:
    """How many sensitive reads at posts in the actor's region stated which purpose; blank: none."""
    require(actor, SEE)
    start, end = start_of(first), start_of(last + timedelta(1))
    reads = AuditEntry.objects.filter(region__startswith=actor.region).reads().between(start, end)
    counted = reads.values_list("purpose").annotate(Count("pk")).order_by("purpose")
    return dict(counted)


def officers_of(region: str, at: datetime) -> list[Post]:
    """The posts of data-protection officers for a region: the nearest level that has any."""
    posts = posts_over(region, HANDLE, at)
    nearest = max((len(post.region) for post in posts), default=0)
    return [post for post in posts if len(post.region) == nearest]
