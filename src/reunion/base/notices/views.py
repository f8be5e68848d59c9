"""The page of notices."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from reunion.base.notices.access import notices_for
from reunion.base.notices.actions import mark_read
from reunion.base.notices.models import Notice
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.records import address_of
from reunion.base.transitions import in_words

SEE = "notices.see"


@needs(SEE)
@require_GET
def notice_list(request: ActorRequest) -> HttpResponseBase:
    """The unread ones; with `?all=1`, the read ones too."""
    found = notices_for(request.actor)
    with_read = bool(request.GET.get("all"))
    shown = found if with_read else found.unread()
    page = Paginator(shown, 50).get_page(request.GET.get("page"))
    rows = [(notice, _words(notice), address_of(notice.kind, notice.subject)) for notice in page]
    return render(
        request, "notices/notice_list.html", {"page": page, "rows": rows, "with_read": with_read}
    )


@needs(SEE)
@require_POST
def notice_read(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    mark_read(actor=request.actor, notice_id=pk, at=timezone.now())
    return redirect("notice_list")


def _words(notice: Notice) -> str:
    """A room that sends notices lists their words in its `words.py`."""
    return pgettext("notice", in_words(notice.what.replace(".", "_")))
