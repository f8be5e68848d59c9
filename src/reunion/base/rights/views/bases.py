"""Legal bases of one person's data: consents and duties, and the withdrawal of consents."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from reunion.base.errors import REFUSED
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.rights.access import RECORD, bases_of
from reunion.base.rights.actions import record_basis, withdraw_basis
from reunion.base.rights.forms import BasisForm, PersonForm
from reunion.base.rights.rules import CONSENTS, Basis, Use
from reunion.base.rights.words import BASES, USES, sentence


@needs(RECORD)
@require_GET
def person_find(request: ActorRequest) -> HttpResponseBase:
    """`?person=` leads to the bases of that person's data."""
    form = PersonForm(request.GET or None)
    if form.is_valid():
        return redirect("basis_list", person=form.cleaned_data["person"])
    return render(request, "rights/person_find.html", {"form": form})


@needs(RECORD)
@require_GET
def basis_list(request: ActorRequest, person: UUID) -> HttpResponseBase:
    rows = [
        (
            one,
            USES[Use(one.use)],
            BASES[Basis(one.basis)],
            one.basis in CONSENTS and one.withdrawn_at is None,
        )
        for one in bases_of(request.actor, person, timezone.now())
    ]
    return render(request, "rights/basis_list.html", {"rows": rows, "person": person})


@needs(RECORD)
def basis_new(request: ActorRequest, person: UUID) -> HttpResponseBase:
    form = BasisForm(request.POST or None)
    if form.is_valid():
        try:
            record_basis(actor=request.actor, person=person, at=timezone.now(), **form.cleaned_data)
            return redirect("basis_list", person=person)
        except REFUSED as error:
            form.add_error(None, str(sentence(error)))
    return render(request, "rights/basis_new.html", {"form": form, "person": person})


@needs(RECORD)
@require_POST
def basis_withdraw(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    try:
        basis = withdraw_basis(actor=request.actor, basis_id=pk, at=timezone.now())
    except REFUSED as error:
        messages.error(request, str(sentence(error)))
        return redirect("basis_find")
    return redirect("basis_list", person=basis.person)
