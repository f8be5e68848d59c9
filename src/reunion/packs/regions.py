"""The regions of a jurisdiction: their tree, names and points, on any day.

The path of a region is that of the one above it, then its own segment, always with a slash at the
end. So a region covers another one exactly where its path is a prefix of the other's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the tree, such as that of provinces."""

    code: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Region:
    """A region, for as long as it is one.

    Args:
        code: as the jurisdiction writes it; the root has the code of the pack.
        path: place in the tree, with a slash at the end.
        parent: code of the region above; blank for the root.
        level: code of a `Level`.
        kind: code of what the region is called, such as a district; blank for the root.
        names: by language; a language may be missing where no official name is known.
        reading: the name in Latin letters, to be searched by; not an official name.
        lon, lat: a point in the region, in degrees (WGS-84); none for the root.
        point_basis: how the point was found.
        outline: id of its outline on the map; blank where there is none.
        valid_from, valid_to: the days from which it is and from which it is no more; none: not
            known, and still.
        successors: codes of the regions that took its place.
    """

    code: str
    path: str
    parent: str
    level: str
    kind: str
    names: Mapping[str, str]
    reading: str = ""
    lon: float | None = None
    lat: float | None = None
    point_basis: str = ""
    outline: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()
    note: str = ""

    def name(self, language: str) -> str:
        """The name in a language; without one, how it is read, or any name there is.

        >>> Region("x", "x/", "", "county", "", {"zh": "东城区"}, "dong cheng qu").name("en")
        'Dong Cheng Qu'
        """
        return self.names.get(language) or self.reading.title() or next(iter(self.names.values()))

    def is_valid(self, at: date | None) -> bool:
        """Whether it is a region on that day; on any day where none is given."""
        if at is None:
            return True
        has_begun = self.valid_from is None or self.valid_from <= at
        return has_begun and (self.valid_to is None or at < self.valid_to)

    def covers(self, path: str) -> bool:
        """Whether a path is that of this region or of one below it."""
        return path.startswith(self.path)


