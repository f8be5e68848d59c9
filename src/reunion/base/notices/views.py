"""The page of notices."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reunion.base.notices.access import notices_for
from reunion.base.notices.actions import mark_read
from reunion.base.notices.tables import NoticeTable
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.permissions.exports import file_of

SEE = "notices.see"


@needs(SEE)
@require_GET
def notice_list(request: ActorRequest) -> HttpResponseBase:
    """The unread ones; with `?all=1`, the read ones too."""
    found = notices_for(request.actor)
    with_read = bool(request.GET.get("all"))
    shown = found if with_read else found.unread()
    empty = _("Nothing new. What concerns your unit comes here.")
    table = NoticeTable(shown, request, timezone.now(), empty_text=empty)
    tabs = [(_("Unread"), "?", not with_read), (_("All"), "?all=1", with_read)]
    context = {"table": table, "tabs": tabs}
    return file_of(request, table) or render(request, "notices/notice_list.html", context)


@needs(SEE)
@require_POST
def notice_read(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    mark_read(actor=request.actor, notice_id=pk, at=timezone.now())
    return redirect("notice_list")
