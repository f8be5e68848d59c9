"""The page of notices."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from reunion.base.notices.access import notices_for
from reunion.base.notices.actions import mark_read
from reunion.base.notices.models import Notice
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.transitions import in_words

SEE = "notices.see"


@needs(SEE)
@require_GET
def notice_list(request: ActorRequest) -> HttpResponseBase:
    """The unread ones; with `?all=1`, the read ones too."""
    found = notices_for(request.actor)
    shown = found if request.GET.get("all") else found.unread()
    page = Paginator(shown, 50).get_page(request.GET.get("page"))
    rows = [(notice, _words(notice), _address(notice)) for notice in page]
    return render(request, "notices/notice_list.html", {"page": page, "rows": rows})


@needs(SEE)
@require_POST
def notice_read(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    mark_read(actor=request.actor, notice_id=pk, at=timezone.now())
    return redirect("notice_list")


def _words(notice: Notice) -> str:
    """A room that sends notices lists their words in its `words.py`."""
    return pgettext("notice", in_words(notice.what.replace(".", "_")))


def _address(notice: Notice) -> str:
    """The page of the record: it is named after the model."""
    try:
        return reverse(notice.kind.rpartition(".")[2], kwargs={"pk": notice.subject})
    except NoReverseMatch:
        return ""
