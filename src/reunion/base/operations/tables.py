"""The entries of the audit trail as a table."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tables2 import Column

from reunion.base.accounts.access import OWNER
from reunion.base.actor import Purpose
from reunion.base.audit.models import AuditEntry
from reunion.base.pages.tables import Dated, Listing, Worded, moment_cell
from reunion.base.rights.words import PURPOSES
from reunion.base.units.models import Staff, Unit
from reunion.base.units.pack import unit_label
from reunion.base.units.templatetags.names import kind_name, role_name


def _role(code: str) -> str:
    """A role in words; what somebody does to their own account needs no post."""
    return gettext("Owner of the account") if code == OWNER else role_name(code)


def _of_record(record: AuditEntry) -> str | None:
    named = {"kind": record.kind, "pk": record.subject}
    return reverse("audited_record", kwargs=named) if record.subject else None


class EntryTable(Listing):
    """Sorted by their order in the trail only: it is too long for another one."""

    caption = _("What was done, by whom")
    file = "audit-entries"
    at = Dated(_("When"), moment_cell, order_by="id", orderable=True)
    act = Column(_("Act"))
    kind = Worded(_("Record"), kind_name, linkify=_of_record)
    role = Worded(_("Role"), _role)
    unit = Column(_("Unit"))
    staff = Column(_("Person"))
    purpose = Worded(_("Purpose"), lambda purpose: PURPOSES[Purpose(purpose)])
    case = Column(_("Case"))

    def prepare(self, records: Sequence[AuditEntry]) -> None:
        self.units = Unit.objects.unscoped().in_bulk({e.unit for e in records if e.unit})
        self.people = Staff.objects.unscoped().in_bulk({e.staff for e in records if e.staff})

    def render_unit(self, record: AuditEntry) -> str:
        unit = self.units.get(record.unit) if record.unit else None
        return unit_label(unit) if unit else ""

    def render_staff(self, record: AuditEntry) -> str:
        person = self.people.get(record.staff) if record.staff else None
        return person.name if person else ""
