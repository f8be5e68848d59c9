"""The recovery of a lost second factor, as officers see it: ask, agree, refuse."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reunion.base.accounts.access import (
    NAMES,
    account_for,
    recoverable_for,
    recoveries_for,
    recovery_for,
)
from reunion.base.accounts.actions import approve_recovery, refuse_recovery, request_recovery
from reunion.base.accounts.forms import RefusalForm
from reunion.base.accounts.freshness import fresh
from reunion.base.accounts.words import sentence
from reunion.base.errors import REFUSED, RuleBroken
from reunion.base.lists import ROWS, matching, page_of
from reunion.base.permissions.declare import ActorRequest, needs

RECOVER = "accounts.recover"


@needs(RECOVER)
@require_safe
def recovery_list(request: ActorRequest) -> HttpResponseBase:
    at = timezone.now()
    waiting = recoveries_for(request.actor, at)
    context = {
        "recoveries": waiting[:ROWS],
        "more": waiting.count() > ROWS,
        "page": page_of(request, matching(request, recoverable_for(request.actor, at), *NAMES)),
    }
    return render(request, "accounts/recovery_list.html", context)


@needs(RECOVER)
def recovery_new(request: ActorRequest, account: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = account_for(request.actor, account, at, needs=RECOVER)
    context: dict[str, object] = {"account": found}
    if request.method != "POST":
        return render(request, "accounts/recovery_new.html", context)
    try:
        recovery = request_recovery(actor=request.actor, account_id=account, at=at)
    except RuleBroken as error:
        context["sentence"] = sentence(error)
        return render(request, "accounts/recovery_new.html", context, status=409)
    return redirect("recovery", pk=recovery.pk)


@needs(RECOVER)
@fresh
def recovery(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The page of one recovery; sending its form says that one saw the owner in person."""
    at = timezone.now()
    found = recovery_for(request.actor, pk, at)
    context: dict[str, object] = {"recovery": found, "form": RefusalForm()}
    if request.method != "POST":
        return render(request, "accounts/recovery.html", context)
    try:
        found, code = approve_recovery(actor=request.actor, recovery_id=pk, at=at)
    except REFUSED as error:
        context["sentence"] = sentence(error)
        return render(request, "accounts/recovery.html", context, status=409)
    if code:
        return render(request, "accounts/code.html", {"account": found.account, "code": code})
    return redirect("recovery_list")


@needs(RECOVER)
@fresh
def recovery_refuse(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = recovery_for(request.actor, pk, at)
    form = RefusalForm(request.POST or None)
    context = {"recovery": found, "form": form}
    if not form.is_valid():
        return render(request, "accounts/recovery.html", context)
    reason = form.cleaned_data["reason"]
    refuse_recovery(actor=request.actor, recovery_id=pk, reason=reason, at=at)
    return redirect("recovery_list")
