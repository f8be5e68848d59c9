"""How assignments are found by their titles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from reunion.base.actor import Actor
from reunion.base.assignments.access import assignments_for
from reunion.base.finding import MOST, Found, finds
from reunion.base.transitions import in_words


@finds(_("Assignments"))
def assignments(actor: Actor, words: str, at: datetime) -> Iterator[Found]:
    """By title, the newest due date first."""
    if not actor.may("assignments.see"):
        return
    titled = assignments_for(actor, at).filter(title__icontains=words).order_by("-due", "pk")
    for one in titled[: MOST + 1]:
        page = reverse("assignment", kwargs={"pk": one.pk})
        yield Found(one.title, page, pgettext("state", in_words(one.state)))
