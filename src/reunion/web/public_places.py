"""Choosing the region that a message is about, without a script: a province, and a name in it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils.translation import get_language

from reunion.base.regions import upwards
from reunion.packs.jurisdiction import load_jurisdiction
from reunion.packs.regions import Region, Regions


def first_level(day: date) -> list[tuple[str, str]]:
    """Paths and names of the whole jurisdiction and the regions right below it."""
    regions = _regions()
    return [
        (r.path, r.name(_language())) for r in (regions.root, *regions.children(regions.root, day))
    ]


def named_within(path: str, name: str, day: date) -> list[Region]:
    """The regions below a path that somebody may mean by a name or a code.

    A name without its last character, such as that for a county, counts too.
    """
    regions = _regions()
    wanted = name.strip().casefold()
    below = [r for r in regions.within(path, at=day) if r.path != path]
    exact = [r for r in below if r.code == wanted or wanted in _spellings(r)]
    return exact or [r for r in below if any(s.startswith(wanted) for s in _spellings(r))]


def levels_below_root() -> list[tuple[str, str]]:
    """Codes and names of the levels that somebody can keep a message from, the lowest first."""
    regions = _regions()
    named = [(code, level.names.get(_language(), code)) for code, level in regions.levels.items()]
    return [row for row in reversed(named) if row[0] != regions.root.level]


def excluded(path: str, levels: list[str]) -> set[str]:
    """The regions at these levels that a path lies in, without the whole jurisdiction."""
    regions = _regions()
    found = (regions.find(above) for above in upwards(path))
    return {r.path for r in found if r is not None and r.level in levels}


def full_name(region: Region) -> str:
    """The names from the top down, so that two places of one name are told apart."""
    regions = _regions()
    above = [r for r in regions.ancestors(region) if r.path != regions.root.path]
    return " ".join(r.name(_language()) for r in (*above, region))


def place_name(path: str) -> str:
    """What a region is called; blank where it is the whole jurisdiction."""
    regions = _regions()
    found = regions.find(path)
    return "" if found is None or found.path == regions.root.path else full_name(found)


def _spellings(region: Region) -> set[str]:
    return {name.casefold() for name in region.names.values()} | {region.reading.casefold()}


def _regions() -> Regions:
    """Of the pack alone: the rooms of the internal site are not there in this process."""
    return load_jurisdiction(settings.JURISDICTION).regions


def _language() -> str:
    return (get_language() or "").split("-")[0]
