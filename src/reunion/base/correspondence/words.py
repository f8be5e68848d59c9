"""The words of this room: rules that forbid an act, and what notices say."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reunion.base.errors import ChangedMeanwhile, NotFound, NotPermitted, ReunionError, RuleBroken
from reunion.base.inbox.words import RULES

NOTICES = (pgettext_lazy("notice", "Correspondence guessing"),)

_RULES: dict[str, Promise] = RULES | {
    "unit_is_open": _("The unit is closed."),
    "one_desk_of_a_region": _("This region has a desk already."),
    "desk_is_open": _("The desk is closed."),
    "reason_is_given": _("Say why."),
    "excluded_region_is_the_items": _("The item is not about a region below this one."),
    "a_desk_is_left": _("No desk is left that could take it."),
}


def sentence(error: ReunionError) -> Promise:
    """What a page says about a refused act."""
    match error:
        case RuleBroken(rule=rule) if rule in _RULES:
            return _RULES[rule]
        case ChangedMeanwhile():
            return _("Somebody changed this in the meantime. Load the page again.")
        case NotFound() | NotPermitted():
            return _("This is not in your region.")
    return _("This is not possible now. Load the page again and look at what has changed.")
