"""One's own second factors, as far as the library's pages do not do it: the last one stays."""

from __future__ import annotations

from typing import cast

from allauth.mfa.webauthn.views import remove_webauthn
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from reunion.base.accounts.access import enrolled_factors
from reunion.base.accounts.middleware import GatedRequest, own_account
from reunion.base.permissions.declare import signed_in


@signed_in()
def remove_key(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Allauth removes any key; the last factor stays, and the last key where keys are demanded."""
    gate = cast(GatedRequest, request).gate
    left = enrolled_factors(own_account(request).pk, without=pk)
    if not left or (gate.key_demanded and "webauthn" not in left):
        messages.error(request, _("This is your last one. Add another key first."))
        return redirect("mfa_list_webauthn")
    return remove_webauthn(request, pk=pk)
