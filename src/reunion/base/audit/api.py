"""For programs: the signed heads of the audit trail, which anybody may keep and compare."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from reunion.base.audit.access import latest_heads
from reunion.base.audit.heads import Head
from reunion.base.exchange import MOST, reads

router = Router(tags=["audit"])


class HeadOut(BaseModel):
    """A signed head; keys, hashes and the signature are hexadecimal digits."""

    size: int
    root: str
    day: str
    at: int
    previous: str
    key_version: int
    public_key: str
    announces: str | None
    lag_p50: int
    lag_p99: int
    signature: str


class HeadsOut(BaseModel):
    """The newest heads, and the public key that signs them now; blank: none was signed yet."""

    public_key: str
    items: list[HeadOut]


class HeadPage(BaseModel):
    """How many heads."""

    limit: int = Field(10, ge=1, le=MOST)


@reads(
    router,
    "/heads",
    says=_("Newest signed heads of the audit trail"),
    name="api_heads",
    gives=HeadsOut,
)
def heads(request: HttpRequest, page: Query[HeadPage]) -> HeadsOut:
    found = latest_heads(page.limit)
    return HeadsOut(public_key=_key(found), items=[_head(head) for head in found])


def _key(found: list[Head]) -> str:
    """A head may announce the key that signs from the next one on."""
    return (found[0].announces or found[0].public_key).hex() if found else ""


def _head(head: Head) -> HeadOut:
    return HeadOut.model_validate(head.as_json())
