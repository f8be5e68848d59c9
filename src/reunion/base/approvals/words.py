"""The words of this room: states and moves, which pages make out of their names; acts; rules."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reunion.base.errors import ReunionError
from reunion.base.words import sentence_of

STATES = (
    pgettext_lazy("state", "Proposed"),
    pgettext_lazy("state", "Approved"),
    pgettext_lazy("state", "Used"),
    pgettext_lazy("state", "Refused"),
    pgettext_lazy("state", "Withdrawn"),
    pgettext_lazy("state", "Lapsed"),
    pgettext_lazy("state", "Void"),
)

MOVES = (
    pgettext_lazy("move", "Approve"),
    pgettext_lazy("move", "Refuse"),
    pgettext_lazy("move", "Withdraw"),
    pgettext_lazy("move", "Use"),
    pgettext_lazy("move", "Lapse"),
    pgettext_lazy("move", "Void"),
)

ACTS: dict[str, Promise] = {
    "confirm_match": _("Confirm that two people are related"),
    "disclose_identity": _("Disclose who somebody is, or where"),
    "close_key_case": _("Close a key case, or make it a common one"),
    "approve_reward": _("Approve a reward"),
    "export_bulk": _("Export many records"),
    "destroy": _("Destroy a sample or a key for ever"),
}
"""What a page calls each act."""

_RULES: dict[str, Promise] = {
    "another_person": _("You proposed this yourself. Somebody else must decide."),
    "another_unit": _("Somebody of your own unit proposed this. Another unit must decide."),
    "level": _("This must be decided at the same level as it was proposed, or above it."),
    "fresh_sign_in": _("Show your second factor again, then decide within five minutes."),
    "lapsed": _("The seven days are over. It must be proposed anew."),
    "changed": _("The record has changed since. It must be looked at and proposed anew."),
    "proposed_already": _("This is proposed already and waits for a decision."),
    "approved_by_another": _("Nobody has approved this, or the approval no longer holds."),
}


def sentence(error: ReunionError) -> Promise:
    """What a page says about a refused act."""
    return sentence_of(error, _RULES)
