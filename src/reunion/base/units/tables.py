"""The lists of units and of staff."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tables2 import A, Column

from reunion.base.pages.tables import Dated, Listing, Worded, day_cell
from reunion.base.units.models import Unit
from reunion.base.units.pack import region_label, unit_label
from reunion.base.units.templatetags.names import agency_name


class UnitTable(Listing):
    caption = _("Units")
    file = "units"
    code = Column(pgettext_lazy("unit", "Code"), linkify=("unit", {"pk": A("pk")}), orderable=True)
    name = Column(pgettext_lazy("unit", "Name"))
    kind = Worded(_("Kind"), agency_name, orderable=True)
    region = Worded(_("Region"), region_label, orderable=True)
    valid_to = Dated(_("No more from"), day_cell, orderable=True)

    def render_name(self, record: Unit) -> str:
        return unit_label(record)


class StaffTable(Listing):
    caption = _("Staff")
    file = "staff"
    name = Column(
        pgettext_lazy("person", "Name"), linkify=("staff_member", {"pk": A("pk")}), orderable=True
    )
    region = Worded(_("Region"), region_label, orderable=True)
