"""The words of notices: a room that sends notices lists theirs in its own `words.py`."""

from __future__ import annotations

from django.utils.translation import pgettext

from reunion.base.notices.models import Notice
from reunion.base.transitions import in_words


def words_of(notice: Notice) -> str:
    """What a page says of a notice."""
    return pgettext("notice", in_words(notice.what.replace(".", "_")))
