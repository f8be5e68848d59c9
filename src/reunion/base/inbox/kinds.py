"""The kinds of items that the public can send; rooms register theirs."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class ItemKind:
    """One kind.

    Args:
        code: what the item's row says, and the address of its form.
        title: what its link and form are called.
        advice: what to write, in plain words.
    """

    code: str
    title: Promise
    advice: Promise


KINDS: dict[str, ItemKind] = {}


def register(kind: ItemKind) -> ItemKind:
    """Let the public send items of a kind.

    An upper room does so in a module that its app config imports in both processes.
    """
    if kind.code in KINDS:
        raise ValueError(f"two kinds of items are called {kind.code}")
    KINDS[kind.code] = kind
    return kind


FAMILY_MESSAGE = register(
    ItemKind(
        "family_message",
        _("Write to a case desk"),
        _(
            "Say what you want the desk to know or to do. You need not give your name. If it is"
            " about a case that has a number, write the number down."
        ),
    )
)
RIGHTS_REQUEST = register(
    ItemKind(
        "rights_request",
        _("Ask about data about you"),
        _(
            "Say what you ask for: to see what is kept about you, to have it corrected, to have its"
            " use limited, or to have it deleted. The desk will ask you through this page how you"
            " can show who you are."
        ),
    )
)
