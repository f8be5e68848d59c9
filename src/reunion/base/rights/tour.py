"""What the rights of people over their data add to the guided tour."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reunion.base.tour import Step, tells

tells(
    Step(
        120,
        _("Whose data it is"),
        _("Look at the requests of people about their own data, and at what need not be kept."),
        _("By when each request must be answered, and which records are to be destroyed."),
        login="data-protection-officer",
        page="rights",
    ),
)
