"""Whose attachments they are: each room says how one of its records is fetched for an actor.

@owner("persons.person")
def person_for(actor: Actor, pk: UUID, at: datetime) -> Person: ...
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias, TypeVar
from uuid import UUID

from reunion.base.actor import Actor
from reunion.base.records import Record

OwnerFor: TypeAlias = Callable[[Actor, UUID, datetime], Record]
F = TypeVar("F", bound=OwnerFor)

OWNERS: dict[str, OwnerFor] = {}


def owner(kind: str) -> Callable[[F], F]:
    """Register the access function of a kind of record, which raises NotFound where it refuses."""

    def register(fetch: F) -> F:
        if kind in OWNERS:
            raise ValueError(f"attachments of {kind} have two owners")
        OWNERS[kind] = fetch
        return fetch

    return register
