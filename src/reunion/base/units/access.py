"""The way from a request to units, posts and staff."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from reunion.base.actor import Actor
from reunion.base.permissions.decide import fetch, require
from reunion.base.records import in_force
from reunion.base.regions import upwards
from reunion.base.units.models import Post, Staff, Unit
from reunion.base.units.pack import day_of
from reunion.packs.roles import load_roles

NAMES = ("code", "name", "name_en")
"""By what somebody looks for a unit."""


def units_for(actor: Actor, at: datetime) -> QuerySet[Unit]:
    """The units in the actor's region, in force or not."""
    require(actor, "units.see")
    return Unit.objects.visible_to(actor, at)


def unit_for(actor: Actor, pk: UUID, at: datetime) -> Unit:
    """One unit, or NotFound."""
    return fetch(Unit.objects, actor, pk, needs="units.see", at=at)


def post_for(actor: Actor, pk: UUID, at: datetime) -> Post:
    """One post, or NotFound."""
    return fetch(Post.objects, actor, pk, needs="units.see", at=at)


def posts_for(actor: Actor, at: datetime) -> QuerySet[Post]:
    """The posts in the actor's region, of any time."""
    require(actor, "units.see")
    return Post.objects.visible_to(actor, at)


def staff_for(actor: Actor, at: datetime) -> QuerySet[Staff]:
    """The staff who are administered in the actor's region, by name."""
    require(actor, "units.administer")
    return Staff.objects.visible_to(actor, at).order_by("name")


def others_for(actor: Actor, at: datetime) -> QuerySet[Staff]:
    """The same without the actor, whom others appoint."""
    return staff_for(actor, at).exclude(pk__in=[actor.staff] if actor.staff else [])


def staff_member_for(actor: Actor, pk: UUID, at: datetime) -> Staff:
    """One staff member, or NotFound."""
    return fetch(Staff.objects, actor, pk, needs="units.administer", at=at)


def roster(unit: Unit, at: datetime) -> QuerySet[Post]:
    """Who held which post at a unit on the day of `at`."""
    posts = Post.objects.unscoped().filter(in_force(day_of(at)), unit=unit)
    return posts.select_related("staff").order_by("role", "staff__name")


def posts_of(staff: Staff, actor: Actor, at: datetime) -> QuerySet[Post]:
    """All posts of somebody that the actor may see, of any time, the newest first."""
    posts = Post.objects.visible_to(actor, at).filter(staff=staff)
    return posts.select_related("unit").order_by("-valid_from")


def posts_held(staff: UUID, at: datetime) -> QuerySet[Post]:
    """The posts that somebody can act under on the day of `at`: in force, at units in force."""
    held = _acted_under(at).filter(staff_id=staff)
    return held.select_related("unit").order_by("valid_from", "pk")


def posts_over(region: str, needs: str, at: datetime) -> QuerySet[Post]:
    """The posts for a region, or one above it, that can be acted under to do what `needs` says."""
    roles = [code for code, role in load_roles().items() if needs in role.may]
    return _acted_under(at).filter(role__in=roles, region__in=upwards(region))


def witness_keys(at: datetime) -> dict[str, str]:
    """The public keys of the units that witness the audit trail, by unit, as hexadecimal digits."""
    named = Unit.objects.unscoped().filter(in_force(day_of(at)), witness_key__isnull=False)
    return {unit.pk.hex: bytes(unit.witness_key or b"").hex() for unit in named.order_by("code")}


def _acted_under(at: datetime) -> QuerySet[Post]:
    """The posts in force on the day of `at`, at units in force."""
    day = day_of(at)
    closed = Q(unit__valid_to__isnull=False, unit__valid_to__lte=day)
    return Post.objects.unscoped().filter(in_force(day)).exclude(closed)
