"""Maps of public places, without tiles: the outlines of the country's pack, and points on them.

The list with its search, filter and distances comes first; the map is one more way to see it. No
place of a person and no shelter is ever on a map: a `PublicPoint` is of a `PublicPlace`, and there
is no such place for either. Coordinates are WGS-84: whoever imports points in another datum (many
Chinese sources use GCJ-02, some hundred metres off) converts them first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from reunion.base.errors import RuleBroken
from reunion.base.lists import ROWS
from reunion.packs.jurisdiction import load_jurisdiction
from reunion.packs.regions import Region, distance_km

_ID = re.compile(r"[a-z][a-z0-9-]*")


class PublicPlace(StrEnum):
    """The places that may be on a map: those where anybody may walk in."""

    COLLECTION_POINT = "collection_point"
    POLICE_OFFICE = "police_office"
    LABORATORY = "laboratory"
    SERVICE_OFFICE = "service_office"


PLACES: dict[PublicPlace, Promise] = {
    PublicPlace.COLLECTION_POINT: _("Blood collection point"),
    PublicPlace.POLICE_OFFICE: _("Police office"),
    PublicPlace.LABORATORY: _("Laboratory"),
    PublicPlace.SERVICE_OFFICE: _("Office of civil affairs"),
}


@dataclass(frozen=True, slots=True)
class PublicPoint:
    """A public place with its name, its address in words, and its point in degrees (WGS-84).

    Raises:
        RuleBroken: it is of no public kind, or lies nowhere.
    """

    name: str
    place: PublicPlace
    address: str
    lon: float
    lat: float
    hours: str = ""
    link: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.place, PublicPlace):
            raise RuleBroken(rule="place_is_public")
        if not self.name or not -180 <= self.lon <= 180 or not -90 <= self.lat <= 90:
            raise RuleBroken(rule="point_is_on_earth")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: words, a kind of place, and from where they would come."""

    words: str = ""
    place: PublicPlace | None = None
    near: Region | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A place, and how far it is in a straight line; none where nobody said from where."""

    point: PublicPoint
    km: float | None

    @property
    def place(self) -> Promise:
        """What kind of place it is, in words."""
        return PLACES[self.point.place]


def found(points: Sequence[PublicPoint], wanted: Wanted) -> list[Found]:
    """The places that fit, the nearest first; by name where nobody said from where."""
    near = wanted.near
    words = wanted.words.casefold().split()
    fitting = [
        point
        for point in points
        if wanted.place in (None, point.place)
        and all(word in f"{point.name} {point.address}".casefold() for word in words)
    ]
    if near is None or near.lon is None or near.lat is None:
        return [Found(point, None) for point in sorted(fitting, key=lambda point: point.name)]
    return nearest(fitting, near.lon, near.lat)


def nearest(
    points: Sequence[PublicPoint], lon: float, lat: float, most: int | None = None
) -> list[Found]:
    """The places nearest to a point, by the great circle."""
    measured = [Found(point, distance_km(lon, lat, point.lon, point.lat)) for point in points]
    return sorted(measured, key=lambda one: (one.km or 0.0, one.point.name))[:most]


def region_named(text: str) -> Region | None:
    """The region that a name, or how it is read, means best; none where there is no such."""
    regions = load_jurisdiction(settings.JURISDICTION).regions
    hits = [region for region in regions.search(text.strip()) if region.lon is not None]
    return hits[0] if hits else None


@dataclass(frozen=True)
class PlacesMap:
    """A list of public places, and the map of the same.

    Args:
        id: short, and of one map of a page only.
        level: of the outlines that are drawn, a level of the pack; the uppermost one if blank.
        asked: what was asked for as "near", to show it again.
        number: of the page of the list.
    """

    id: str
    title: str
    points: Sequence[PublicPoint]
    wanted: Wanted = Wanted()
    level: str = ""
    asked: str = ""
    number: str = "1"

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise RuleBroken(rule="map_has_an_id")

    @classmethod
    def asked_by(
        cls,
        query: dict[str, str],
        *,
        id: str,  # as the field
        title: str,
        points: Sequence[PublicPoint],
    ) -> PlacesMap:
        """The map as the form above the list asks for it, by `q`, `place` and `near`."""
        text = query.get("near", "").strip()
        place = query.get("place", "")
        wanted = Wanted(
            words=query.get("q", ""),
            place=PublicPlace(place) if place in set(PublicPlace) else None,
            near=region_named(text) if text else None,
        )
        return cls(id, title, points, wanted, asked=text, number=query.get("places", "1"))

    @cached_property
    def found(self) -> list[Found]:
        """All places that fit."""
        return found(self.points, self.wanted)

    @property
    def page(self) -> Page[Found]:
        """What the list shows of them."""
        return Paginator(self.found, ROWS).get_page(self.number)

    @property
    def places(self) -> list[tuple[str, Promise, bool]]:
        """The kinds that the list can be narrowed to: value, words, chosen."""
        there = {point.place for point in self.points}
        return [(p.value, w, p is self.wanted.place) for p, w in PLACES.items() if p in there]

    @property
    def near_name(self) -> str:
        """From where the distances are."""
        language = (get_language() or "").split("-")[0]
        return self.wanted.near.name(language) if self.wanted.near else ""

    @property
    def near_is_unknown(self) -> bool:
        """Whether a place was named from which nothing can be measured."""
        return bool(self.asked) and self.wanted.near is None

    @property
    def outlines(self) -> dict[str, Any]:
        """Where the outlines come from, for the reader and for map.js."""
        files = load_jurisdiction(settings.JURISDICTION).boundaries.files
        file = files[self.level] if self.level else next(iter(files.values()))
        return {
            "address": static(f"boundaries/{settings.JURISDICTION}/{file.file.name}"),
            "source": file.source,
            "is_schematic": file.is_schematic,
        }

    @property
    def drawing(self) -> dict[str, Any]:
        """What map.js draws; values of JSON."""
        return {
            "outlines": self.outlines["address"],
            "source": self.outlines["source"],
            "points": [
                {
                    "name": one.point.name,
                    "place": str(one.place),
                    "address": one.point.address,
                    "lon": one.point.lon,
                    "lat": one.point.lat,
                }
                for one in self.found
            ],
            "words": {
                "in": gettext("Closer"),
                "out": gettext("Farther"),
                "places": gettext("places"),
                "close": gettext("Close"),
            },
        }
