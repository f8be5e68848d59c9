"""The entrance for programs: the token of a request makes the actor, and nothing else does.

A session opens nothing here: so no other site can make a browser act, and no form token is needed.
The order is that of pages: the address, then the method, then the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial, wraps
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from reunion.base.exchange import View, problem
from reunion.base.permissions.declare import ActorRequest, Declared, DeclaredView, Reach
from reunion.base.tokens.access import actor_of, token_of
from reunion.base.tokens.actions import note_use
from reunion.base.tokens.models import ApiToken
from reunion.base.tokens.once import once


class TokenRequest(ActorRequest):
    """A request of a program."""

    token: ApiToken


def by_token(view: View, needs: Mapping[str, str]) -> DeclaredView[...]:
    """A view for programs.

    Args:
        needs: its methods, each with the permission that the token must hold; blank: any token.
    """
    declared = Declared(Reach.TOKEN, by_method=tuple(needs.items()))

    @csrf_exempt
    @wraps(view)
    def entered(request: HttpRequest, /, **values: object) -> HttpResponse:
        at = timezone.now()
        token = token_of(request.headers.get("Authorization", ""), at)
        if token is None:
            answer = problem(401, "TokenMissing")
        else:
            note_use(token=token, at=at)
            answer = _answer(view, declared, _of(request, token), values, at)
        if settings.MODE == "demo":
            answer["Reunion-Synthetic"] = "true"
        return answer

    entered.declared = declared  # type: ignore[attr-defined]  # functions carry them
    return cast("DeclaredView[...]", entered)


def _of(request: HttpRequest, token: ApiToken) -> TokenRequest:
    ours = cast(TokenRequest, request)
    ours.token, ours.actor = token, actor_of(token)
    return ours


def _answer(
    view: View, declared: Declared, request: TokenRequest, values: dict[str, object], at: datetime
) -> HttpResponse:
    held = request.actor.permissions
    if not declared.is_for(held):
        return problem(404, "NotFound")
    needed = declared.needed(request.method or "")
    if needed is None:
        answer = problem(405, "MethodUnknown")
        named = [method for method, _ in declared.by_method]
        answer["Allow"] = ", ".join(named + ["HEAD"] * ("GET" in named))
        return answer
    if needed and needed not in held:
        return problem(404, "NotFound")
    if request.method == "POST":
        return once(request, request.token, partial(view, request, **values), at)
    asked, request.method = request.method, "GET"  # of HEAD too: the server leaves out the body
    try:
        return view(request, **values)
    finally:
        request.method = asked
