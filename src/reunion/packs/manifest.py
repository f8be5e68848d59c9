"""The top of a pack, pack.toml: what the jurisdiction is, how it writes its regions, its files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reunion.packs.basis import by_code
from reunion.packs.boundaries import Boundaries, BoundaryFile
from reunion.packs.errors import BadReference, BadValue
from reunion.packs.region_rows import RegionFormat
from reunion.packs.regions import Level, Region
from reunion.packs.rows import each
from reunion.packs.shape import Entry, read_toml

TOP = "pack.toml"

SINGLE_KINDS = (
    "regions",
    "calendar",
    "holidays",
    "agencies",
    "bodies",
    "conference",
    "ranks",
    "ages",
    "alerts",
    "rights",
    "terms",
    "collection_points",
    "series",
    "statistics",
    "campaigns",
    "reward_schemes",
    "action_plan",
    "surnames",
    "examples",
)
"""The kinds of file that every pack has exactly once."""

KINDS = (*SINGLE_KINDS, "boundary", "exchange")

_KEYS = (
    *("code", "name", "languages", "zone", "currency", "note"),
    *("root", "region", "level", "region_kind", "spelling", "file"),
)
_BOUNDARY_KEYS = ("level", "sha256", "is_schematic")


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file of the pack, what it holds, and where that comes from."""

    kind: str
    path: Path
    source: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What pack.toml says.

    Args:
        code: of the jurisdiction; the root path is made of it.
        names: of the jurisdiction, by language.
        languages: of all texts of the pack; the first one has the authentic wording.
        zone: the time zone in which days begin, such as Europe/Paris.
        currency: ISO 4217.
        note: what everybody should know who uses the pack.
    """

    file: Path
    code: str
    names: Mapping[str, str]
    languages: tuple[str, ...]
    zone: str
    currency: str
    note: Mapping[str, str]
    root: Region
    regions: RegionFormat
    spellings: tuple[tuple[str, str], ...]
    boundaries: Boundaries
    files: tuple[PackFile, ...]

    def path(self, kind: str) -> Path:
        """The file of a kind that there is once."""
        return next(file.path for file in self.files if file.kind == kind)


def read_manifest(folder: Path) -> Manifest:
    """What the top of a pack says.

    Raises:
        PackError: names the places that are wrong.
    """
    top = read_toml(folder / TOP)
    top.only(*_KEYS)
    languages = top.texts("languages")
    if not languages or len(set(languages)) < len(languages):
        raise top.wrong("languages", "at least one language is wanted, each one once")
    code = top.code("code")
    if code != folder.name:
        raise top.wrong("code", f"{code} is not the name of the folder, {folder.name}")
    files = _files(folder, top)
    levels = by_code(
        folder / TOP, "level", each(lambda e: _level(e, languages), top.entries("level"))
    )
    names = top.translated("name", languages)
    root = _root(top.entry("root"), code, names, next(iter(levels), ""))
    return Manifest(
        file=folder / TOP,
        code=code,
        names=names,
        languages=languages,
        zone=_zone(top),
        currency=_currency(top),
        note=top.translated("note", languages),
        root=root,
        regions=_format(top, languages, levels),
        spellings=each(_spelling, top.entries("spelling")) if "spelling" in top.values else (),
        boundaries=_boundaries(folder, top, levels),
        files=files,
    )


def _zone(top: Entry) -> str:
    try:
        return ZoneInfo(top.text("zone")).key
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise top.wrong("zone", f"{top.text('zone')} is no time zone") from error


def _currency(top: Entry) -> str:
    currency = top.text("currency")
    if re.fullmatch("[A-Z]{3}", currency) is None:
        raise top.wrong("currency", "three capital letters are wanted, as in ISO 4217")
    return currency


def _root(entry: Entry, code: str, names: Mapping[str, str], level: str) -> Region:
    """The region of the whole jurisdiction; `code` is its code where the jurisdiction has one."""
    entry.only("code", "reading")
    own = entry.text("code")
    return Region(own, f"{code}/", "", level, "", names, reading=entry.text("reading"))


def _format(top: Entry, languages: tuple[str, ...], levels: Mapping[str, Level]) -> RegionFormat:
    entry = top.entry("region")
    entry.only("code", "filler")
    try:
        code = re.compile(entry.text("code"))
    except re.error as error:
        raise entry.wrong("code", f"no regular expression: {error}") from error
    filler = entry.values.get("filler")
    if not isinstance(filler, str):
        raise entry.wrong("filler", "a text is wanted, blank for none")
    kinds = by_code(
        Path(top.file),
        "region_kind",
        each(lambda e: _level(e, languages), top.entries("region_kind")),
    )
    named = {kind.code: kind.names for kind in kinds.values()}
    return RegionFormat(languages, levels, named, code, filler)


def _level(entry: Entry, languages: tuple[str, ...]) -> Level:
    entry.only("code", "name")
    return Level(entry.code("code"), entry.translated("name", languages))


def _spelling(entry: Entry) -> tuple[str, str]:
    entry.only("written", "read")
    return entry.text("written"), entry.text("read")


def _files(folder: Path, top: Entry) -> tuple[PackFile, ...]:
    files = each(lambda entry: _file(folder, entry), top.entries("file"))
    counts = {kind: sum(file.kind == kind for file in files) for kind in SINGLE_KINDS}
    for kind, count in counts.items():
        if count != 1:
            reason = f"one file of the kind {kind} is wanted, not {count}"
            raise BadValue(file=top.file, path="file", reason=reason)
    paths = [file.path for file in files]
    for at, path in enumerate(paths):
        if path in paths[:at]:
            raise BadValue(file=top.file, path=f"file[{at}].path", reason="it is there twice")
    return files


def _file(folder: Path, entry: Entry) -> PackFile:
    kind = entry.text("kind")
    if kind not in KINDS:
        raise entry.wrong("kind", f"{kind} is not one of {', '.join(KINDS)}")
    entry.only("kind", "path", "source", *(_BOUNDARY_KEYS if kind == "boundary" else ()))
    path = folder / entry.text("path")
    if not path.resolve().is_relative_to(folder.resolve()):
        raise entry.wrong("path", "it must lie in the folder of the pack")
    if not path.is_file():
        raise BadReference(file=entry.file, path=f"{entry.path}.path", reason=f"no file {path}")
    return PackFile(kind, path, entry.text("source"))


def _boundaries(folder: Path, top: Entry, levels: Mapping[str, Level]) -> Boundaries:
    files: dict[str, BoundaryFile] = {}
    for entry in top.entries("file"):
        if entry.values.get("kind") != "boundary":
            continue
        level = entry.text("level")
        if level not in levels or level in files:
            raise entry.wrong("level", f"{level} is no level, or has its outlines already")
        files[level] = BoundaryFile(
            level,
            folder / entry.text("path"),
            entry.text("sha256"),
            entry.text("source"),
            entry.flag("is_schematic"),
        )
    return Boundaries(files)
