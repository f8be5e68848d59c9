"""One box that finds records of all rooms, within what the reader may see.

A room says how its records are found in a module `finders.py`, which is found by its name:

    @finds(_("Units"))
    def units(actor: Actor, words: str, at: datetime) -> Iterator[Found]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeAlias

from django.utils.functional import Promise

from reunion.base.actor import Actor

MOST = 10
"""Records of one kind on the page: whoever finds more should say more."""

SHORTEST = 2
"""Characters below which everything would be found: most Chinese names have two or three."""


@dataclass(frozen=True, slots=True)
class Found:
    """One record: what it is called, its page, and what tells it from others of the same name."""

    text: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """The records of one kind that were found; `more`: there are others."""

    title: Promise
    found: tuple[Found, ...]
    more: bool


Finder: TypeAlias = Callable[[Actor, str, datetime], Iterable[Found]]

FINDERS: list[tuple[Promise, Finder]] = []


def finds(title: Promise) -> Callable[[Finder], Finder]:
    """Register how records of one kind are found; nothing for those who may not see them."""

    def register(finder: Finder) -> Finder:
        FINDERS.append((title, finder))
        return finder

    return register


def find(actor: Actor, words: str, at: datetime) -> list[Kind]:
    """Everything of this name, number or code that the actor may see, by kind."""
    wanted = words.replace("\0", "").strip()
    if len(wanted) < SHORTEST:
        return []
    kinds = []
    for title, finder in FINDERS:
        found = tuple(islice(finder(actor, wanted, at), MOST + 1))
        if found:
            kinds.append(Kind(title, found[:MOST], len(found) > MOST))
    return kinds
