"""The list of emergency openings."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tables2 import A

from reunion.base.emergency.models import BreakGlass
from reunion.base.pages.tables import Dated, Listing, Worded, moment_cell
from reunion.base.units.pack import region_label


def _late(one: BreakGlass, at: datetime) -> str:
    return gettext("late") if one.reviewed_at is None and one.review_due <= at else ""


class OpeningTable(Listing):
    caption = _("Emergency openings")
    file = "emergency-openings"
    opened_at = Dated(
        _("Opened"), moment_cell, linkify=("breakglass", {"pk": A("pk")}), orderable=True
    )
    region = Worded(_("Region"), region_label, orderable=True)
    review_due = Dated(_("To be reviewed by"), moment_cell, _late, orderable=True)
    reviewed_at = Dated(_("Reviewed"), moment_cell, orderable=True)