@dataclass(frozen=True)
class Regions:
    """All regions that are or were, the root first, each one after the one above it.

    `spellings` are replacements that make ways to write one reading equal, in their order.
    A day `at` that is not given means: those of any day.
    """

    levels: Mapping[str, Level]
    kinds: Mapping[str, Mapping[str, str]]
    all: tuple[Region, ...]
    spellings: tuple[tuple[str, str], ...] = ()

    @property
    def root(self) -> Region:
        """The whole jurisdiction."""
        return self.all[0]

    def find(self, path: str, at: date | None = None) -> Region | None:
        """The region of a path; the newest one where several had it."""
        return _newest(self._by_path.get(path, ()), at)

    def find_code(self, code: str, at: date | None = None) -> Region | None:
        """The region of a code; the newest one where several had it."""
        return _newest(self._by_code.get(code, ()), at)

    def find_name(self, name: str, at: date | None = None) -> tuple[Region, ...]:
        """The regions of exactly this name in any language; names are shared by many."""
        return tuple(r for r in self._by_name.get(name, ()) if r.is_valid(at))

    def parent(self, region: Region) -> Region | None:
        """The region above; none above the root."""
        return self.find_code(region.parent) if region.parent else None

    def children(self, region: Region, at: date | None = None) -> tuple[Region, ...]:
        """The regions right below, in the order of the pack."""
        return tuple(r for r in self._by_parent.get(region.code, ()) if r.is_valid(at))

    def ancestors(self, region: Region) -> tuple[Region, ...]:
        """The regions above, from the root down."""
        above = self.parent(region)
        return () if above is None else (*self.ancestors(above), above)

    def within(
        self, path: str, *, level: str | None = None, at: date | None = None
    ) -> Iterator[Region]:
        """The regions that a path covers, itself among them, perhaps of one level only."""
        for region in self.all:
            is_wanted = region.path.startswith(path) and level in (None, region.level)
            if is_wanted and region.is_valid(at):
                yield region

    def successors(self, code: str, at: date) -> tuple[Region, ...]:
        """The regions that stand on a day for a code, which may be that of an older region."""
        region = self.find_code(code, at)
        if region is not None:
            return (region,)
        old = self.find_code(code)
        return tuple(
            r for after in (old.successors if old else ()) for r in self.successors(after, at)
        )

    def nearest(
        self, lon: float, lat: float, *, level: str, at: date | None = None, most: int = 1
    ) -> tuple[tuple[Region, float], ...]:
        """The regions of a level whose points are nearest, with the straight line in km."""
        of_level = [
            (region, distance_km(lon, lat, region.lon, region.lat))
            for region in self.within(self.root.path, level=level, at=at)
            if region.lon is not None and region.lat is not None
        ]
        return tuple(sorted(of_level, key=lambda found: found[1])[:most])

    def search(self, text: str, at: date | None = None, most: int = 20) -> tuple[Region, ...]:
        """The regions whose name or reading begins with a text, higher levels first."""
        key = self._key(text)
        if not key:
            return ()
        hits = [
            r for r, keys in self._keys if r.is_valid(at) and any(k.startswith(key) for k in keys)
        ]
        ranks = {level: at_ for at_, level in enumerate(self.levels)}
        return tuple(sorted(hits, key=lambda region: ranks[region.level])[:most])

    def _key(self, text: str) -> str:
        """What ways to write one name have in common."""
        text = unicodedata.normalize("NFD", text.casefold())
        text = "".join(c for c in text if c.isalnum() or unicodedata.category(c)[0] == "M")
        text = "".join(c for c in text if c in self._marks or not _is_accent(c))
        text = unicodedata.normalize("NFC", text)
        for written, read in self.spellings:
            text = text.replace(written, read)
        return "".join(c for c in unicodedata.normalize("NFD", text) if not _is_accent(c))

    @cached_property
    def _marks(self) -> frozenset[str]:
        """The accents that the spellings tell apart; all others say nothing."""
        written = unicodedata.normalize("NFD", "".join(one for one, _ in self.spellings))
        return frozenset(filter(_is_accent, written))

    @cached_property
    def _keys(self) -> list[tuple[Region, tuple[str, ...]]]:
        return [
            (region, tuple({self._key(name) for name in (*region.names.values(), region.reading)}))
            for region in self.all
        ]

    @cached_property
    def _by_path(self) -> Mapping[str, tuple[Region, ...]]:
        return _grouped((region.path, region) for region in self.all)

    @cached_property
    def _by_code(self) -> Mapping[str, tuple[Region, ...]]:
        return _grouped((region.code, region) for region in self.all)

    @cached_property
    def _by_parent(self) -> Mapping[str, tuple[Region, ...]]:
        return _grouped((region.parent, region) for region in self.all)

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[Region, ...]]:
        return _grouped((name, r) for r in self.all for name in dict.fromkeys(r.names.values()))


def distance_km(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """The great circle between two points in degrees, in km.

    >>> round(distance_km(116.4, 39.9, 121.5, 31.2))
    1071
    """
    phi, other_phi = radians(lat), radians(other_lat)
    half = sin((other_phi - phi) / 2) ** 2
    half += cos(phi) * cos(other_phi) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def _is_accent(character: str) -> bool:
    """Whether it is an accent of Latin letters; vowel signs of other scripts are none."""
    return "\u0300" <= character <= "\u036f"


def _grouped(pairs: Iterator[tuple[str, Region]]) -> Mapping[str, tuple[Region, ...]]:
    groups: dict[str, list[Region]] = {}
    for key, region in pairs:
        groups.setdefault(key, []).append(region)
    return {key: tuple(group) for key, group in groups.items()}


def _newest(regions: tuple[Region, ...], at: date | None) -> Region | None:
    fitting = [region for region in regions if region.is_valid(at)]
    return max(fitting, key=lambda region: region.valid_to or date.max, default=None)
