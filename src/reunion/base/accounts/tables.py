"""The list of accounts."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django_tables2 import A, Column

from reunion.base.pages.tables import Dated, Listing, Worded, moment_cell


def _state(is_active: bool) -> str:
    return pgettext("account", "Open") if is_active else gettext("Locked")


class AccountTable(Listing):
    caption = _("Accounts")
    file = "accounts"
    login = Column(_("Account name"), linkify=("account", {"pk": A("pk")}), orderable=True)
    staff__name = Column(_("Person"), orderable=True)
    is_active = Worded(_("State"), _state, orderable=True)
    last_login = Dated(_("Last sign-in"), moment_cell, orderable=True)
