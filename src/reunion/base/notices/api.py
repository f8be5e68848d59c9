"""For programs: what the token's unit and post are told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from pydantic import BaseModel

from reunion.base.exchange import Listed, Moment, Paging, listed, reads, writes
from reunion.base.notices.access import notices_for
from reunion.base.notices.actions import mark_read
from reunion.base.notices.models import Notice
from reunion.base.permissions.declare import ActorRequest

SEE = "notices.see"

router = Router(tags=["notices"])


class NoticeOut(BaseModel):
    """One thing that a unit or a post is told, with the record that it is about. No free text."""

    id: UUID
    version: int
    what: str
    kind: str
    subject: UUID
    unit: UUID | None
    post: UUID | None
    at: datetime
    read_at: datetime | None


class NoticePage(Paging):
    """Which notices: those that nobody has read; those since a moment."""

    unread: bool = False
    since: Moment | None = None


@reads(
    router,
    "",
    says=_("Notices to the token's unit and post"),
    name="api_notices",
    needs=SEE,
    gives=Listed[NoticeOut],
)
def notice_list(request: ActorRequest, page: Query[NoticePage]) -> Listed[NoticeOut]:
    found = notices_for(request.actor)
    if page.unread:
        found = found.unread()
    if page.since is not None:
        found = found.filter(at__gte=page.since)
    return listed(request, found, page, _notice)


@writes(
    router,
    "/{uuid:pk}/read",
    says=_("Mark a notice as read"),
    name="api_notice_read",
    needs=SEE,
    gives=NoticeOut,
)
def notice_read(request: ActorRequest, pk: UUID, version: int) -> NoticeOut:
    at = timezone.now()
    return _notice(mark_read(actor=request.actor, notice_id=pk, version=version, at=at))


def _notice(notice: Notice) -> NoticeOut:
    return NoticeOut(
        id=notice.pk,
        version=notice.version,
        what=notice.what,
        kind=notice.kind,
        subject=notice.subject,
        unit=notice.unit,
        post=notice.post,
        at=notice.at,
        read_at=notice.read_at,
    )
