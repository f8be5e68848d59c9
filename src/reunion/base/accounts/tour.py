"""What accounts add to the guided tour."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reunion.base.tour import Step, tells

tells(
    Step(
        20,
        _("Sign in"),
        _(
            "The password alone opens nothing: a code is asked for, and a security key where the"
            " role demands one. The page shows the code, since these people are invented. Five"
            " wrong tries shut the name for an hour."
        ),
        _("What is late, what waits for you, and which steps you can take now."),
        login="tip-officer",
        page="home",
    ),
)
