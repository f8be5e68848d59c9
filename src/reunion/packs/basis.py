"""Where a fact of a pack comes from, and whether anybody has read it there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

from reunion.packs.errors import BadFile, BadValue
from reunion.packs.rows import each
from reunion.packs.shape import Entry, read_toml


class Status(StrEnum):
    """Verified: read in the instrument itself or in a dated publication."""

    VERIFIED = "verified"
    PARTLY = "partly"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Basis:
    """The source of a fact, and whether it was read there."""

    source: str
    status: Status


BASIS_KEYS = ("source", "status")


def basis_of(entry: Entry) -> Basis:
    """The source and the status that stand in a table."""
    return Basis(entry.text("source"), entry.member("status", Status))


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


_C = TypeVar("_C", bound=_Coded)


def read_coded(
    file: Path, key: str, parse: Callable[[Entry], _C], required: Iterable[str] = ()
) -> Mapping[str, _C]:
    """The things of a TOML file that holds one list of them, by their codes.

    Raises:
        PackError: names the places that are wrong.
    """
    top = read_toml(file)
    top.only(key)
    return by_code(file, key, each(parse, top.entries(key)), required)


def by_code(
    file: Path, key: str, things: Iterable[_C], required: Iterable[str] = ()
) -> Mapping[str, _C]:
    """Things by their codes; a code that is there twice is refused.

    Args:
        required: codes that every pack must have.
    """
    found: dict[str, _C] = {}
    for at, thing in enumerate(things):
        if thing.code in found:
            raise BadValue(
                file=file, path=f"{key}[{at}].code", reason=f"{thing.code} is there twice"
            )
        found[thing.code] = thing
    for code in required:
        if code not in found:
            raise BadFile(file=file, reason=f"every pack must have the {key} {code}")
    return found
