"""What publication adds to the guided tour."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reunion.base.tour import Step, tells

tells(
    Step(
        130,
        _("Read what is published"),
        _("Open an announcement, in either language."),
        _("What the offices let everybody read. Nothing else of theirs is on this site."),
        public="/published/announcement/",
    ),
)
