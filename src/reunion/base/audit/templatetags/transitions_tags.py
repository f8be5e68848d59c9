"""What the page of a record with a state machine shows: its state, its buttons, its history.

    {% load transitions_tags %}
    {{ record.state|state_word }}
    {% state_buttons record actor %}
    {% timeline record %}

The buttons are the open moves of the table whose permission the actor holds. Each is a form of its
own that posts to MOVE/ below the page's own address, with the version that was shown; a move that
needs more than a reason is a link to the page MOVE/.
"""

from __future__ import annotations

from django import template
from django.utils.translation import pgettext

from reunion.base.actor import Actor
from reunion.base.audit.access import steps_of
from reunion.base.records import Record
from reunion.base.transitions import Moving, in_words, moves_for

register = template.Library()


@register.filter
def state_word(name: str) -> str:
    """The word of a state, in the reader's language. A room lists its words in `words.py`."""
    return pgettext("state", in_words(name))


@register.filter
def move_word(name: str) -> str:
    """The word of a move, in the reader's language."""
    return pgettext("move", in_words(name))


@register.inclusion_tag("audit/state_buttons.html")
def state_buttons(record: Moving, actor: Actor) -> dict[str, object]:
    """The buttons of the moves that this actor may make now."""
    return {"record": record, "moves": list(moves_for(record, actor))}


@register.inclusion_tag("audit/timeline.html")
def timeline(record: Record) -> dict[str, object]:
    """The moves of a record, oldest first, with who made them by role, when, and why."""
    return {"steps": steps_of(record)}
