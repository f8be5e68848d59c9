"""The list of assignments."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tables2 import A, Column

from reunion.base.assignments.models import Assignment
from reunion.base.assignments.words import KINDS
from reunion.base.audit.templatetags.transitions_tags import state_word
from reunion.base.pages.tables import Dated, Listing, Worded, day_cell
from reunion.base.units.pack import unit_label


def _overdue(one: Assignment, at: datetime) -> str:
    return gettext("overdue") if one.is_overdue(at) else ""


class AssignmentTable(Listing):
    caption = _("Assignments")
    file = "assignments"
    title = Column(_("What"), linkify=("assignment", {"pk": A("pk")}), orderable=True)
    kind = Worded(_("Kind"), KINDS.__getitem__, orderable=True)
    lead = Worded(_("Lead unit"), unit_label, order_by="lead__code", orderable=True)
    issuer = Worded(_("Issued by"), unit_label, order_by="issuer__code", orderable=True)
    due = Dated(_("Due"), day_cell, _overdue, orderable=True)
    state = Worded(_("State"), state_word, orderable=True)
