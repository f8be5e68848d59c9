"""What acts of two people add to the guided tour."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reunion.base.tour import Step, tells

tells(
    Step(
        100,
        _("Two people for one act"),
        _(
            "Open a proposal that waits. It shows exactly what its proposer saw. Approve it, or"
            " refuse it with a reason."
        ),
        _(
            "Your own proposals, and those of your unit, have no button for you. If the record"
            " changes meanwhile, the approval is void."
        ),
        login="supervisor",
        page="proposal_list",
    ),
)
