"""The list of proposals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_tables2 import A

from reunion.base.approvals.words import ACTS
from reunion.base.audit.templatetags.transitions_tags import state_word
from reunion.base.pages.tables import Dated, Listing, Worded, moment_cell
from reunion.base.records import word_of
from reunion.base.units.pack import region_label


class ProposalTable(Listing):
    caption = _("Approvals")
    file = "proposals"
    act = Worded(_("What"), ACTS.__getitem__, linkify=("proposal", {"pk": A("pk")}), orderable=True)
    kind = Worded(_("Record"), word_of, orderable=True)
    region = Worded(_("Region"), region_label, orderable=True)
    state = Worded(_("State"), state_word, orderable=True)
    lapses_at = Dated(_("Lapses"), moment_cell, orderable=True)
