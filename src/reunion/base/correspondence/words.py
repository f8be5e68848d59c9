"""The words of this room: rules that forbid an act, and what notices say."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reunion.base.errors import ReunionError
from reunion.base.inbox.words import RULES
from reunion.base.words import sentence_of

NOTICES = (
    pgettext_lazy("notice", "Correspondence guessing"),
    pgettext_lazy("notice", "Correspondence late"),
)

_RULES: dict[str, Promise] = RULES | {
    "unit_is_open": _("The unit is closed."),
    "one_desk_of_a_region": _("This region has a desk already."),
    "desk_is_open": _("The desk is closed."),
    "excluded_region_is_the_items": _("The item is not about a region below this one."),
    "a_desk_is_left": _("No desk is left that could take it."),
}


def sentence(error: ReunionError) -> Promise:
    """What a page says about a refused act."""
    return sentence_of(error, _RULES)
