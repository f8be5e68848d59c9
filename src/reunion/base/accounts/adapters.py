"""What django-allauth is told to do otherwise: no sign-up, sealed secrets, audit entries."""

from __future__ import annotations

import base64
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import unstash_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reunion.base.accounts.access import enrolled_factors, moment
from reunion.base.accounts.actions import end_oldest_sessions, note_factor_change, sign_in
from reunion.base.accounts.attempts import note_failure
from reunion.base.accounts.models import Account
from reunion.base.accounts.rules import SESSIONS, SessionEnd, device_kind, shown
from reunion.base.accounts.sessions import DEVICE, STARTED
from reunion.base.actor import is_fresh
from reunion.base.keys.envelope import Place
from reunion.base.keys.vault import open_with, seal_with

_PLACE = Place("mfa.authenticator", "secret", UUID(int=0))
"""allauth seals a secret before its row has an id, so an envelope is bound to the table only."""

_KEY = "factors"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by administrators, and nothing is sent by mail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        """Wrong passwords are counted by django-axes alone: two counts would answer differently."""

    def authenticate(self, request: HttpRequest, **credentials: str) -> AbstractBaseUser | None:
        """A locked account answers like a wrong password, so as not to confirm one."""
        found = super().authenticate(request, **credentials)
        if found is not None and found.is_active:
            return found
        # Looked up whether or not there is one: both answers must take as long.
        tried = Account.objects.filter(login=credentials.get("username", "").lower()).first()
        is_shut = getattr(request, "axes_locked_out", False)
        what = "sign-in to a shut account" if is_shut else "sign-in with a wrong password"
        note_failure(what, tried.pk if tried else None)
        return None

    def validation_error(self, code: str, *args: object) -> ValidationError:
        _note_refused_factor(code)
        return super().validation_error(code, *args)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        now = timezone.now()
        if cast(Account, user).staff.is_paused(now):
            # Both factors were shown, so the reason may be told.
            query = urlencode({"ended": SessionEnd.PAUSED})
            raise ImmediateHttpResponse(redirect(f"{reverse('account_login')}?{query}"))
        super().login(request, user)
        request.session[STARTED] = now.timestamp()
        request.session[DEVICE] = device_kind(request.headers.get("User-Agent", ""))
        factors = shown(get_authentication_records(request, user)).factors
        sign_in(account=cast(Account, user), factors=factors, at=now)
        request.session.save()  # now, so that it counts for whoever else signs in
        if end_oldest_sessions(account=cast(Account, user), at=now):
            most = {"most": SESSIONS}
            said = _("Nobody is signed in at more than %(most)s places: your oldest session ended.")
            messages.warning(request, said % most)

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Not where the sign-in itself was minutes ago, with the second factor if there is one."""
        request = context.request
        found = shown(get_authentication_records(request, request.user))
        has_factor = bool(enrolled_factors(request.user.pk))
        last = found.factor_at if has_factor else found.password_at
        return not is_fresh(moment(last), timezone.now())

    def get_reauthentication_methods(
        self, user: AbstractBaseUser | AnonymousUser
    ) -> list[dict[str, Any]]:  # Any: as allauth has it
        """The password alone does not do where there is a second factor."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"] != "reauthenticate"]
        return sorted(factors, key=lambda method: "webauthn" not in method["id"]) or methods

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,  # Any: as allauth has it
        email: str | None = None,
    ) -> None:
        """Allauth's notices of changed factors become audit entries: there is no mail."""
        act = template_prefix.rsplit("/", 1)[-1]
        note_factor_change(account=cast(Account, user), act=act, at=timezone.now())


class FactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are sealed with a key that lies outside the database."""

    def encrypt(self, text: str) -> str:
        envelope = seal_with(settings.KEYRING, _KEY, text.encode(), _PLACE)
        return base64.b64encode(envelope).decode()

    def decrypt(self, encrypted_text: str) -> str:
        envelope = base64.b64decode(encrypted_text, validate=True)
        return open_with(settings.KEYRING, _KEY, envelope, _PLACE).decode()

    def validation_error(self, code: str, *args: object) -> ValidationError:
        _note_refused_factor(code)
        return super().validation_error(code, *args)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last factor stays: without one, the password alone could enrol another."""
        return bool(enrolled_factors(authenticator.user_id, without=authenticator.pk))

    def build_totp_svg(self, url: str) -> str:
        """The picture without its XML declaration, to stand in the page: no `data:` is allowed."""
        svg = super().build_totp_svg(url)
        # Safe: made by the library of dark squares; the address is not written in it.
        return SafeString(svg[svg.index("<svg") :])


def _note_refused_factor(code: str) -> None:
    """Log that a second factor was refused, by the code of the library's sentence about it."""
    what = {
        "incorrect_code": "second factor refused",
        "too_many_login_attempts": "second factor refused, too many attempts",
    }.get(code)
    if what is not None:
        request = context.request
        login = None if request.user.is_authenticated else unstash_login(request, peek=True)
        user = login.user if login else request.user
        note_failure(what, user.pk if user else None)
