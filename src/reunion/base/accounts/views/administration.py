"""Accounts as administrators see them: open, lock, unlock, give a new code."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reunion.base.accounts.access import (
    NAMES,
    account_for,
    accounts_for,
    enrolled_factors,
    last_recovery_code,
    open_code,
)
from reunion.base.accounts.actions import (
    lock_account,
    open_account,
    replace_password,
    unlock_account,
)
from reunion.base.accounts.forms import NewAccountForm
from reunion.base.accounts.freshness import fresh
from reunion.base.accounts.tables import AccountTable
from reunion.base.accounts.words import sentence
from reunion.base.errors import RuleBroken
from reunion.base.lists import matching
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.permissions.exports import file_of
from reunion.base.units.access import staff_member_for

ADMINISTER = "accounts.administer"


@needs(ADMINISTER)
@require_safe
def account_list(request: ActorRequest) -> HttpResponseBase:
    at = timezone.now()
    accounts = matching(request, accounts_for(request.actor, at), *NAMES)
    empty = _("No accounts yet. Enter somebody under Staff, then open an account for them.")
    table = AccountTable(accounts, request, at, empty_text=empty)
    return file_of(request, table) or render(
        request, "accounts/account_list.html", {"table": table}
    )


@needs(ADMINISTER)
@require_safe
def account(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    return _shown(request, pk)


@needs(ADMINISTER)
@fresh
def account_new(request: ActorRequest, staff: UUID) -> HttpResponseBase:
    at = timezone.now()
    member = staff_member_for(request.actor, staff, at)
    form = NewAccountForm(request.POST or None)
    context = {"form": form, "member": member}
    if not form.is_valid():
        return render(request, "accounts/account_new.html", context)
    try:
        opened, code = open_account(
            actor=request.actor, staff_id=staff, login=form.cleaned_data["login"], at=at
        )
    except RuleBroken as error:
        form.add_error(None, sentence(error))
        return render(request, "accounts/account_new.html", context)
    # Shown in this answer alone: the code is kept nowhere.
    return render(request, "accounts/code.html", {"account": opened, "code": code})


@needs(ADMINISTER)
@require_POST
def lock(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    try:
        lock_account(actor=request.actor, account_id=pk, at=timezone.now())
    except RuleBroken as error:
        return _shown(request, pk, error)
    return redirect("account", pk=pk)


@needs(ADMINISTER)
@require_POST
def unlock(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    try:
        unlock_account(actor=request.actor, account_id=pk, at=timezone.now())
    except RuleBroken as error:
        return _shown(request, pk, error)
    return redirect("account", pk=pk)


@needs(ADMINISTER)
@fresh
def new_code(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = account_for(request.actor, pk, at, needs=ADMINISTER)
    if request.method != "POST":
        return render(request, "accounts/new_code.html", {"account": found})
    try:
        code = replace_password(actor=request.actor, account_id=pk, at=at)
    except RuleBroken as error:
        return _shown(request, pk, error)
    return render(request, "accounts/code.html", {"account": found, "code": code})


def _shown(request: ActorRequest, pk: UUID, error: RuleBroken | None = None) -> HttpResponseBase:
    at = timezone.now()
    found = account_for(request.actor, pk, at, needs=ADMINISTER)
    context = {
        "account": found,
        "factors": sorted(enrolled_factors(found.pk)),
        "recovery_code_used_at": last_recovery_code(found.pk),
        "code": open_code(found, at),
        "sentence": sentence(error) if error else "",
    }
    return render(request, "accounts/account.html", context, status=409 if error else 200)
