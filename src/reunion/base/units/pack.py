"""The lists of the jurisdiction that units and posts are checked against."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language

from reunion.base.errors import RuleBroken
from reunion.base.units.models import Unit
from reunion.packs.jurisdiction import Jurisdiction, load_jurisdiction
from reunion.packs.roles import Role, load_roles


def jurisdiction() -> Jurisdiction:
    """The pack of the setting JURISDICTION."""
    return load_jurisdiction(settings.JURISDICTION)


def day_of(at: datetime) -> date:
    """The day of a moment, in the zone of the country."""
    return at.astimezone(ZoneInfo(jurisdiction().zone)).date()


def start_of(day: date) -> datetime:
    """The moment at which a day begins, in the zone of the country."""
    return datetime.combine(day, time(), ZoneInfo(jurisdiction().zone))


def role(code: str) -> Role:
    """The role of a code.

    Raises:
        RuleBroken: there is none.
    """
    found = load_roles().get(code)
    if found is None:
        raise RuleBroken(rule="role_is_known")
    return found


def post_roles() -> dict[str, Role]:
    """The roles that a post can have: those of people who work in an agency."""
    return {code: role for code, role in load_roles().items() if role.internal}


def in_language(names: Mapping[str, str]) -> str:
    """The name in the language of the page, or in the first one that there is."""
    language = (get_language() or "").split("-")[0]
    return names.get(language) or next(iter(names.values()), "")


def region_label(path: str) -> str:
    """The name of a region in the language of the page; the path itself where the pack has none."""
    region = jurisdiction().regions.find(path)
    return region.name((get_language() or "").split("-")[0]) if region else path


def unit_label(unit: Unit) -> str:
    """The name of a unit: the English one on English pages, and else as the agency writes it."""
    return unit.name_en if (get_language() or "").startswith("en") else unit.name


def check_unit(*, kind: str, level: str, region: str, day: date) -> None:
    """Refuse an agency that the jurisdiction does not have.

    Raises:
        RuleBroken: no such region on that day, no such kind of agency, or none at that level.
    """
    pack = jurisdiction()
    found = pack.agencies.get(kind)
    if found is None:
        raise RuleBroken(rule="agency_is_known")
    if level not in found.levels:
        raise RuleBroken(rule="agency_has_this_level")
    check_region(region, day)
    placed = pack.regions.find(region, day)
    if placed is not None and placed.level != level:
        raise RuleBroken(rule="region_is_of_this_level")


def check_region(region: str, day: date) -> None:
    """Refuse a path that is no region of the jurisdiction on that day.

    Raises:
        RuleBroken: it is none.
    """
    if jurisdiction().regions.find(region, day) is None:
        raise RuleBroken(rule="region_is_known")


def check_post(*, role_code: str, rank: str, kind: str) -> None:
    """Refuse a role that posts cannot have, and a rank that agencies of this kind do not give.

    Raises:
        RuleBroken: names which.
    """
    if not role(role_code).internal:
        raise RuleBroken(rule="role_is_of_an_agency")
    if rank:
        found = jurisdiction().ranks.get(rank)
        if found is None or kind not in found.agencies:
            raise RuleBroken(rule="rank_is_of_the_agency")
