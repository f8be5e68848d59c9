"""The sentences for the rules of units and posts that forbid an act."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reunion.base.errors import NotFound, NotPermitted, ReunionError
from reunion.base.words import sentence_of

_RULES: dict[str, Promise] = {
    "agency_is_known": _("The jurisdiction has no agency of this kind."),
    "agency_has_this_level": _("An agency of this kind does not exist at this level."),
    "region_is_known": _("There is no such region on that day."),
    "region_is_of_this_level": _("The region is not of this level."),
    "role_is_known": _("There is no such role."),
    "role_is_of_an_agency": _("People of this role hold no posts."),
    "rank_is_of_the_agency": _("Agencies of this kind do not give this rank."),
    "code_is_free": _("There is a unit of this code already."),
    "parent_covers_region": _("The unit above must cover the region."),
    "unit_has_begun": _("The unit does not exist yet on that day. Choose a later one."),
    "unit_is_open": _("The unit is closed on that day."),
    "post_ends_with_its_unit": _("The unit closes earlier. The post must end by that day."),
    "post_is_open": _("The post ends on or before that day already."),
    "ends_after_it_starts": _("The last day must come after the first one."),
    "successor_is_another_unit": _("A unit does not succeed itself."),
    "post_within_region_of_unit": _("The region of a post lies within that of its unit."),
    "witness_key_has_32_bytes": _("The public key of a witness has 64 hexadecimal digits."),
    "witness_key_is_its_own": _("Another unit has this key already."),
    "nobody_appoints_themselves": _("Nobody appoints themselves. Ask another administrator."),
}


def sentence(error: ReunionError) -> str:
    """What a page says about a refused act."""
    if isinstance(error, NotFound | NotPermitted):
        return gettext("This is not in your region.")
    return str(sentence_of(error, _RULES))
