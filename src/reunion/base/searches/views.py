"""What the lists send about saved searches; they are shown on the list itself."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reunion.base.accounts.middleware import own_account
from reunion.base.errors import REFUSED
from reunion.base.permissions.declare import signed_in
from reunion.base.searches.actions import forget_search, save_search
from reunion.base.searches.forms import SearchForm
from reunion.base.searches.words import sentence


@signed_in()
@require_POST
def search_save(request: HttpRequest) -> HttpResponseBase:
    form = SearchForm(request.POST)
    if form.is_valid():
        try:
            save_search(account=own_account(request), at=timezone.now(), **form.cleaned_data)
        except REFUSED as error:
            messages.error(request, str(sentence(error)))
    else:
        messages.error(request, _("Give the search a name of at most 60 characters."))
    return _back(request)


@signed_in()
@require_POST
def search_forget(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    forget_search(account=own_account(request), search_id=pk, at=timezone.now())
    return _back(request)


def _back(request: HttpRequest) -> HttpResponseBase:
    """To the list, which says where it stands; never to another site."""
    address = request.POST.get("address", "")
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return redirect(address if is_ours and address.startswith("/") else "home")
