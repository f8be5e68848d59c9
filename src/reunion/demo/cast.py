"""The cast of the demonstration, as the file of a jurisdiction lists it.

>>> len(load_cast("cn").people) > 27
True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from reunion.packs.shape import Entry, read_toml

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class CastUnit:
    """An agency: its kind and region; `above`: key of the one that it is under, or blank."""

    key: str
    kind: str
    region: str
    above: str


@dataclass(frozen=True, slots=True)
class CastPerson:
    """Somebody with a sign-in; `posts`: each a role and the key of an agency."""

    login: str
    posts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CastCase:
    """A practice case."""

    key: str
    region: str
    title: str


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody and everything that is there from the start; the first unit is the setter's."""

    surnames: tuple[str, ...]
    units: Mapping[str, CastUnit]
    people: tuple[CastPerson, ...]
    cases: Mapping[str, CastCase]


def has_cast(jurisdiction: str) -> bool:
    """Whether there is a demonstration for a jurisdiction."""
    return (FOLDER / f"{jurisdiction}.toml").is_file()


def has_tour() -> bool:
    """Whether somebody can be shown around: a jurisdiction without a cast has nobody to sign in."""
    return settings.MODE == "demo" and has_cast(settings.JURISDICTION)


def load_cast(jurisdiction: str) -> Cast:
    """The cast for a jurisdiction.

    Raises:
        PackError: names the place of the file that is wrong.
    """
    top = read_toml(FOLDER / f"{jurisdiction}.toml")
    top.only("surnames", "unit", "person", "case")
    units = [_unit(entry) for entry in top.entries("unit")]
    cases = [_case(entry) for entry in top.entries("case")]
    return Cast(
        top.texts("surnames"),
        {unit.key: unit for unit in units},
        tuple(_person(entry) for entry in top.entries("person")),
        {case.key: case for case in cases},
    )


def _unit(entry: Entry) -> CastUnit:
    entry.only("key", "kind", "region", "above")
    above = entry.text("above") if "above" in entry.values else ""
    return CastUnit(entry.code("key"), entry.code("kind"), entry.text("region"), above)


def _person(entry: Entry) -> CastPerson:
    entry.only("login", "posts")
    posts = []
    for at, text in enumerate(entry.texts("posts")):
        role, _, unit = text.partition(" ")
        if not unit:
            raise entry.wrong(f"posts[{at}]", f"{text!r} is no role and agency")
        posts.append((role, unit))
    return CastPerson(entry.code("login"), tuple(posts))


def _case(entry: Entry) -> CastCase:
    entry.only("key", "region", "title")
    return CastCase(entry.code("key"), entry.text("region"), entry.text("title"))
