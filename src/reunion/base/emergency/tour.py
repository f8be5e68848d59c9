"""What emergency openings add to the guided tour."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reunion.base.tour import Step, tells

tells(
    Step(
        110,
        _("Review an emergency opening"),
        _(
            "An officer opened a record of another province in an emergency, some hours ago. Find"
            " the opening and review it."
        ),
        _(
            "The reason that was given. Without a review within 72 hours all accounts of that"
            " officer would stop."
        ),
        login="supervisor-2",
        page="breakglass_list",
    ),
)
