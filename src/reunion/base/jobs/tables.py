"""The list of long work."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from django_tables2 import A, Column

from reunion.base.audit.templatetags.transitions_tags import state_word
from reunion.base.pages.tables import Dated, Listing, Worded, moment_cell
from reunion.base.transitions import in_words


def work_words(kind: str) -> str:
    """What a kind of jobs is called; a room that has some lists their words in its `words.py`."""
    return pgettext("job", in_words(kind))


class JobTable(Listing):
    caption = _("Long work")
    file = "jobs"
    kind = Worded(_("What"), work_words, linkify=("job", {"pk": A("pk")}), orderable=True)
    state = Worded(_("State"), state_word, orderable=True)
    percent = Column(_("Percent done"))
    queued_at = Dated(_("Asked for"), moment_cell, orderable=True)
    ended_at = Dated(_("Ended"), moment_cell, orderable=True)
