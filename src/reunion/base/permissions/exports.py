"""Lists that somebody takes with them: what they see, as a file, and recorded."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from reunion.base.audit.actions import record
from reunion.base.audit.rules import Canonical
from reunion.base.documents.sheets import Form, Value, sheet_answer
from reunion.base.errors import NotFound
from reunion.base.lists import MOST
from reunion.base.pages.tables import FILE, Listing
from reunion.base.permissions.declare import ActorRequest, Reach, declared_of

Rows: TypeAlias = Sequence[Sequence[Value]]


@dataclass(slots=True)
class _Errand:
    """Another page of ours wants the list that a page shows, and not the page."""

    table: Listing | None = None


def file_of(request: ActorRequest, table: Listing) -> HttpResponseBase | None:
    """The file of all rows of the list, on all its pages; None where the page itself is wanted.

    Who took which list, and how many rows, stands in the audit trail before anything is sent.
    Of too many rows nothing is given: the page says why, and two people can take them.
    """
    errand: _Errand | None = getattr(request, "errand", None)
    if errand is not None:
        errand.table = table
        return HttpResponse()
    wanted = request.GET.get(FILE)
    if request.method != "GET" or not table.file or wanted not in {form.value for form in Form}:
        return None
    if table.is_large:
        sentence = _("Nobody takes more than %(most)s rows alone. See below the list what to do.")
        messages.error(request, sentence % {"most": MOST})
        return redirect(table.address)
    head, rows = values_of(table)
    shown: Canonical = {"list": table.file, "rows": len(rows)}
    record(actor=request.actor, act="export", subject=None, at=table.moment, after=shown)
    return as_file(table, Form(wanted), head, rows)


def listing_at(request: ActorRequest, address: str) -> Listing:
    """The list that the actor is shown at an address of the site, by the view of that address.

    So it holds what the actor may see now, and nothing that their own request would not show.

    Raises:
        NotFound: there is no such list, or none for the actor.
        Http404: the post does not open the page.
    """
    try:
        parts = urlsplit(address)
        match = resolve(parts.path)
    except (ValueError, Resolver404) as error:
        raise NotFound(kind="list") from error
    if parts.scheme or parts.netloc:
        raise NotFound(kind="list")
    says = declared_of(match.func)
    if says is None or says.reach is not Reach.PERMITTED or says.purpose:
        raise NotFound(kind="list")
    asked, errand = copy(request), _Errand()
    asked.method, asked.path, asked.path_info = "GET", parts.path, parts.path
    asked.GET = QueryDict(parts.query)
    asked.resolver_match = match
    asked.errand = errand  # type: ignore[attr-defined]  # read by file_of
    match.func(asked, *match.args, **match.kwargs)
    if errand.table is None or not errand.table.file:
        raise NotFound(kind="list")
    return errand.table


def columns_of(table: Listing) -> list[tuple[str, str]]:
    """Code and words of each column that a file of the list has."""
    return [
        (one.name, str(one.header))
        for one in table.columns.iterall()
        if not one.column.exclude_from_export
    ]


def values_of(table: Listing) -> tuple[Sequence[str], Rows]:
    """The head and all rows of a list, as a file has them."""
    table.prepare(list(table.rows.data))
    head, *rows = table.as_values()  # type: ignore[no-untyped-call]  # it has no types
    return head, rows


def as_file(table: Listing, form: Form, head: Sequence[str], rows: Rows) -> HttpResponseBase:
    """The answer that is the file."""
    return sheet_answer(
        form,
        head,
        rows,
        title=str(table.caption),
        name=table.file,
        is_synthetic=settings.MODE == "demo",
    )
