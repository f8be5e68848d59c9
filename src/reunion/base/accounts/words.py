"""The sentences for the rules of accounts that forbid an act."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reunion.base.errors import ReunionError
from reunion.base.words import sentence_of

_RULES: dict[str, Promise] = {
    "nobody_administers_their_own_account": _(
        "This is your own account. Another administrator must do it."
    ),
    "login_is_of_small_letters": _(
        "An account name has 3 to 60 small letters, digits, dots, hyphens or underscores,"
        " and begins with a letter or digit."
    ),
    "login_is_free": _("There is an account of this name already. Choose another name."),
    "recovery_not_by_the_owner": _("This is your own account. Two other officers must do it."),
    "one_recovery_at_a_time": _("A recovery of this account is under way already."),
    "recovery_by_two_people": _(
        "You have agreed already. A second officer, with another account, must agree too."
    ),
    "sign_in_is_fresh": _("Show your second factor again, then agree within five minutes."),
}


def sentence(error: ReunionError) -> str:
    """What a page says about a refused act."""
    return str(sentence_of(error, _RULES))
