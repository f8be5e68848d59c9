"""Pages that open only after a fresh sign-in with the second factor: two-person acts, passwords."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from reunion.base.accounts.middleware import GatedRequest
from reunion.base.accounts.rules import Factor, shown
from reunion.base.actor import FRESH

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)


def fresh(
    view: Callable[Concatenate[R, P], HttpResponseBase],
) -> Callable[Concatenate[R, P], HttpResponseBase]:
    """Ask for the second factor again where it was shown more than five minutes ago.

    Stands below the declaration: `@needs("accounts.recover")`, then `@fresh`.
    """

    @wraps(view)
    def checked(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        account = cast(GatedRequest, request).gate.account
        last = shown(get_authentication_records(request, account)).factor_at
        if last is not None and timezone.now().timestamp() - last <= FRESH.total_seconds():
            return view(request, *args, **kwargs)
        return _ask_again(cast(GatedRequest, request))

    return checked


def _ask_again(request: GatedRequest) -> HttpResponseBase:
    has_key = Factor.WEBAUTHN in request.gate.factors
    page = "mfa_reauthenticate_webauthn" if has_key else "mfa_reauthenticate"
    return redirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")
