"""The gate of the internal site: who a request comes from, and whether it may reach the view.

Everything is worked out anew for each request, so that a change of posts, a lock or a killed
session takes effect at the next one. A view that declares nothing is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation

from reunion.base.accounts.access import (
    actor_at,
    current_posts,
    enrolled_factors,
    idle_of,
    key_demanded,
)
from reunion.base.accounts.actions import see_session
from reunion.base.accounts.models import Account
from reunion.base.accounts.rules import (
    IDLE,
    SEEN_EVERY,
    Factor,
    SessionEnd,
    Standing,
    session_end,
    shown,
    standing,
)
from reunion.base.accounts.sessions import POST, SessionStore
from reunion.base.actor import Actor
from reunion.base.permissions.declare import Reach, declared_of
from reunion.base.units.models import Post
from reunion.base.units.pack import jurisdiction


@dataclass(slots=True)
class Found:
    """What the gate found out about a request.

    Args:
        account: who is signed in, with a password at least.
        standing: how far the sign-in has come; None: nobody is signed in.
        posts: the posts that they hold now.
        factors: the devices that are enrolled.
        ended: why the session that the request came with is over.
    """

    account: Account | None = None
    standing: Standing | None = None
    posts: list[Post] = field(default_factory=list)
    key_demanded: bool = False
    factors: set[str] = field(default_factory=set)
    ended: SessionEnd | None = None


class GatedRequest(HttpRequest):
    """A request that came through the gate."""

    actor: Actor | None
    gate: Found


class Gate:
    """Sets `request.gate` and `request.actor`, and refuses at `process_view`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        gated = cast(GatedRequest, request)
        gated.actor, gated.gate = None, Found()
        at = timezone.now()
        user = request.user
        account = user if isinstance(user, Account) else None
        posts = current_posts(account, at) if account else []
        is_paused = account is not None and account.staff.is_paused(at)
        ended = _end_if_due(request, idle_of(posts) if account else IDLE, at, is_paused=is_paused)
        if ended is not None:
            gated.gate.ended = ended
        elif account is not None:
            _identify(gated, account, posts)
        # Kept in UTC, shown and typed in the zone of the country.
        with timezone.override(jurisdiction().zone):
            return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: object,
        kwargs: object,
    ) -> HttpResponseBase | None:
        """The answer in place of the view; None: the view may answer."""
        declared = declared_of(view)
        if declared is None:
            raise Http404
        if declared.reach in {Reach.PUBLIC, Reach.TOKEN}:  # a token is looked at behind the gate
            return None
        gated = cast(GatedRequest, request)
        match gated.gate.standing:
            case None:
                return _to_sign_in(gated)
            case Standing.ENROLLING:
                return None if declared.while_enrolling else redirect("mfa_index")
            case Standing.PROVING:
                return None if declared.while_proving else to_proof(gated, _after(request))
            case Standing.COMPLETE if gated.actor or declared.reach is Reach.SIGNED_IN:
                return None
        return redirect(f"{reverse('choose_post')}?{_back_to(request)}")


def own_account(request: HttpRequest) -> Account:
    """The account of whoever is signed in; the gate lets nobody else to pages that ask."""
    account = cast(GatedRequest, request).gate.account
    if account is None:
        raise Http404
    return account


def _end_if_due(
    request: HttpRequest, idle: timedelta, at: datetime, *, is_paused: bool
) -> SessionEnd | None:
    """End the session where its time is over or its owner may not work; else note its use."""
    store = cast(SessionStore, request.session)
    row = store.row
    if row is None:
        return None
    ended = session_end(
        started_at=row.started_at,
        last_seen_at=row.last_seen_at,
        idle=idle,
        at=at,
        is_paused=is_paused,
    )
    if ended is not None:
        store.flush()
        request.user = AnonymousUser()
    elif at - row.last_seen_at >= SEEN_EVERY:
        see_session(session=row, at=at)
    return ended


def _identify(request: GatedRequest, account: Account, posts: list[Post]) -> None:
    """Find out how far somebody has come, and as what they act."""
    if account.language in dict(settings.LANGUAGES):
        translation.activate(account.language)
    proved = shown(get_authentication_records(request, account))
    gate = request.gate
    gate.account, gate.posts = account, posts
    gate.key_demanded = key_demanded(account, posts)
    gate.factors = enrolled_factors(account.pk)
    gate.standing = standing(
        key_demanded=gate.key_demanded, enrolled=gate.factors, passed=proved.factors
    )
    post = _chosen(request.session.get(POST), posts)
    if post is not None and gate.standing is Standing.COMPLETE:
        request.actor = actor_at(account, post, proved)


def _chosen(wanted: str | None, posts: list[Post]) -> Post | None:
    """The post of this session, if it is still in force; the only one there is needs no choice."""
    if wanted is None:
        return posts[0] if len(posts) == 1 else None
    return next((post for post in posts if str(post.pk) == wanted), None)


def _to_sign_in(request: GatedRequest) -> HttpResponseBase:
    # A link from another site comes without the cookie (SameSite=Strict), as if nobody were signed
    # in: the page asks for one click, and the same request then comes from our own site.
    is_foreign = request.headers.get("Sec-Fetch-Site") == "cross-site"
    if is_foreign and request.method == "GET":
        return render(request, "accounts/continue.html", {"target": request.get_full_path()})
    query = _back_to(request)
    if request.gate.ended is not None:
        query += "&" + urlencode({"ended": request.gate.ended})
    return redirect(f"{reverse('account_login')}?{query}")


def to_proof(request: GatedRequest, after: str) -> HttpResponseBase:
    """Ask for the second factor, and lead to a page afterwards."""
    has_key = Factor.WEBAUTHN in request.gate.factors
    page = "mfa_reauthenticate_webauthn" if has_key else "mfa_reauthenticate"
    return redirect(f"{reverse(page)}?{urlencode({'next': after})}")


def _back_to(request: HttpRequest) -> str:
    return urlencode({"next": _after(request)})


def _after(request: HttpRequest) -> str:
    """The page to come back to; after a form was sent, the start page."""
    return request.get_full_path() if request.method == "GET" else "/"
