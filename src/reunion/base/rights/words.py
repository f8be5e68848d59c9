"""The words of this room: states, moves, notices, uses, bases, purposes; and rules."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reunion.base.actor import Purpose
from reunion.base.approvals.words import sentence as sentence_of_approvals
from reunion.base.errors import Implicated, ReunionError, RuleBroken
from reunion.base.rights.rules import Basis, RequestKind, Use

STATES = (
    pgettext_lazy("state", "Received"),
    pgettext_lazy("state", "Identity shown"),
    pgettext_lazy("state", "In work"),
    pgettext_lazy("state", "Granted"),
    pgettext_lazy("state", "Refused"),
    pgettext_lazy("state", "Withdrawn"),
    pgettext_lazy("state", "Ticking"),
    pgettext_lazy("state", "Held"),
    pgettext_lazy("state", "Destroyed"),
    pgettext_lazy("state", "Found"),
    pgettext_lazy("state", "Contained"),
    pgettext_lazy("state", "Notified"),
    pgettext_lazy("state", "Closed"),
)

MOVES = (
    pgettext_lazy("move", "Show identity"),
    pgettext_lazy("move", "Take up"),
    pgettext_lazy("move", "Fulfil"),
    pgettext_lazy("move", "Refuse"),
    pgettext_lazy("move", "Withdraw"),
    pgettext_lazy("move", "Reopen"),
    pgettext_lazy("move", "Hold"),
    pgettext_lazy("move", "Go on"),
    pgettext_lazy("move", "Destroy"),
    pgettext_lazy("move", "Contain"),
    pgettext_lazy("move", "Notify"),
    pgettext_lazy("move", "Close"),
)

NOTICES = (
    pgettext_lazy("notice", "Rights retention over"),
    pgettext_lazy("notice", "Rights request overdue"),
    pgettext_lazy("notice", "Rights breach found"),
    pgettext_lazy("notice", "Rights breach not told"),
)

USES: dict[Use, Promise] = {
    Use.IDENTIFICATION: _("Finding out who somebody is"),
    Use.COURT: _("Use before a court"),
    Use.CONTACT: _("Contact between people"),
    Use.PUBLICATION: _("Publication of a notice"),
    Use.REFERRAL: _("Handing over to a service"),
    Use.MEDIA: _("Reports in the media"),
    Use.RESEARCH: _("Research"),
}

BASES: dict[Basis, Promise] = {
    Basis.CONSENT: _("Consent of the person"),
    Basis.GUARDIAN_CONSENT: _("Consent of the guardian"),
    Basis.LEGAL_DUTY: _("Duty by law"),
    Basis.VITAL_INTEREST: _("A life is in danger"),
}

KINDS: dict[RequestKind, Promise] = {
    RequestKind.SEE: _("See one's data"),
    RequestKind.CORRECT: _("Correct one's data"),
    RequestKind.RESTRICT: _("Restrict the use of one's data"),
    RequestKind.DELETE: _("Delete one's data"),
    RequestKind.HUMAN_REVIEW: _("Have a person look at a result"),
    RequestKind.COMPLAINT: _("Complaint"),
}

PURPOSES: dict[Purpose, Promise] = {
    Purpose.OWN_CASE: _("Own case"),
    Purpose.SUPERVISION: _("Supervision"),
    Purpose.INSPECTION: _("Inspection"),
    Purpose.STATISTICS: _("Statistics"),
    Purpose.FAMILY_REQUEST: _("Request of a family"),
    Purpose.CORRECTION: _("Correction"),
    Purpose.EMERGENCY: _("Emergency"),
}

FACTS = (
    pgettext_lazy("fact", "Clock"),
    pgettext_lazy("fact", "Class"),
    pgettext_lazy("fact", "Due"),
)
"""What is shown with a proposal to destroy."""

_RULES: dict[str, Promise] = {
    "use_only_by_consent": _("For this use nothing but a consent will do."),
    "consent_is_given_and_witnessed": _(
        "Name who consents, and the version of the text that was explained to them."
    ),
    "consent_is_ones_own": _("A person's own consent is given by that person."),
    "guardian_is_another_person": _("A guardian is another person than the one cared for."),
    "legal_duty_names_its_article": _("Name the article that sets the duty."),
    "only_a_consent_is_withdrawn": _("Only a consent can be withdrawn."),
    "consent_is_withdrawn_once": _("This consent was withdrawn already."),
    "request_came_before_now": _("The day on which it came is still to come."),
    "request_is_about_a_person": _("Name the person whose identity was shown: the same as before."),
    "request_is_extended_once": _("It was extended before. That can be done once."),
    "request_is_open": _("It is answered already."),
    "one_clock_of_a_class": _("A clock of this class runs for the record already."),
    "clock_has_run_out": _("The time is not over yet."),
    "breach_was_found_before_now": _("It cannot have been found later than now."),
    "recipient_is_current": _("This recipient is handed no data now."),
    "recipient_ends_after_it_starts": _("The end must come after the beginning."),
    "assessment_is_reviewed_later": _("The day of the next review must come after the decision."),
    "month_is_over": _("Counts are published when the month is over."),
}


def sentence(error: ReunionError) -> Promise:
    """What a page says about a refused act."""
    if isinstance(error, RuleBroken) and error.rule in _RULES:
        return _RULES[error.rule]
    if isinstance(error, RuleBroken) and error.rule.startswith("no_basis_for_"):
        return _("There is no legal basis for this use of the person's data.")
    if isinstance(error, Implicated):
        return _("This person may not act for the one concerned.")
    return sentence_of_approvals(error)
