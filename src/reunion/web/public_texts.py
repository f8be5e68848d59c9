"""What is published, as the pages of the public site show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import get_language

from reunion.base.lists import ROWS
from reunion.base.published.access import one_shown, shown
from reunion.base.published.kinds import PAGES, PublicKind
from reunion.base.published.models import Published, PublishedQuerySet
from reunion.base.zone import here
from reunion.web.public_places import place_name

NEWEST = 5
"""Of a kind on the first page; the others are a link away."""


@dataclass(frozen=True, slots=True)
class Text:
    """One publication.

    Args:
        language: of the text, where it is not the one of the page; else blank.
        place: the region that it is for, in words.
        day: since when it stands.
    """

    address: str
    title: str
    text: str
    language: str
    place: str
    day: date


def newest(at: datetime) -> list[tuple[PublicKind, list[Text]]]:
    """The newest of each kind, for the first page; no kind without any."""
    kinds = [(kind, [_text(row) for row in _rows(kind, at)[:NEWEST]]) for kind in PAGES.values()]
    return [(kind, texts) for kind, texts in kinds if texts]


def list_of(kind: PublicKind, number: str, at: datetime) -> tuple[Page[Published], list[Text]]:
    """A page of all of a kind, the newest first; a page that there is not is the nearest one."""
    page = Paginator(_rows(kind, at), ROWS).get_page(number)
    return page, [_text(row) for row in page]


def one(kind: PublicKind, key: str, at: datetime) -> Text | None:
    """One publication, if the public may see it."""
    row = one_shown(kind.code, key, at)
    return _text(row) if row else None


def _rows(kind: PublicKind, at: datetime) -> PublishedQuerySet:
    return shown(kind.code, at).order_by("-shown_from", "key")


def _text(row: Published) -> Text:
    wanted = get_language() or settings.LANGUAGE_CODE
    language = wanted if wanted in row.body else next(iter(row.body))
    said = row.body[language]
    return Text(
        address=reverse("public_text", kwargs={"kind": row.kind, "key": row.key}),
        title=said["title"],
        text=said["text"],
        language="" if language == wanted else language,
        place=place_name(row.region),
        day=here(row.shown_from).date(),
    )
