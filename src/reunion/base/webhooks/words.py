"""The words of this room."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reunion.base.errors import ReunionError
from reunion.base.notices.models import Notice
from reunion.base.notices.words import words_of
from reunion.base.words import sentence_of

KINDS = (pgettext_lazy("kind", "Webhook"), pgettext_lazy("kind", "Delivery"))

_RULES: dict[str, Promise] = {
    "webhook_address": _("This is no address that can be sent to."),
    "webhook_over_https": _("The address must begin with https."),
    "webhook_events": _("Choose what the program is told of."),
}


def sentence(error: ReunionError) -> Promise:
    """What a page says about a refused act."""
    return sentence_of(error, _RULES)


def word_of_event(what: str) -> str:
    """What an event is called: as the notice that it comes of."""
    return words_of(Notice(what=what))
