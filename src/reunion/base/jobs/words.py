"""The words of this room: states and moves, which pages make out of their names."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

STATES = (
    pgettext_lazy("state", "Queued"),
    pgettext_lazy("state", "Running"),
    pgettext_lazy("state", "Done"),
    pgettext_lazy("state", "Failed"),
    pgettext_lazy("state", "Cancelled"),
)

MOVES = (
    pgettext_lazy("move", "Claim"),
    pgettext_lazy("move", "Release"),
    pgettext_lazy("move", "Finish"),
    pgettext_lazy("move", "Fail"),
    pgettext_lazy("move", "Cancel"),
    pgettext_lazy("move", "Retry"),
)
