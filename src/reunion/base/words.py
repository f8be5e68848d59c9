"""What pages of all rooms say about a refused act, where the room has no words of its own."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reunion.base.errors import ChangedMeanwhile, ReunionError, RuleBroken

_RULES: dict[str, Promise] = {"reason_given": _("Say why.")}


def sentence_of(error: ReunionError, rules: Mapping[str, Promise]) -> Promise:
    """The sentence about a refused act.

    Args:
        rules: the sentences of the room, by the rule that is broken.
    """
    match error:
        case RuleBroken(rule=rule) if rule in rules:
            return rules[rule]
        case RuleBroken(rule=rule) if rule in _RULES:
            return _RULES[rule]
        case ChangedMeanwhile():
            return _("Somebody changed this in the meantime. Load the page again.")
    return _("This is not possible now. Load the page again and look at what has changed.")
