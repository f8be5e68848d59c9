"""What pages of all rooms say: the kinds of records, and refusals that no room words itself."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reunion.base.errors import ChangedMeanwhile, ReunionError, RuleBroken

KINDS = (
    pgettext_lazy("kind", "Destruction"),
    pgettext_lazy("kind", "Unit"),
    pgettext_lazy("kind", "Staff member"),
    pgettext_lazy("kind", "Post"),
    pgettext_lazy("kind", "Grant"),
    pgettext_lazy("kind", "Exclusion"),
    pgettext_lazy("kind", "Stated purpose"),
    pgettext_lazy("kind", "Implication"),
    pgettext_lazy("kind", "Household"),
    pgettext_lazy("kind", "Account"),
    pgettext_lazy("kind", "Password code"),
    pgettext_lazy("kind", "Session"),
    pgettext_lazy("kind", "Recovery of a factor"),
    pgettext_lazy("kind", "Job"),
    pgettext_lazy("kind", "Notice"),
    pgettext_lazy("kind", "Saved search"),
    pgettext_lazy("kind", "Large export"),
    pgettext_lazy("kind", "Attachment"),
    pgettext_lazy("kind", "Proposal"),
    pgettext_lazy("kind", "Assignment"),
    pgettext_lazy("kind", "Cooperation"),
    pgettext_lazy("kind", "Progress report"),
    pgettext_lazy("kind", "Escalation"),
    pgettext_lazy("kind", "Emergency opening"),
    pgettext_lazy("kind", "Legal basis"),
    pgettext_lazy("kind", "Retention clock"),
    pgettext_lazy("kind", "Rights request"),
    pgettext_lazy("kind", "Recipient"),
    pgettext_lazy("kind", "Disclosure"),
    pgettext_lazy("kind", "Breach"),
    pgettext_lazy("kind", "Impact assessment"),
    pgettext_lazy("kind", "Item"),
    pgettext_lazy("kind", "Act of publication"),
    pgettext_lazy("kind", "Desk"),
    pgettext_lazy("kind", "Desk key"),
    pgettext_lazy("kind", "Alarm about guessing"),
)
"""The kinds of records of `base`; see records.word_of. A room above lists its own."""

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
