"""What the audit trail adds to the guided tour."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reunion.base.tour import Step, tells

tells(
    Step(
        150,
        _("See who did what"),
        _("Look for your own acts of this tour, by the name of an act or by its day."),
        _("Who did what, when, and why they read it. That you look is entered too."),
        login="auditor",
        page="auditentry_list",
    ),
    Step(
        160,
        _("Check the trail without us"),
        _(
            "Within the hour the signer signs a head. The public site shows it, and the commands"
            " compare everything that was done with it."
        ),
        _("One line that says that all is whole, or what was changed."),
        public="/trail/",
        commands=(
            "./reunion audit verify",
            "./reunion audit export trail.jsonl",
            "./reunion audit verify --offline trail.jsonl",
        ),
    ),
)
