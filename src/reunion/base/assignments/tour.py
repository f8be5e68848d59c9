"""What assignments add to the guided tour."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reunion.base.tour import Step, tells

tells(
    Step(
        60,
        _("Ask another county"),
        _(
            "Write a request to the police of %(region)s, in another province, with a due date in"
            " working days, and issue it."
        ),
        _("It waits for them now. You see when it is due."),
        login="case-leader",
        page="assignment_list",
        near="case-leader-2",
    ),
    Step(
        70,
        _("Accept and report"),
        _("Choose the post of a case leader. Accept the request, start it and report a result."),
        _("Which step you can take next. What is overdue goes to the unit above by itself."),
        login="case-leader-2",
        page="assignment_list",
    ),
    Step(
        80,
        _("Let another person confirm"),
        _("Open the same request. Confirm its result, or send it back with a reason."),
        _("Every step, who took it, and why."),
        login="case-leader",
        page="assignment_list",
    ),
)
