"""All three phases over packs: the shape of files, what they say of one another, their examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from reunion.packs.boundaries import Outline
from reunion.packs.dna import load_dna
from reunion.packs.errors import BadFile, BadReference, BadValue, Faults, PackError
from reunion.packs.examples import check_examples
from reunion.packs.jurisdiction import DATA, Jurisdiction, jurisdiction_folders, read_jurisdiction
from reunion.packs.manifest import TOP
from reunion.packs.regions import Region
from reunion.packs.roles import load_roles
from reunion.packs.standards import load_standard


def check_packs(data: Path = DATA) -> Iterator[PackError]:
    """The faults of all packs in a folder, and of what they share, where it is there.

    Args:
        data: a folder of packs, or that of one pack.
    """
    if (data / TOP).is_file():
        yield from check_pack(data)
        return
    folders = jurisdiction_folders(data)
    if not folders:
        yield BadFile(file=data, reason=f"there is no pack: no folder with a {TOP}")
    for folder in folders:
        yield from check_pack(folder)
    common = data / "common"
    if (common / "dna").is_dir():
        yield from _faults(partial(load_dna, common / "dna"))
    if (common / "roles.toml").is_file():
        yield from _faults(partial(load_roles, common / "roles.toml"))


def check_pack(folder: Path) -> Iterator[PackError]:
    """The faults of one pack. Later phases need the earlier ones to have gone well."""
    try:
        pack = read_jurisdiction(folder)
    except PackError as error:
        yield from _unfolded(error)
        return
    yield from _unlisted(folder, pack)
    yield from _check_boundaries(pack)
    for file in pack.manifest.files:
        if file.kind == "exchange":
            yield from _faults(partial(load_standard, file.path))
    yield from check_examples(pack)


def _faults(load: Callable[[], object]) -> Iterator[PackError]:
    try:
        load()
    except PackError as error:
        yield from _unfolded(error)


def _unfolded(error: PackError) -> tuple[PackError, ...]:
    return error.faults if isinstance(error, Faults) else (error,)


def _unlisted(folder: Path, pack: Jurisdiction) -> Iterator[PackError]:
    """Files that nobody reads: a name was mistyped, or the list was forgotten."""
    listed = {pack.manifest.file, *(file.path for file in pack.manifest.files)}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in listed:
            yield BadFile(file=path, reason=f"{TOP} does not list this file")


def _check_boundaries(pack: Jurisdiction) -> Iterator[PackError]:
    """Outlines that are not the ones meant, or missing, or do not hold the point of the region."""
    for boundary in pack.boundaries.files.values():
        try:
            boundary.verify()
            _ = boundary.outlines
        except PackError as error:
            yield error
            return
    file = pack.manifest.path("regions")
    for line, region in enumerate(pack.regions.all, 1):
        if not region.outline or region.level not in pack.boundaries.files:
            continue
        outline = pack.boundaries.outline(region)
        if outline is None:
            reason = f"the map has no outline {region.outline!r}"
            yield BadReference(file=file, path=f"line {line}, outline", reason=reason)
        elif region.point_basis == "inside_polygon" and not _holds(outline, region):
            reason = "the point is not inside the outline"
            yield BadValue(file=file, path=f"line {line}, lon", reason=reason)


def _holds(outline: Outline, region: Region) -> bool:
    lon, lat = region.lon, region.lat
    return lon is not None and lat is not None and outline.holds(lon, lat)
