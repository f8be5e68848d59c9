"""The words of this room: what is shown with a proposal; rules."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reunion.base.approvals.words import sentence as of_approvals
from reunion.base.errors import ReunionError, RuleBroken

FACTS = (
    pgettext_lazy("fact", "List"),
    pgettext_lazy("fact", "Columns"),
    pgettext_lazy("fact", "Rows"),
    pgettext_lazy("fact", "Purpose"),
    pgettext_lazy("fact", "Digest of the filter"),
)

_RULES: dict[str, Promise] = {
    "export_is_large": _("You may take this list alone: its page has the links."),
    "export_has_an_end": _("One file has 50,000 rows at most. Filter the list, and ask again."),
    "own_case_names_its_case": _("Name the case."),
}


def sentence(error: ReunionError) -> Promise:
    """What a page says about an export that was refused."""
    if isinstance(error, RuleBroken) and error.rule in _RULES:
        return _RULES[error.rule]
    return of_approvals(error)
