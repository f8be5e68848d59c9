"""Everybody's own pages: password, sessions, the post that one acts under."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.views import logout
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reunion.base.accounts.access import actor_at, own_sessions
from reunion.base.accounts.actions import (
    change_password,
    choose_language,
    choose_post,
    end_other_sessions,
    end_session,
    set_first_password,
)
from reunion.base.accounts.attempts import note_failure
from reunion.base.accounts.forms import FirstPasswordForm, NewPasswordForm
from reunion.base.accounts.freshness import fresh
from reunion.base.accounts.middleware import GatedRequest, own_account
from reunion.base.accounts.models import Account
from reunion.base.accounts.rules import SESSIONS, shown
from reunion.base.accounts.sessions import POST, SessionStore
from reunion.base.errors import NotFound
from reunion.base.permissions.declare import public, signed_in


@public()
def first_password(request: HttpRequest) -> HttpResponseBase:
    form = FirstPasswordForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/first_password.html", {"form": form})
    values = form.cleaned_data
    try:
        set_first_password(
            login=values["login"],
            code=values["code"],
            password=values["password"],
            at=timezone.now(),
        )
    except NotFound:
        note_failure("code for a password refused", None)
        form.add_error(
            None, _("This account name and code do not go together, or the code was used.")
        )
        return render(request, "accounts/first_password.html", {"form": form})
    messages.success(request, _("Your password is set. Sign in with it now."))
    return redirect("account_login")


@public()
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Allauth's page; afterwards the browser forgets what it kept of this site."""
    response = cast(HttpResponseBase, logout(request))
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@signed_in()
@fresh
def password(request: HttpRequest) -> HttpResponseBase:
    account = own_account(request)
    form = NewPasswordForm(request.POST or None, login=account.login)
    if not form.is_valid():
        return render(request, "accounts/password.html", {"form": form})
    change_password(
        account=account,
        password=form.cleaned_data["password"],
        session=_session_id(request),
        at=timezone.now(),
    )
    _keep_session(request, account)
    messages.success(request, _("Your password is changed, and your other sessions are over."))
    return redirect("sessions")


@signed_in()
@require_safe
def sessions(request: HttpRequest) -> HttpResponseBase:
    found = own_sessions(own_account(request).pk)
    context = {"sessions": found, "this": _session_id(request), "most": SESSIONS}
    return render(request, "accounts/sessions.html", context)


@signed_in()
@require_POST
def end_one(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    end_session(account=own_account(request), session_id=pk, at=timezone.now())
    return redirect("sessions")


@signed_in()
@require_POST
def end_others(request: HttpRequest) -> HttpResponseBase:
    at = timezone.now()
    end_other_sessions(account=own_account(request), session=_session_id(request), at=at)
    messages.success(request, _("You are signed in here alone."))
    return redirect("sessions")


@signed_in()
def post(request: HttpRequest) -> HttpResponseBase:
    gate = cast(GatedRequest, request).gate
    if request.method != "POST":
        context = {"posts": gate.posts, "next": _next(request)}
        return render(request, "accounts/post.html", context)
    wanted = request.POST.get("post")
    chosen = next((held for held in gate.posts if str(held.pk) == wanted), None)
    if chosen is None:
        raise Http404
    account = own_account(request)
    request.session[POST] = str(chosen.pk)
    request.session.cycle_key()  # a change of what one may do takes a new key
    proved = shown(get_authentication_records(request, account))
    choose_post(actor=actor_at(account, chosen, proved), account=account, at=timezone.now())
    return redirect(_next(request))


@signed_in(while_enrolling=True, while_proving=True)
@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Another language, for this account, wherever it signs in."""
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        choose_language(account=own_account(request), language=wanted, at=timezone.now())
    return redirect(_next(request))


@public()
@require_safe
def sign_in_language(request: HttpRequest) -> HttpResponseBase:
    """Another language, in this browser, until an account is known that has one of its own."""
    response = redirect("account_login")
    wanted = request.GET.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            samesite="Strict",
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
        )
    return response


def _session_id(request: HttpRequest) -> UUID:
    row = cast(SessionStore, request.session).row
    if row is None:  # whoever is signed in has one
        raise Http404
    return row.pk


def _keep_session(request: HttpRequest, account: Account) -> None:
    """Let this one session go on after the password changed, under a new key."""
    account.refresh_from_db()
    update_session_auth_hash(request, account)


def _next(request: HttpRequest) -> str:
    """The page to go on to: of this site, or the start page."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    # `redirect` would take a word without a slash for the name of a view, and fail.
    return wanted if is_ours and wanted.startswith("/") else "/"
