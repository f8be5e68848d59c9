"""The lists of requests about one's data, and of retention clocks."""

from __future__ import annotations

from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tables2 import A

from reunion.base.audit.templatetags.transitions_tags import state_word
from reunion.base.pages.dates import day_words
from reunion.base.pages.tables import Dated, Listing, Worded, day_cell
from reunion.base.rights.models import RightsRequest
from reunion.base.rights.words import KINDS
from reunion.base.units.pack import day_of, in_language, jurisdiction, region_label


def class_name(retention: str) -> str:
    """What a class of retention is called; its code where the pack has none."""
    kind = jurisdiction().rights.retention.get(retention)
    return in_language(kind.names) if kind else retention


def _class_name(retention: str) -> str:
    return capfirst(class_name(retention))


def _overdue(one: RightsRequest, at: datetime) -> str:
    return gettext("overdue") if one.is_overdue(day_of(at)) else ""


class RequestTable(Listing):
    caption = _("Requests about one's data")
    file = "requests-about-data"
    kind = Worded(
        _("What is asked for"),
        KINDS.__getitem__,
        linkify=("rightsrequest", {"pk": A("pk")}),
        orderable=True,
    )
    region = Worded(_("Region"), region_label, orderable=True)
    received = Dated(_("Came on"), day_cell, orderable=True)
    due = Dated(_("Due"), day_words, _overdue, orderable=True)
    state = Worded(_("State"), state_word, orderable=True)


class ClockTable(Listing):
    caption = _("Records whose time is over")
    file = "retention"
    retention = Worded(
        _("Class"), _class_name, linkify=("retentionclock", {"pk": A("pk")}), orderable=True
    )
    region = Worded(_("Region"), region_label, orderable=True)
    due = Dated(_("Time over since"), day_cell, orderable=True)
    state = Worded(_("State"), state_word, orderable=True)
