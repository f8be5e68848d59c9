"""A jurisdiction as data: its regions, calendar, agencies, ages, words and published figures.

>>> regions = load_jurisdiction("in").regions
>>> [region.level for region in regions.children(regions.root)][:1]
['state']
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reunion.packs.ages import AgeRule, read_ages
from reunion.packs.alerts import Alerts, read_alerts
from reunion.packs.boundaries import Boundaries
from reunion.packs.calendar import Calendar, read_calendar
from reunion.packs.errors import UnknownJurisdiction, raise_all
from reunion.packs.institutions import (
    AgencyKind,
    Body,
    Member,
    Rank,
    read_agencies,
    read_bodies,
    read_conference,
    read_ranks,
)
from reunion.packs.manifest import TOP, Manifest, read_manifest
from reunion.packs.programmes import (
    Campaign,
    Measure,
    RewardTier,
    read_campaigns,
    read_plan,
    read_rewards,
)
from reunion.packs.published import Statistics, read_statistics
from reunion.packs.references import check_references
from reunion.packs.region_rows import read_regions
from reunion.packs.regions import Regions
from reunion.packs.rights import Rights, read_rights
from reunion.packs.rows import each
from reunion.packs.vocabulary import (
    Collection,
    Surname,
    Term,
    read_collection,
    read_surnames,
    read_terms,
)

DATA = Path(__file__).parent / "data"

_SHARED = "common"


@dataclass(frozen=True)
class Jurisdiction:
    """Everything that differs from country to country. Mappings are by code."""

    manifest: Manifest
    regions: Regions
    calendar: Calendar
    agencies: Mapping[str, AgencyKind]
    ranks: Mapping[str, Rank]
    ages: Mapping[str, AgeRule]
    alerts: Alerts
    rights: Rights
    terms: Mapping[str, Term]
    collection: Collection
    statistics: Statistics
    bodies: Mapping[str, Body]
    conference: tuple[Member, ...]
    campaigns: Mapping[str, Campaign]
    rewards: tuple[RewardTier, ...]
    plan: tuple[Measure, ...]
    surnames: Mapping[str, Surname]

    @property
    def code(self) -> str:
        """The code of the jurisdiction."""
        return self.manifest.code

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its texts; the first one has the authentic wording."""
        return self.manifest.languages

    @property
    def zone(self) -> str:
        """The time zone in which its days begin."""
        return self.manifest.zone

    @property
    def currency(self) -> str:
        """Its currency (ISO 4217)."""
        return self.manifest.currency

    @property
    def boundaries(self) -> Boundaries:
        """The outlines of its regions, read when somebody asks for one."""
        return self.manifest.boundaries


def jurisdiction_folders(data: Path = DATA) -> tuple[Path, ...]:
    """The folders of all packs of jurisdictions, by code."""
    return tuple(sorted(top.parent for top in data.glob(f"*/{TOP}") if top.parent.name != _SHARED))


@cache
def load_jurisdiction(code: str, data: Path = DATA) -> Jurisdiction:
    """The pack of a jurisdiction; each one is loaded once.

    Raises:
        UnknownJurisdiction: names the ones there are.
        PackError: names the file and the place that are wrong.
    """
    known = {folder.name: folder for folder in jurisdiction_folders(data)}
    if code not in known:
        raise UnknownJurisdiction(code=code, known=", ".join(known))
    return read_jurisdiction(known[code])


def read_jurisdiction(folder: Path) -> Jurisdiction:
    """The pack in a folder: the shape of its files first, then what they say of one another.

    Raises:
        PackError: names the file and the place; `Faults` where there are several.
    """
    found = _read_files(read_manifest(folder))
    raise_all(list(check_references(found)))
    return found


def _read_files(top: Manifest) -> Jurisdiction:
    """All parts, from their files; what is wrong in all the files is said together."""
    words, path = top.languages, top.path
    parts: dict[str, Callable[[], Any]] = {
        "regions": lambda: _regions(top),
        "calendar": lambda: read_calendar(path("calendar"), path("holidays"), words),
        "agencies": lambda: read_agencies(path("agencies"), words),
        "ranks": lambda: read_ranks(path("ranks"), words),
        "ages": lambda: read_ages(path("ages"), words),
        "alerts": lambda: read_alerts(path("alerts")),
        "rights": lambda: read_rights(path("rights"), words),
        "terms": lambda: read_terms(path("terms"), words),
        "collection": lambda: read_collection(path("collection_points"), words),
        "statistics": lambda: read_statistics(path("series"), path("statistics"), words),
        "bodies": lambda: read_bodies(path("bodies"), words),
        "conference": lambda: read_conference(path("conference")),
        "campaigns": lambda: read_campaigns(path("campaigns"), words),
        "rewards": lambda: read_rewards(path("reward_schemes"), words),
        "plan": lambda: read_plan(path("action_plan"), words),
        "surnames": lambda: read_surnames(path("surnames")),
    }
    values = each(lambda name: parts[name](), parts)
    return Jurisdiction(manifest=top, **dict(zip(parts, values, strict=True)))


def _regions(top: Manifest) -> Regions:
    form = top.regions
    found = read_regions(top.path("regions"), top.root, form)
    return Regions(form.levels, form.kinds, found, top.spellings)
