"""The words of this room: notices, findings, and rules."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reunion.base.emergency.rules import Finding
from reunion.base.errors import NotFound, ReunionError
from reunion.base.words import sentence_of

NOTICES = (
    pgettext_lazy("notice", "Emergency opened"),
    pgettext_lazy("notice", "Emergency review due"),
)

FINDINGS: dict[Finding, Promise] = {
    Finding.JUSTIFIED: _("It was justified"),
    Finding.NOT_JUSTIFIED: _("It was not justified"),
}

_RULES: dict[str, Promise] = {
    "emergency_has_a_reason_and_a_case": _("Say why it cannot wait, and name the case."),
    "emergency_needs_two_supervisors": _(
        "There are no two supervisors to be told, one of them of another unit. Call them."
    ),
    "emergency_is_reviewed_once": _("It was reviewed already."),
    "emergency_is_reviewed_by_another_unit": _("Somebody else, of another unit, must review this."),
    "finding_needs_a_remark": _("Say why it was not justified."),
}


def sentence(error: ReunionError) -> Promise:
    """What a page says about a refused act."""
    if isinstance(error, NotFound):
        return _("There is no such record.")
    return sentence_of(error, _RULES)
