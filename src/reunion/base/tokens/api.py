"""For programs: as what a token acts."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router
from pydantic import BaseModel

from reunion.base.exchange import reads
from reunion.base.tokens.entrance import TokenRequest

router = Router(tags=["me"])


class Me(BaseModel):
    """The post that a token acts as, and what it may do."""

    token: UUID
    label: str
    ends_at: datetime
    post: UUID
    unit: UUID
    role: str
    region: str
    purpose: str
    case: str
    permissions: list[str]


@reads(router, "", says=_("As what the token acts, and until when"), name="api_me", gives=Me)
def me(request: HttpRequest) -> Me:
    asked = cast(TokenRequest, request)
    token, actor = asked.token, asked.actor
    return Me(
        token=token.pk,
        label=token.label,
        ends_at=token.ends_at,
        post=token.post_id,
        unit=token.post.unit_id,
        role=actor.role,
        region=actor.region,
        purpose=token.purpose,
        case=token.case,
        permissions=sorted(actor.permissions),
    )
