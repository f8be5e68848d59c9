"""What every list shows of its reader's saved searches.

{% load searches_tags %}
{% saved_searches table %}
"""

from __future__ import annotations

from typing import cast

from django import template
from django.template import Context

from reunion.base.accounts.middleware import GatedRequest
from reunion.base.pages.tables import Listing
from reunion.base.searches.access import searches_of
from reunion.base.searches.rules import LONGEST_NAME, by_words, parts

register = template.Library()


@register.inclusion_tag("searches/searches.html", takes_context=True)
def saved_searches(context: Context, table: Listing) -> dict[str, object]:
    """The searches that the reader keeps on this list, and the form to keep the one that is set."""
    request = cast(GatedRequest, context["request"])
    account = request.gate.account
    if account is None:
        return {}
    page, query = parts(table.address)
    return {
        "saved": searches_of(account.staff_id, page),
        "query": query,
        "by_words": by_words(query),
        "address": table.address,
        "longest": LONGEST_NAME,
    }
