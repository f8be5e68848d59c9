"""Saving a search, and forgetting it. Nothing is remembered that nobody asked for."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import Resolver404, resolve

from reunion.base.accounts.access import owner_of
from reunion.base.accounts.models import Account
from reunion.base.audit.actions import record
from reunion.base.errors import NotFound, RuleBroken
from reunion.base.keys.vault import seal_with
from reunion.base.records import locked
from reunion.base.searches.access import KEY, own_searches, place_of
from reunion.base.searches.models import SavedSearch
from reunion.base.searches.rules import MOST, by_words, parts


@transaction.atomic
def save_search(*, account: Account, address: str, name: str, at: datetime) -> SavedSearch:
    """Keep what is searched and chosen on a list, for the owner of an account.

    Args:
        address: of the list as it is shown.

    Raises:
        NotFound: the site has no such page.
        RuleBroken: nothing is chosen; something is looked for that was typed; there are too many.
    """
    try:
        page, query = parts(address)
        resolve(page)
    except (ValueError, Resolver404) as error:
        raise NotFound(kind="list") from error
    if not query or not name.strip():
        raise RuleBroken(rule="search_is_chosen_and_named")
    if by_words(query):
        raise RuleBroken(rule="search_without_words")
    if own_searches(account.staff_id).filter(page=page).count() >= MOST:
        raise RuleBroken(rule="searches_have_an_end")
    row = SavedSearch(staff=account.staff_id, page=page, saved_at=at)
    text = json.dumps([name.strip(), query], ensure_ascii=False).encode()
    row.sealed = seal_with(settings.KEYRING, KEY, text, place_of(row))
    row.save(force_insert=True)
    record(actor=owner_of(account), act="save_search", subject=row, at=at)
    return row


@transaction.atomic
def forget_search(*, account: Account, search_id: UUID, at: datetime) -> None:
    """Delete one of one's own searches.

    Raises:
        NotFound: there is none of the owner of the account.
    """
    row = locked(own_searches(account.staff_id), search_id)
    record(actor=owner_of(account), act="forget_search", subject=row, at=at)
    row.delete()
