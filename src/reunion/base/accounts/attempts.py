"""Failed sign-ins: counted by name alone, without addresses, answered one way, and logged."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

NAME_FIELD = "login"

_log = logging.getLogger("reunion.security")


def name_of(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """The account name that a sign-in was tried with, hidden.

    Hidden, since people type their password there by mistake. Spelled as the look-up spells it, so
    that one account has one count.
    """
    tried = credentials or {}
    name = tried.get("username") or tried.get(NAME_FIELD) or request.POST.get(NAME_FIELD, "")
    return hidden_name(name)


def hidden_name(name: str) -> str:
    """The keyed hash under which failures of a name are counted."""
    plain = name.strip().lower().encode()
    return hmac.new(settings.SECRET_KEY.encode(), b"attempts:" + plain, hashlib.sha256).hexdigest()


def no_address(request: HttpRequest) -> None:
    """No address is kept of anybody."""
    return


def locked_out(
    request: HttpRequest, response: HttpResponse, credentials: Mapping[str, str] | None
) -> HttpResponse:
    """The answer after too many failures: the same whether or not there is such an account."""
    return render(request, "accounts/locked_out.html", status=429)


def note_failure(what: str, account: UUID | None) -> None:
    """Log that a sign-in failed.

    Args:
        what: a sentence of ours.
        account: whose it would have been; None: there is no such account.
    """
    _log.warning(what, extra={"account": account})
