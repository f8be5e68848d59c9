"""Who must be told of an opening, and the way from a request to openings."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.apps import apps
from django.db.models import F, Q, QuerySet

from reunion.base.actor import Actor
from reunion.base.emergency.models import BreakGlass
from reunion.base.errors import NotFound, RuleBroken
from reunion.base.permissions.decide import fetch, require
from reunion.base.permissions.models import Exclusion
from reunion.base.records import Placed
from reunion.base.regions import upwards
from reunion.base.small_cells import Published, published, whole_month
from reunion.base.units.access import posts_over
from reunion.base.units.models import Post
from reunion.base.units.pack import day_of, jurisdiction, start_of

SEE, OPEN, REVIEW = "emergency.see", "emergency.open", "emergency.review"


def openings_for(actor: Actor, at: datetime) -> QuerySet[BreakGlass]:
    """The openings by people of the actor's region, those not reviewed first."""
    require(actor, SEE)
    return BreakGlass.objects.visible_to(actor, at).order_by(
        F("reviewed_at").asc(nulls_first=True), "review_due", "pk"
    )


def unreviewed_for(actor: Actor, at: datetime) -> QuerySet[BreakGlass]:
    """Those among them that nobody has reviewed yet, late or not."""
    return openings_for(actor, at).filter(reviewed_at__isnull=True)


def opening_for(actor: Actor, pk: UUID, at: datetime) -> BreakGlass:
    """One opening, or NotFound."""
    return fetch(BreakGlass.objects, actor, pk, needs=SEE, at=at)


def own_openings(actor: Actor) -> QuerySet[BreakGlass]:
    """What the actor opened in emergencies, the latest first."""
    require(actor, OPEN)
    mine = Q(staff=actor.staff) if actor.staff else Q(pk__in=[])
    return BreakGlass.objects.unscoped().filter(mine).order_by("-opened_at")


def openable_kinds() -> dict[str, type[Placed]]:
    """The kinds of records that can be opened in an emergency: those that say so themselves.

    What givers of tips wrote, sealed originals, vouchers and keys do not say so, and never will.
    """
    return {
        model._meta.label_lower: model
        for model in apps.get_models()
        if issubclass(model, Placed) and model.opens_in_emergency
    }


def openable(actor: Actor, kind: str, subject: UUID) -> Placed:
    """The record, if records of its kind can be opened in an emergency, and it is not hidden.

    Raises:
        NotFound: otherwise; nobody is told why.
    """
    model = openable_kinds().get(kind)
    if model is None:
        raise NotFound(kind=kind)
    hidden = Exclusion.objects.against(actor, model).filter(subject=subject)
    found: Placed | None = model._base_manager.filter(pk=subject).first()
    if found is None or hidden.exists():
        raise NotFound(kind=kind)
    return found


def reviewers(*, staff: UUID, unit: UUID, region: str, at: datetime) -> tuple[Post, Post]:
    """Two posts to tell, of two people: the nearest of another unit, and the next nearest of all.

    Raises:
        RuleBroken: there are not two, or all of them are of the same unit.
    """
    posts = posts_over(region, REVIEW, at).exclude(staff=staff)
    near_first = sorted(posts, key=lambda post: (-len(post.region), str(post.pk)))
    outside = next((post for post in near_first if post.unit_id != unit), None)
    other = next(
        (post for post in near_first if outside and post.staff_id != outside.staff_id), None
    )
    if outside is None or other is None:
        raise RuleBroken(rule="emergency_needs_two_supervisors")
    return outside, other


def published_openings(month: date, *, at: datetime) -> Published[str]:
    """The counts of openings that the public sees, by region right below the country.

    Args:
        month: any day of a month that is over.

    Returns:
        Counts by path of region; what was opened at posts for the whole country is one of its own.

    Raises:
        RuleBroken: the month is not over.
    """
    first, end = map(start_of, whole_month(month, today=day_of(at)))
    regions = jurisdiction().regions
    country = regions.root.path
    counts = {region.path: 0 for region in (regions.root, *regions.children(regions.root))}
    opened = BreakGlass.objects.unscoped().filter(opened_at__gte=first, opened_at__lt=end)
    for region in opened.values_list("region", flat=True):
        counts[_below(region, country, counts)] += 1
    return published(counts)


def _below(region: str, country: str, known: dict[str, int]) -> str:
    """The region right below the country that a region lies in; the country for itself."""
    return next((path for path in upwards(region) if path != country and path in known), country)
