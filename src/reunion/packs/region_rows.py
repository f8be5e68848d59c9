"""Reads the table of regions of a pack, and works out the path of each one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reunion.packs.errors import BadReference, PackError, raise_all
from reunion.packs.regions import Level, Region
from reunion.packs.rows import Row, in_each, read_table


@dataclass(frozen=True, slots=True)
class RegionFormat:
    """How a jurisdiction writes its regions.

    Args:
        languages: of the names.
        levels, kinds: from the top of the pack; the first level is that of the root.
        code: what the code of a region looks like.
        filler: what is taken off the end of a code, as often as it is there, to make a segment of
            a path; blank to take off nothing.
    """

    languages: tuple[str, ...]
    levels: Mapping[str, Level]
    kinds: Mapping[str, Mapping[str, str]]
    code: re.Pattern[str]
    filler: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table."""
        names = in_each("name", self.languages)
        left = ("code", "level", *names, "reading", "kind", "parent", "lon", "lat", "point_basis")
        return (*left, "outline", "valid_from", "valid_to", "successor", "note")

    def segment(self, code: str) -> str:
        """The part of a path that a region adds.

        >>> RegionFormat((), {}, {}, re.compile(""), "00").segment("150600")
        '1506'
        """
        while self.filler and code.endswith(self.filler):
            code = code.removesuffix(self.filler)
        return code


POINT_BASES = ("inside_polygon", "approximate", "parent_unit")


def read_regions(file: Path, root: Region, form: RegionFormat) -> tuple[Region, ...]:
    """The root and the regions of a table, in which a region stands below the one above it.

    Raises:
        PackError: names the lines that are wrong.
    """
    regions = (root, *read_table(file, form.columns, _Tree(root, form).region))
    raise_all(_ambiguous(file, regions))
    return regions


class _Tree:
    """Makes one region after another, and remembers where those above lie."""

    def __init__(self, root: Region, form: RegionFormat) -> None:
        """Begin with the root."""
        self._root, self._form = root.code, form
        self._ranks = {level: at for at, level in enumerate(form.levels)}
        self._places = {root.code: (root.path, self._ranks[root.level])}

    def region(self, row: Row) -> Region:
        """The region of a line."""
        form, code, kind = self._form, row.text("code"), row.text("kind")
        if form.code.fullmatch(code) is None:
            raise row.wrong("code", f"{code!r} is no code of a region: {form.code.pattern}")
        if kind not in form.kinds:
            raise row.wrong("kind", f"{kind!r} is not one of {', '.join(form.kinds)}")
        basis = row.text("point_basis")
        if basis not in POINT_BASES:
            raise row.wrong("point_basis", f"{basis!r} is not one of {', '.join(POINT_BASES)}")
        begins, ends = _period(row)
        parent = row.optional("parent") or self._root
        return Region(
            code=code,
            path=self._path(row, code, parent),
            parent=parent,
            level=row.text("level"),
            kind=kind,
            names=_names(row, form.languages),
            reading=_reading(row),
            lon=row.degrees("lon", 180),
            lat=row.degrees("lat", 90),
            point_basis=basis,
            outline=row.optional("outline"),
            valid_from=begins,
            valid_to=ends,
            successors=row.codes("successor"),
            note=row.optional("note"),
        )

    def _path(self, row: Row, code: str, parent: str) -> str:
        """The path, from that of the region above."""
        rank = self._ranks.get(row.text("level"), 0)
        if rank == 0:
            below = ", ".join(list(self._ranks)[1:])
            raise row.wrong("level", f"{row.text('level')!r} is not one of {below}")
        if parent not in self._places:
            raise row.wrong("parent", f"{parent} is no region further up in the file")
        above, rank_above = self._places[parent]
        if rank_above >= rank:
            raise row.wrong("level", "it is not below the level of the region above")
        path = f"{above}{self._form.segment(code)}/"
        if self._places.setdefault(code, (path, rank)) != (path, rank):
            raise row.wrong("parent", f"{code} lies elsewhere further up in the file")
        return path


def _period(row: Row) -> tuple[date | None, date | None]:
    """From when until when it is a region; only one that has ended has successors."""
    begins, ends = row.optional_day("valid_from"), row.optional_day("valid_to")
    if begins and ends and begins >= ends:
        raise row.wrong("valid_to", "it must come after valid_from")
    if row.optional("successor") and ends is None:
        raise row.wrong("successor", "only a region that has ended has successors")
    return begins, ends


def _reading(row: Row) -> str:
    """How the name is read: letters, in words."""
    text = row.optional("reading")
    if not all(letter.isalpha() or letter in " '-." or letter.isdecimal() for letter in text):
        raise row.wrong("reading", f"{text!r} is not in letters")
    return text


def _names(row: Row, languages: tuple[str, ...]) -> dict[str, str]:
    """The names there are; that in the first language must be there."""
    names = {key: name for key in languages if (name := row.optional(f"name_{key}"))}
    if languages[0] not in names:
        raise row.wrong(f"name_{languages[0]}", "missing")
    return names


def _ambiguous(file: Path, regions: tuple[Region, ...]) -> list[PackError]:
    """Codes that two regions have on one day, paths of two codes, and unknown successors."""
    faults: list[PackError] = []
    codes: dict[str, list[Region]] = {}
    paths: dict[str, str] = {}
    known = {region.code for region in regions}
    for line, region in enumerate(regions, 1):  # the root has no line

        def wrong(column: str, reason: str, at: int = line) -> BadReference:
            return BadReference(file=file, path=f"line {at}, {column}", reason=reason)

        if any(_overlap(region, other) for other in codes.get(region.code, ())):
            faults.append(wrong("code", f"{region.code} is there twice"))
        codes.setdefault(region.code, []).append(region)
        if paths.setdefault(region.path, region.code) != region.code:
            faults.append(wrong("code", f"{paths[region.path]} has the path {region.path} too"))
        faults += [
            wrong("successor", f"{code} is no other region of this file")
            for code in region.successors
            if code not in known or code == region.code
        ]
    return faults


def _overlap(one: Region, other: Region) -> bool:
    """Whether there is a day on which both are regions."""
    return _begins_before_end(one, other) and _begins_before_end(other, one)


def _begins_before_end(one: Region, other: Region) -> bool:
    return one.valid_from is None or other.valid_to is None or one.valid_from < other.valid_to
