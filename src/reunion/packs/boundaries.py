"""Outlines of regions: TopoJSON files of a pack, read only when somebody asks for them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from reunion.packs.errors import BadFile, BadValue, UnknownKey
from reunion.packs.regions import Region

Point = tuple[float, float]
Ring = tuple[Point, ...]

_TOP = ("type", "bbox", "transform", "objects", "arcs")
_UNIT = ("type", "arcs", "id", "properties")


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of one region: polygons, each with its outer ring first; degrees (WGS-84)."""

    id: str
    name: str
    polygons: tuple[tuple[Ring, ...], ...]

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a point lies inside, and in no hole.

        >>> square = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0))
        >>> Outline("x", "", ((square,),)).holds(1, 1), Outline("x", "", ((square,),)).holds(3, 1)
        (True, False)
        """
        return any(
            sum(_crossings(ring, lon, lat) for ring in polygon) % 2 for polygon in self.polygons
        )


def _crossings(ring: Ring, lon: float, lat: float) -> int:
    """How many edges of a ring lie east of a point, at its latitude."""
    count = 0
    for (x, y), (next_x, next_y) in pairwise(ring):
        if (y > lat) != (next_y > lat) and lon < x + (lat - y) / (next_y - y) * (next_x - x):
            count += 1
    return count


@dataclass(frozen=True, slots=True)
class BoundaryFile:
    """A file of outlines of one level, and the checksum of the file that was meant."""

    level: str
    file: Path
    sha256: str
    source: str
    is_schematic: bool

    @property
    def outlines(self) -> Mapping[str, Outline]:
        """The outlines by their ids.

        Raises:
            PackError: names the place that is wrong.
        """
        return _read(self.file)

    def verify(self) -> None:
        """Refuse a file that is another one than the pack means.

        Raises:
            BadFile: it differs, or is not there.
        """
        try:
            found = hashlib.sha256(self.file.read_bytes()).hexdigest()
        except OSError as error:
            raise BadFile(file=self.file, reason=str(error)) from error
        if found != self.sha256:
            reason = f"its SHA-256 is {found}, and pack.toml wants {self.sha256}"
            raise BadFile(file=self.file, reason=reason)


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The files of outlines, by level."""

    files: Mapping[str, BoundaryFile]

    def outline(self, region: Region) -> Outline | None:
        """The outline of a region; none where the map has none of it."""
        of_level = self.files.get(region.level)
        return of_level.outlines.get(region.outline) if of_level else None


@cache
def _read(file: Path) -> Mapping[str, Outline]:
    try:
        top = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadFile(file=file, reason=str(error)) from error
    try:
        return _outlines(file, top)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        reason = f"no TopoJSON with the objects `units` and `lines`: {error!r}"
        raise BadFile(file=file, reason=reason) from error


def _outlines(file: Path, top: Mapping[str, object]) -> Mapping[str, Outline]:
    _only(file, "", top, _TOP)
    objects = top["objects"]
    if top["type"] != "Topology" or not isinstance(objects, dict):
        raise BadValue(file=file, path="type", reason="Topology is wanted")
    _only(file, "objects", objects, ("units", "lines"))
    arcs = _arcs(top)
    found: dict[str, Outline] = {}
    for at, unit in enumerate(objects["units"]["geometries"]):
        place = f"objects.units.geometries[{at}]"
        _only(file, place, unit, _UNIT)
        if unit["type"] != "MultiPolygon" or unit["id"] in found:
            raise BadValue(file=file, path=place, reason="one MultiPolygon for each id is wanted")
        polygons = tuple(tuple(_ring(arcs, ring) for ring in p) for p in unit["arcs"])
        found[unit["id"]] = Outline(unit["id"], unit["properties"]["name"], polygons)
    return found


def _only(file: Path, place: str, table: Mapping[str, object], permitted: Sequence[str]) -> None:
    for key in table:
        if key not in permitted:
            path = f"{place}.{key}" if place else key
            raise UnknownKey(file=file, path=path, permitted=", ".join(permitted))


def _arcs(top: Mapping[str, object]) -> list[list[Point]]:
    """The arcs in degrees; with a `transform` they are stored as steps from point to point."""
    stored = top["arcs"]
    if not isinstance(stored, list):
        raise TypeError("arcs")
    transform = top.get("transform")
    if not isinstance(transform, dict):
        return [[(x, y) for x, y in arc] for arc in stored]
    (scale_x, scale_y), (start_x, start_y) = transform["scale"], transform["translate"]
    arcs: list[list[Point]] = []
    for arc in stored:
        x = y = 0
        points: list[Point] = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + start_x, y * scale_y + start_y))
        arcs.append(points)
    return arcs


def _ring(arcs: list[list[Point]], numbers: Sequence[int]) -> Ring:
    """The ring that some arcs make; a number ~n means arc n backwards."""
    points: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        if points and points[-1] != arc[0]:
            raise ValueError(f"arc {number} does not go on where the one before it ends")
        points += arc[1:] if points else arc
    if points[0] != points[-1]:
        raise ValueError("a ring is not closed")
    return tuple(points)
