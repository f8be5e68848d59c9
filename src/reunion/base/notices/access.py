"""The way from a request to notices."""

from __future__ import annotations

from reunion.base.actor import Actor
from reunion.base.notices.models import Notice, NoticeQuerySet
from reunion.base.permissions.decide import require


def notices_for(actor: Actor) -> NoticeQuerySet:
    """What the actor's unit or post is told, newest first."""
    require(actor, "notices.see")
    return Notice.objects.to(actor)
