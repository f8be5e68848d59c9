"""The way to one's own saved searches. Nobody sees those of another person."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from reunion.base.keys.envelope import Place
from reunion.base.keys.vault import open_with
from reunion.base.searches.models import SavedSearch

KEY = "queries"
"""The key of the internal process under which filters are sealed."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A saved search as its owner sees it."""

    id: UUID
    name: str
    address: str


def own_searches(staff: UUID) -> QuerySet[SavedSearch]:
    """All that one person keeps."""
    return SavedSearch.objects.filter(staff=staff)


def searches_of(staff: UUID, page: str) -> list[Shown]:
    """What one person keeps on one list, by name.

    Args:
        page: the path of the list.
    """
    found = [_shown(row) for row in own_searches(staff).filter(page=page)]
    return sorted(found, key=lambda one: one.name)


def place_of(row: SavedSearch) -> Place:
    """Where the sealed part of a search belongs."""
    return Place("searches.savedsearch", "sealed", row.pk)


def _shown(row: SavedSearch) -> Shown:
    text = open_with(settings.KEYRING, KEY, bytes(row.sealed), place_of(row))
    name, query = json.loads(text)
    return Shown(row.pk, name, f"{row.page}?{query}")
