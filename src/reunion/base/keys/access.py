"""Reads of the keys' tables: who a value belongs to, and how far a rotation has come."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from reunion.base.keys.models import PersonKey, SearchToken
from reunion.base.keys.rules import Kind, Surnames, texts, token
from reunion.base.keys.wraps import ring

INDEX = "index"


@dataclass(frozen=True, slots=True)
class Found:
    """A person whom a search found, and by how many tokens: the more, the nearer."""

    subject: UUID
    shared: int


def find(
    kind: Kind, value: str, *, surnames: Surnames, calling_code: str, limit: int = 50
) -> list[Found]:
    """The persons who share tokens with a value, nearest first.

    These are ids only: the caller shows those among them that the actor may see.

    Args:
        kind: of the value; see `rules.texts`, also for `surnames` and `calling_code`.
        limit: most persons that are given.
    """
    wanted = texts(kind, value, surnames=surnames, calling_code=calling_code)
    keys = [ring().key(INDEX, version) for version in ring().versions(INDEX)]
    tokens = [token(key, kind, text) for key in keys for kind, text in wanted]
    rows = (
        SearchToken.objects.filter(token__in=tokens)
        .values_list("subject")
        .annotate(shared=Count("token"))
        .order_by("-shared", "subject")[:limit]
    )
    return [Found(subject, shared) for subject, shared in rows]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the keys of persons stand: how many there are, and what still waits for a rotation."""

    persons: int
    destroyed: int
    under_older_keks: int
    without_newest_escrow: int


def standing(newest_kek: int, newest_escrow: int | None) -> Standing:
    """Counts for `reunion keys status` and the doctor."""
    live = PersonKey.objects.filter(destroyed_at__isnull=True)
    outside = live.exclude(escrow=newest_escrow) if newest_escrow else live
    return Standing(
        persons=live.count(),
        destroyed=PersonKey.objects.filter(destroyed_at__isnull=False).count(),
        under_older_keks=live.filter(kek__lt=newest_kek).count(),
        without_newest_escrow=outside.count(),
    )
