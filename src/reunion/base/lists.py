"""Lists have an end: so many rows a page, and a search for what is wanted."""

from __future__ import annotations

from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)

ROWS = 25
"""Of one page, and of what a form suggests."""

MOST = 500
"""Rows that one person takes along as a file; more are taken by two (base/exports)."""


def page_of(request: HttpRequest, rows: QuerySet[M]) -> Page[M]:
    """The page of a list that `?page=` asks for; components/paging.html leads to the others.

    A page that there is not is the nearest one. A list in a table is a pages.tables.Listing.
    """
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))


def matching(request: HttpRequest, rows: QuerySet[M], *fields: str) -> QuerySet[M]:
    """The rows with `?q=` in one of the fields; the template search.html has the box."""
    wanted = request.GET.get("q", "").replace("\0", "").strip()
    if not wanted:
        return rows
    matches = Q()
    for field in fields:
        matches |= Q(**{f"{field}__icontains": wanted})
    return rows.filter(matches)
