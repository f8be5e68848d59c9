"""Writing the published store: only by carrying over what was decided in `default`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from reunion.base.published.models import Published

STORE = "published"


@dataclass(frozen=True, slots=True)
class Content:
    """What is to stand in the store after an act.

    Args:
        body: by language, or whatever the kind holds; empty once it is withdrawn.
        withdrawn_at: the moment when it was taken away.
    """

    kind: str
    key: str
    region: str
    body: Mapping[str, object]
    shown_from: datetime
    shown_until: datetime | None = None
    withdrawn_at: datetime | None = None
    unit: UUID | None = None


@transaction.atomic(using=STORE)
def put(*, content: Content, number: int) -> bool:
    """Bring the store to what an act decided; whether anything changed.

    Args:
        number: of the act; acts may come twice and in any order, the highest number stands.
    """
    values = {
        "region": content.region,
        "body": {} if content.withdrawn_at else dict(content.body),
        "shown_from": content.shown_from,
        "shown_until": content.shown_until,
        "withdrawn_at": content.withdrawn_at,
        "unit": content.unit,
        "version": number,
    }
    _row, is_new = Published.objects.get_or_create(
        kind=content.kind, key=content.key, defaults=values
    )
    older = Published.objects.filter(kind=content.kind, key=content.key, version__lt=number)
    return bool(older.update(**values)) or is_new
