"""The guided tour of a demonstration: steps that rooms register as data.

A room says its steps in a module `tour.py`, which is found by its name:

    tells(
        Step(
            30,
            _("Read it"),
            _("The message waits at the desk of its region."),
            _("No other desk can open it."),
            login="tip-officer",
            page="item_list",
        ),
    )
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Args:
        place: where it stands in the tour; rooms leave gaps of ten for those that come later.
        text: what to do; `%(region)s` in it is the region of `near`.
        see: what the reader then sees.
        login: the sign-in of the demonstration that takes it; blank: nobody signs in.
        page: the name of the address to open on the internal site.
        public: the path to open on the public site, in its place.
        commands: what to type in a terminal.
        near: the sign-in whose region the text names.

    Raises:
        ValueError: it leads nowhere, or to both sites.
    """

    place: int
    title: Promise
    text: Promise
    see: Promise
    login: str = ""
    page: str = ""
    public: str = ""
    commands: tuple[str, ...] = ()
    near: str = ""

    def __post_init__(self) -> None:
        if bool(self.page) + bool(self.public) > 1 or not (
            self.page or self.public or self.commands
        ):
            raise ValueError(f"step {self.place} leads to no page, or to two")

    @property
    def address(self) -> str:
        """The path of its page, on whichever site it is; blank: it is for a terminal."""
        return reverse(self.page) if self.page else self.public


_STEPS: dict[int, Step] = {}


def tells(*steps: Step) -> None:
    """Register what a room adds to the tour.

    Raises:
        ValueError: two steps stand at one place.
    """
    for step in steps:
        if step.place in _STEPS:
            raise ValueError(f"two steps stand at {step.place}")
        _STEPS[step.place] = step


@cache
def tour() -> tuple[Step, ...]:
    """The steps of all rooms, in their order."""
    autodiscover_modules("tour")
    return tuple(_STEPS[place] for place in sorted(_STEPS))
