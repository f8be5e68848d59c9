"""The list of notices."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_tables2 import Column, TemplateColumn

from reunion.base.notices.models import Notice
from reunion.base.notices.words import words_of
from reunion.base.pages.tables import Dated, Listing, moment_cell
from reunion.base.records import address_of


def _address(record: Notice) -> str | None:
    return address_of(record.kind, record.subject) or None


class NoticeTable(Listing):
    caption = _("Notices")
    file = "notices"
    at = Dated(_("When"), moment_cell, orderable=True)
    what = Column(_("What"), linkify=_address, orderable=True)
    read = TemplateColumn(
        template_name="notices/mark_read.html",
        verbose_name=_("What can be done"),
        exclude_from_export=True,
    )

    def render_what(self, record: Notice) -> str:
        return words_of(record)
