"""Lists that somebody takes with them: what they see, as a file, and recorded."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from reunion.base.audit.actions import record
from reunion.base.audit.rules import Canonical
from reunion.base.documents.sheets import Form, sheet_answer
from reunion.base.pages.tables import FILE, Listing
from reunion.base.permissions.declare import ActorRequest

MOST = 500
"""Rows that one person takes alone."""


def file_of(request: ActorRequest, table: Listing) -> HttpResponseBase | None:
    """The file of all rows of the list, on all its pages; None where the page itself is wanted.

    Who took which list, and how many rows, stands in the audit trail before anything is sent.
    Of too many rows nothing is given: the page says why.
    """
    wanted = request.GET.get(FILE)
    if request.method != "GET" or not table.file or wanted not in {form.value for form in Form}:
        return None
    number = len(table.rows)
    if number > MOST:
        sentence = _(
            "More than %(most)s rows cannot be taken at once. "
            "Search or filter, so that fewer are left."
        )
        messages.error(request, sentence % {"most": MOST})
        left = request.GET.copy()
        del left[FILE]
        return redirect(f"{request.path}?{left.urlencode()}")
    table.prepare(list(table.rows.data))
    head, *rows = table.as_values()  # type: ignore[no-untyped-call]  # it has no types
    shown: Canonical = {"list": table.file, "rows": len(rows)}
    record(actor=request.actor, act="export", subject=None, at=table.moment, after=shown)
    return sheet_answer(
        Form(wanted),
        head,
        rows,
        title=str(table.caption),
        name=table.file,
        is_synthetic=settings.MODE == "demo",
    )
