"""The pages of tokens: everybody's own, and the register of a region."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reunion.base.accounts.freshness import fresh
from reunion.base.accounts.middleware import GatedRequest, own_account
from reunion.base.actor import Purpose
from reunion.base.errors import REFUSED, NotFound
from reunion.base.lists import page_of
from reunion.base.permissions.declare import ActorRequest, needs, signed_in
from reunion.base.tokens.access import ADMINISTER, own_tokens, tokens_for
from reunion.base.tokens.actions import (
    fetch_token,
    grant_token,
    issue_token,
    revoke_own,
    revoke_token,
)
from reunion.base.tokens.forms import TokenForm
from reunion.base.tokens.models import ApiToken
from reunion.base.tokens.words import PURPOSES, sentence
from reunion.base.units.access import post_for

# One's own.


@signed_in()
@require_safe
def token_list(request: HttpRequest) -> HttpResponseBase:
    page = page_of(request, own_tokens(own_account(request).staff_id))
    return render(request, "tokens/token_list.html", {"page": page, "rows": _rows(page)})


@signed_in()
@fresh
def token_new(request: HttpRequest) -> HttpResponseBase:
    """A token for one of one's own posts; it is shown in the answer, and never again."""
    form = TokenForm(request.POST or None, posts=cast(GatedRequest, request).gate.posts)
    if form.is_valid():
        try:
            token, text = issue_token(
                account=own_account(request),
                post_id=UUID(form.cleaned_data["post"]),
                wish=form.wish(),
                at=timezone.now(),
            )
            return render(request, "tokens/token_shown.html", {"token": token, "text": text})
        except REFUSED as error:
            form.add_error(None, str(sentence(error)))
    return render(request, "tokens/token_new.html", {"form": form})


@signed_in()
@fresh
def token_fetch(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Fetch a token that an administrator granted; it is shown in the answer, and never again."""
    account = own_account(request)
    token = own_tokens(account.staff_id).filter(pk=pk).first()
    if token is None:
        raise NotFound(kind="token")
    if request.method != "POST":
        page = {"token": token, "purpose": PURPOSES[Purpose(token.purpose)]}
        return render(request, "tokens/token_fetch.html", page)
    try:
        text = fetch_token(account=account, token_id=pk, at=timezone.now())
    except REFUSED as error:
        messages.error(request, str(sentence(error)))
        return redirect("token_list")
    return render(request, "tokens/token_shown.html", {"token": token, "text": text})


@signed_in()
@require_POST
def token_revoke(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    revoke_own(account=own_account(request), token_id=pk, at=timezone.now())
    messages.success(request, _("The token is revoked. No program gets in with it any more."))
    return redirect("token_list")


# Of the region.


@needs(ADMINISTER)
@require_safe
def token_register(request: ActorRequest) -> HttpResponseBase:
    page = page_of(request, tokens_for(request.actor, timezone.now()))
    return render(request, "tokens/token_register.html", {"page": page, "rows": _rows(page)})


@needs(ADMINISTER)
def token_grant(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """A token for somebody's post; the holder of the post fetches it, and nobody else sees it."""
    at = timezone.now()
    post = post_for(request.actor, pk, at)
    form = TokenForm(request.POST or None, posts=[post])
    if form.is_valid():
        try:
            grant_token(actor=request.actor, post_id=pk, wish=form.wish(), at=at)
            messages.success(request, _("The token is granted. Its holder fetches it."))
            return redirect("token_register")
        except REFUSED as error:
            form.add_error(None, str(sentence(error)))
    return render(request, "tokens/token_new.html", {"form": form, "post": post})


@needs(ADMINISTER)
@require_POST
def token_stop(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    revoke_token(actor=request.actor, token_id=pk, at=timezone.now())
    messages.success(request, _("The token is revoked. No program gets in with it any more."))
    return redirect("token_register")


def _rows(page: Page[ApiToken]) -> list[tuple[ApiToken, Promise, bool]]:
    """Each token with its purpose in words, and whether it is good for anything now."""
    at = timezone.now()
    return [(token, PURPOSES[Purpose(token.purpose)], token.is_open(at)) for token in page]
