"""The words of this room: permissions as a person reads them, and a sentence for each refusal."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reunion.base.actor import Purpose
from reunion.base.errors import ReunionError
from reunion.base.words import sentence_of

KINDS = (pgettext_lazy("kind", "Token"),)

PERMISSIONS: dict[str, Promise] = {
    "units.see": _("See units and posts"),
    "units.administer": _("See the list of staff, with names cut short"),
    "assignments.see": _("See assignments"),
    "assignments.work": _("Accept, dispute, start and report assignments"),
    "assignments.issue": _("Draft, issue and withdraw assignments"),
    "assignments.confirm": _("Confirm, send back, close and reopen assignments"),
    "notices.see": _("See notices, and mark them as read"),
    "jobs.see": _("See how far one's own long work is"),
}

PURPOSES: dict[Purpose, Promise] = {
    Purpose.OWN_CASE: _("Own case"),
    Purpose.SUPERVISION: _("Supervision"),
    Purpose.INSPECTION: _("Inspection"),
    Purpose.STATISTICS: _("Statistics"),
    Purpose.FAMILY_REQUEST: _("Request of a family"),
    Purpose.CORRECTION: _("Correction"),
}

_RULES: dict[str, Promise] = {
    "token_of_somebody_else": _("This is your own post. Issue the token on your own page."),
    "token_of_a_post_that_is_held": _("Nobody holds this post today."),
    "token_is_fetched_once": _("This token was fetched before, or it is over."),
    "token_says_what_for": _("Name the program that will hold the token."),
    "token_purpose": _("Choose the purpose."),
    "own_case_names_its_case": _("Name the case."),
    "token_ends_in_time": _("A token lasts 1 to 90 days."),
    "token_within_the_role": _("The role of this post does not have all these permissions."),
}


def sentence(error: ReunionError) -> Promise:
    """What a page says about a refused act."""
    return sentence_of(error, _RULES)
