"""Showing a factor again: pages that open only after it, and the session's new key."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from reunion.base.accounts.access import moment
from reunion.base.accounts.middleware import GatedRequest, to_proof
from reunion.base.accounts.rules import shown
from reunion.base.actor import is_fresh

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
        gated = cast(GatedRequest, request)
        proved = shown(get_authentication_records(request, gated.gate.account))
        if is_fresh(moment(proved.factor_at), timezone.now()):
            return view(request, *args, **kwargs)
        return to_proof(gated, request.get_full_path())

    return checked


def rekeyed(
    view: Callable[Concatenate[R, P], HttpResponseBase],
) -> Callable[Concatenate[R, P], HttpResponseBase]:
    """Give the session a new key where the view took a proof: copied cookies are then worthless.

    Stands below the declaration of a page that asks for a factor or the password again.
    """

    @wraps(view)
    def proving(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        account = cast(GatedRequest, request).gate.account
        known = len(get_authentication_records(request, account))
        response = view(request, *args, **kwargs)
        if len(get_authentication_records(request, account)) > known:
            request.session.cycle_key()
        return response

    return proving
