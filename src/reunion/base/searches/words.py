"""The words of this room: rules."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reunion.base.errors import ReunionError
from reunion.base.words import sentence_of

_RULES: dict[str, Promise] = {
    "search_is_chosen_and_named": _("Choose what the list shows, and give the search a name."),
    "search_without_words": _("What you type into a search box is not kept: it may be a name."),
    "searches_have_an_end": _("You keep 20 searches on this list. Delete one of them first."),
}


def sentence(error: ReunionError) -> Promise:
    """What a page says about a search that was not saved."""
    return sentence_of(error, _RULES)
