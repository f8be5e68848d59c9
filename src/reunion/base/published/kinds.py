"""The kinds of what is published that have pages of their own; rooms register theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reunion.base.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class PublicKind:
    """One kind: its body is `{language: {"title": ..., "text": ...}}`.

    Args:
        code: what the record's row says, and the address of its list.
        title: what the list is called.
    """

    code: str
    title: Promise


PAGES: dict[str, PublicKind] = {}


def register(kind: PublicKind) -> PublicKind:
    """Give what is published of a kind a list and pages.

    An upper room does so in a module that its app config imports in both processes.
    """
    if kind.code in PAGES:
        raise ValueError(f"two kinds of publications are called {kind.code}")
    PAGES[kind.code] = kind
    return kind


def check_body(kind: str, body: Mapping[str, object]) -> None:
    """Refuse what a page could not show.

    Raises:
        RuleBroken: the kind has pages, and the body has no language, or one without a title and a
            text.
    """
    if kind in PAGES and not (body and all(map(_is_text, body.values()))):
        raise RuleBroken(rule="published_text_has_a_title")


def _is_text(said: object) -> bool:
    return isinstance(said, dict) and all(
        isinstance(said.get(name), str) and said[name].strip() for name in ("title", "text")
    )


ANNOUNCEMENT = register(PublicKind("announcement", _("Announcements")))
