"""What the desks add to the guided tour."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reunion.base.tour import Step, tells

tells(
    Step(
        10,
        _("Write without a name"),
        _(
            "Choose what you write about, and the place %(region)s. You could hide it from that"
            " place, and a desk above would get it; this time do not. Keep the number that you get."
        ),
        _(
            "A number that is shown once; nothing else leads back to your message. There was no"
            " sign-in and no cookie."
        ),
        public="/",
        near="tip-officer",
    ),
    Step(
        30,
        _("Read the message"),
        _("Open what you wrote. It waits at the desk of its place."),
        _(
            "Your reading was entered in the audit trail before you saw the text. No other desk,"
            " above or beside, can open it."
        ),
        login="tip-officer",
        page="item_list",
    ),
    Step(
        40,
        _("Answer it"),
        _("Take the message up and write an answer."),
        _("It goes out as from the desk, without your name."),
        login="tip-officer",
        page="item_list",
    ),
    Step(
        50,
        _("Come back for the answer"),
        _("Type the number that you kept. Read, and write once more."),
        _("The whole conversation. The desk learns nothing of you but what you write."),
        public="/return/",
    ),
)
