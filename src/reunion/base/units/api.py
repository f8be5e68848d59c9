"""For programs: regions, units, posts, staff, and the open lists of the pack."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from pydantic import BaseModel

from reunion.base.exchange import (
    CodePaging,
    Listed,
    Paging,
    Word,
    listed,
    listed_by_code,
    reads,
)
from reunion.base.permissions.declare import ActorRequest
from reunion.base.records import in_force
from reunion.base.units.access import (
    posts_for,
    staff_for,
    staff_member_for,
    unit_for,
    units_for,
)
from reunion.base.units.models import Post, Staff, Unit
from reunion.base.units.pack import day_of, jurisdiction
from reunion.packs.regions import Region
from reunion.packs.roles import Role, load_roles
from reunion.packs.vocabulary import Term

regions, units = Router(tags=["regions"]), Router(tags=["units"])
posts, staff, packs = Router(tags=["posts"]), Router(tags=["staff"]), Router(tags=["packs"])


class RegionOut(BaseModel):
    """A region on a day; whoever's path is a prefix of another's covers it."""

    code: str
    path: str
    parent: str
    level: str
    names: dict[str, str]
    valid_from: date | None
    valid_to: date | None


class RegionPage(CodePaging):
    """Which regions: those that a path covers, those of a level; as they are on a day, or today."""

    within: Word | None = None
    level: Word | None = None
    day: date | None = None


class UnitOut(BaseModel):
    """A unit: an agency at one level and region."""

    id: UUID
    version: int
    code: str
    kind: str
    level: str
    region: str
    name: str
    name_en: str
    parent: UUID | None
    successor: UUID | None
    valid_from: date
    valid_to: date | None


class UnitPage(Paging):
    """Which units: of a region and those below it, of a kind, in force on a day."""

    region: Word | None = None
    kind: Word | None = None
    day: date | None = None


class PostOut(BaseModel):
    """A post. Who holds it is named by an id alone."""

    id: UUID
    version: int
    unit: UUID
    staff: UUID
    role: str
    rank: str
    region: str
    valid_from: date
    valid_to: date | None


class PostPage(Paging):
    """Which posts: of a unit, of a role, held on a day."""

    unit: UUID | None = None
    role: Word | None = None
    day: date | None = None


class StaffOut(BaseModel):
    """A staff member, with the name cut short."""

    id: UUID
    version: int
    name: str
    region: str


class RoleOut(BaseModel):
    """A role, and what it may do."""

    code: str
    names: dict[str, str]
    internal: bool
    permissions: list[str]


class TermOut(BaseModel):
    """An official term."""

    code: str
    names: dict[str, str]


@reads(
    regions, "", says=_("Regions of the jurisdiction"), name="api_regions", gives=Listed[RegionOut]
)
def region_list(request: HttpRequest, page: Query[RegionPage]) -> Listed[RegionOut]:
    day = page.day or day_of(timezone.now())
    found = jurisdiction().regions.within(page.within or "", level=page.level, at=day)
    return listed_by_code(request, found, page, _region, lambda region: region.code)


@reads(
    units,
    "",
    says=_("Units of the token's region"),
    name="api_units",
    needs="units.see",
    gives=Listed[UnitOut],
)
def unit_list(request: ActorRequest, page: Query[UnitPage]) -> Listed[UnitOut]:
    found = units_for(request.actor, timezone.now())
    if page.region is not None:
        found = found.filter(region__startswith=page.region)
    if page.kind is not None:
        found = found.filter(kind=page.kind)
    if page.day is not None:
        found = found.filter(in_force(page.day))
    return listed(request, found, page, _unit)


@reads(units, "/{uuid:pk}", says=_("One unit"), name="api_unit", needs="units.see", gives=UnitOut)
def unit(request: ActorRequest, pk: UUID) -> UnitOut:
    return _unit(unit_for(request.actor, pk, timezone.now()))


@reads(
    posts,
    "",
    says=_("Posts of the token's region"),
    name="api_posts",
    needs="units.see",
    gives=Listed[PostOut],
)
def post_list(request: ActorRequest, page: Query[PostPage]) -> Listed[PostOut]:
    found = posts_for(request.actor, timezone.now())
    if page.unit is not None:
        found = found.filter(unit=page.unit)
    if page.role is not None:
        found = found.filter(role=page.role)
    if page.day is not None:
        found = found.filter(in_force(page.day))
    return listed(request, found, page, _post)


@reads(
    staff,
    "",
    says=_("Staff of the token's region, with names cut short"),
    name="api_staff",
    needs="units.administer",
    gives=Listed[StaffOut],
)
def staff_list(request: ActorRequest, page: Query[Paging]) -> Listed[StaffOut]:
    return listed(request, staff_for(request.actor, timezone.now()), page, _staff)


@reads(
    staff,
    "/{uuid:pk}",
    says=_("One staff member, with the name cut short"),
    name="api_staff_member",
    needs="units.administer",
    gives=StaffOut,
)
def staff_member(request: ActorRequest, pk: UUID) -> StaffOut:
    return _staff(staff_member_for(request.actor, pk, timezone.now()))


@reads(
    packs, "/roles", says=_("Roles, and what each may do"), name="api_roles", gives=Listed[RoleOut]
)
def role_list(request: HttpRequest, page: Query[CodePaging]) -> Listed[RoleOut]:
    return listed_by_code(request, load_roles().values(), page, _role, lambda role: role.code)


@reads(packs, "/terms", says=_("Official terms"), name="api_terms", gives=Listed[TermOut])
def term_list(request: HttpRequest, page: Query[CodePaging]) -> Listed[TermOut]:
    terms = jurisdiction().terms.values()
    return listed_by_code(request, terms, page, _term, lambda term: term.code)


def cut(name: str) -> str:
    """A name cut short: enough to tell two rows apart, and not to know a person.

    >>> cut("王小明")
    '王**'
    """
    return f"{name[:1]}**"


def _region(region: Region) -> RegionOut:
    return RegionOut(
        code=region.code,
        path=region.path,
        parent=region.parent,
        level=region.level,
        names=dict(region.names),
        valid_from=region.valid_from,
        valid_to=region.valid_to,
    )


def _unit(unit: Unit) -> UnitOut:
    return UnitOut(
        id=unit.pk,
        version=unit.version,
        code=unit.code,
        kind=unit.kind,
        level=unit.level,
        region=unit.region,
        name=unit.name,
        name_en=unit.name_en,
        parent=unit.parent_id,
        successor=unit.successor_id,
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
    )


def _post(post: Post) -> PostOut:
    return PostOut(
        id=post.pk,
        version=post.version,
        unit=post.unit_id,
        staff=post.staff_id,
        role=post.role,
        rank=post.rank,
        region=post.region,
        valid_from=post.valid_from,
        valid_to=post.valid_to,
    )


def _staff(member: Staff) -> StaffOut:
    return StaffOut(
        id=member.pk, version=member.version, name=cut(member.name), region=member.region
    )


def _role(role: Role) -> RoleOut:
    return RoleOut(
        code=role.code,
        names=dict(role.name),
        internal=role.internal,
        permissions=sorted(role.may),
    )


def _term(term: Term) -> TermOut:
    return TermOut(code=term.code, names=dict(term.names))
