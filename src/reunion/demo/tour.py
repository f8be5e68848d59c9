"""What the demonstration itself adds to the guided tour."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reunion.base.tour import Step, tells

tells(
    Step(
        90,
        _("Say why you read"),
        _(
            "Open a practice case that has files, and one of them. State why you need it, name the"
            " case, and download the original."
        ),
        _("The purpose and the case stand in the audit trail, beside your name."),
        login="case-officer",
        page="practicecase_list",
    ),
    Step(
        140,
        _("Search by DNA"),
        _("In a second terminal, search 200,000 made-up people for the missing of 500 families."),
        _(
            "How many were found, and how many leads were false. A lead is a reason to look, never"
            " a decision."
        ),
        commands=("./reunion kinship province",),
    ),
)
