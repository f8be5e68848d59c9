"""Units, posts and staff: every change that a person can make to them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from reunion.base.actor import Actor
from reunion.base.audit.actions import record
from reunion.base.errors import RuleBroken
from reunion.base.permissions.decide import require_over
from reunion.base.records import locked, unless_taken
from reunion.base.units.models import Post, Staff, Unit
from reunion.base.units.pack import check_post, check_region, check_unit, day_of

WITNESS_KEY = 32
"""Bytes of a public key (Ed25519)."""


@transaction.atomic
def open_unit(
    *,
    actor: Actor,
    code: str,
    kind: str,
    level: str,
    region: str,
    name_en: str,
    name: str,
    valid_from: date,
    at: datetime,
    parent: UUID | None = None,
) -> Unit:
    """Enter an agency into the list of units.

    Raises:
        NotPermitted: the actor may not administer this region.
        NotFound: there is no such parent in the actor's region.
        RuleBroken: the code is taken, the parent does not cover the region, or the pack of the
            jurisdiction has no such region, kind or level.
    """
    require_over(actor, "units.administer", region)
    check_unit(kind=kind, level=level, region=region, day=valid_from)
    if parent is not None:
        above = locked(Unit.objects.visible_to(actor, at), parent)
        if not region.startswith(above.region):
            raise RuleBroken(rule="parent_covers_region")
    with unless_taken(RuleBroken(rule="code_is_free")):
        unit = Unit.objects.unscoped().create(
            code=code,
            kind=kind,
            level=level,
            region=region,
            name_en=name_en,
            name=name,
            valid_from=valid_from,
            parent_id=parent,
        )
    record(actor=actor, act="open_unit", subject=unit, at=at, after={"code": code})
    return unit


@transaction.atomic
def rename_unit(
    *, actor: Actor, unit_id: UUID, name_en: str, name: str, at: datetime, version: int
) -> Unit:
    """Correct or change the names of a unit.

    Raises:
        NotFound: there is no such unit in the actor's region.
        NotPermitted: the actor may not administer its region.
        ChangedMeanwhile: somebody changed it after it was shown as `version`.
    """
    unit = _administered(actor, unit_id, at, version=version)
    before = {"name_en": unit.name_en, "name": unit.name}
    unit.name_en, unit.name = name_en, name
    unit.save_changes("name_en", "name")
    record(
        actor=actor,
        act="rename_unit",
        subject=unit,
        at=at,
        before=before,
        after={"name_en": name_en, "name": name},
    )
    return unit


@transaction.atomic
def name_witness(
    *, actor: Actor, unit_id: UUID, key: bytes | None, at: datetime, version: int
) -> Unit:
    """Make a unit a witness of the audit trail, with its public key; None: it is one no more.

    Raises:
        NotFound: there is no such unit in the actor's region.
        NotPermitted: the actor may not administer its region.
        ChangedMeanwhile: somebody changed it after it was shown as `version`.
        RuleBroken: the key does not have 32 bytes, or another unit has it.
    """
    unit = _administered(actor, unit_id, at, version=version)
    if key is not None and len(key) != WITNESS_KEY:
        raise RuleBroken(rule="witness_key_has_32_bytes")
    unit.witness_key = key
    with unless_taken(RuleBroken(rule="witness_key_is_its_own")):
        unit.save_changes("witness_key")
    after = {"witness_key": key.hex() if key else ""}
    record(actor=actor, act="name_witness", subject=unit, at=at, after=after)
    return unit


@transaction.atomic
def close_unit(
    *,
    actor: Actor,
    unit_id: UUID,
    valid_to: date,
    at: datetime,
    version: int,
    successor: UUID | None = None,
) -> Unit:
    """Say from which day a unit is no more, and which one took its place. Its posts end too.

    Raises:
        NotFound: there is no such unit, or no such successor, in the actor's region.
        NotPermitted: the actor may not administer its region.
        RuleBroken: it is closed already, would end before it began, or would succeed itself.
        ChangedMeanwhile: somebody changed it after it was shown as `version`.
    """
    unit = _administered(actor, unit_id, at, version=version)
    if unit.valid_to is not None:
        raise RuleBroken(rule="unit_is_open")
    if valid_to <= unit.valid_from:
        raise RuleBroken(rule="ends_after_it_starts")
    if successor is not None:
        if successor == unit.pk:
            raise RuleBroken(rule="successor_is_another_unit")
        locked(Unit.objects.visible_to(actor, at), successor)
    unit.valid_to, unit.successor_id = valid_to, successor
    unit.save_changes("valid_to", "successor")
    record(
        actor=actor,
        act="close_unit",
        subject=unit,
        at=at,
        after={"valid_to": valid_to.isoformat(), "successor": str(successor or "")},
    )
    _end_posts_of(actor, unit, valid_to, at)
    return unit


@transaction.atomic
def enter_staff(*, actor: Actor, name: str, region: str, at: datetime) -> Staff:
    """Enter a human being who is to hold posts.

    Raises:
        NotPermitted: the actor may not administer the region.
        RuleBroken: the pack of the jurisdiction has no such region.
    """
    require_over(actor, "units.administer", region)
    check_region(region, day_of(at))
    staff = Staff.objects.unscoped().create(name=name, region=region)
    record(actor=actor, act="enter_staff", subject=staff, at=at)
    return staff


@transaction.atomic
def stop_work_from(*, actor: Actor, staff: UUID, moment: datetime, at: datetime) -> None:
    """Let no account of somebody work from a moment on, whatever the clock jobs do.

    Called by the action that it follows from, which has checked the actor: the pause is set before
    it is due, and the gate of the site compares the moment with its own clock.
    """
    paused = locked(Staff.objects.unscoped(), staff)
    paused.paused_from = moment
    paused.save_changes("paused_from")
    after = {"from": moment.isoformat()}
    record(actor=actor, act="stop_work_from", subject=paused, at=at, after=after)


@transaction.atomic
def let_work(*, actor: Actor, staff: UUID, at: datetime) -> None:
    """Take a pause back; called by the action that it follows from."""
    freed = locked(Staff.objects.unscoped(), staff)
    freed.paused_from = None
    freed.save_changes("paused_from")
    record(actor=actor, act="let_work", subject=freed, at=at)


@transaction.atomic
def appoint(
    *,
    actor: Actor,
    unit_id: UUID,
    staff_id: UUID,
    role: str,
    valid_from: date,
    at: datetime,
    region: str | None = None,
    rank: str = "",
    valid_to: date | None = None,
) -> Post:
    """Give somebody a post at a unit, from a day on.

    Raises:
        NotFound: there is no such unit or staff member in the actor's region.
        NotPermitted: the actor may not administer the region.
        RuleBroken: the region is not the unit's own, nor one below it; nobody appoints themselves;
            the unit is not there on one of the days; the pack has no such role or rank.
    """
    unit = locked(Unit.objects.visible_to(actor, at), unit_id)
    where = unit.region if region is None else region
    require_over(actor, "units.administer", where)
    if not where.startswith(unit.region):
        raise RuleBroken(rule="post_within_region_of_unit")
    if staff_id == actor.staff:
        raise RuleBroken(rule="nobody_appoints_themselves")
    check_post(role_code=role, rank=rank, kind=unit.kind)
    check_region(where, valid_from)
    if valid_from < unit.valid_from:
        raise RuleBroken(rule="unit_has_begun")
    if unit.valid_to is not None and valid_from >= unit.valid_to:
        raise RuleBroken(rule="unit_is_open")
    if unit.valid_to is not None and valid_to is not None and valid_to > unit.valid_to:
        raise RuleBroken(rule="post_ends_with_its_unit")
    until = valid_to or unit.valid_to
    if until is not None and until <= valid_from:
        raise RuleBroken(rule="ends_after_it_starts")
    staff = locked(Staff.objects.visible_to(actor, at), staff_id)
    post = Post.objects.unscoped().create(
        unit=unit,
        staff=staff,
        role=role,
        rank=rank,
        region=where,
        valid_from=valid_from,
        valid_to=until,
    )
    record(actor=actor, act="appoint", subject=post, at=at, after={"role": role})
    return post


@transaction.atomic
def end_post(
    *, actor: Actor, post_id: UUID, valid_to: date, at: datetime, version: int | None = None
) -> Post:
    """Say from which day a post is held no more; sessions under it lose it on that day.

    Raises:
        NotFound: there is no such post in the actor's region.
        NotPermitted: the actor may not administer its region.
        RuleBroken: it ends earlier already, or would end before it began.
        ChangedMeanwhile: somebody changed it after it was shown as `version`.
    """
    post = locked(Post.objects.visible_to(actor, at), post_id, version=version)
    require_over(actor, "units.administer", post.region)
    if valid_to <= post.valid_from:
        raise RuleBroken(rule="ends_after_it_starts")
    if post.valid_to is not None and post.valid_to <= valid_to:
        raise RuleBroken(rule="post_is_open")
    _end(actor, post, valid_to, at)
    return post


def _end_posts_of(actor: Actor, unit: Unit, valid_to: date, at: datetime) -> None:
    for post in Post.objects.unscoped().filter(unit=unit).select_for_update(of=("self",)):
        if post.valid_from < valid_to and (post.valid_to is None or post.valid_to > valid_to):
            _end(actor, post, valid_to, at)


def _end(actor: Actor, post: Post, valid_to: date, at: datetime) -> None:
    post.valid_to = valid_to
    post.save_changes("valid_to")
    after = {"valid_to": valid_to.isoformat()}
    record(actor=actor, act="end_post", subject=post, at=at, after=after)


def _administered(actor: Actor, unit_id: UUID, at: datetime, *, version: int) -> Unit:
    """A unit for an administrator, locked, as it was shown."""
    unit = locked(Unit.objects.visible_to(actor, at), unit_id, version=version)
    require_over(actor, "units.administer", unit.region)
    return unit
