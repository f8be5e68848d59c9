"""The registers: breaches, recipients with what was handed to them, impact assessments."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from reunion.base.actor import Actor
from reunion.base.errors import REFUSED, NotFound
from reunion.base.lists import matching, page_of
from reunion.base.permissions.buttons import buttons
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.rights.access import (
    SEE,
    assessments_for,
    breach_for,
    breaches_for,
    disclosures_for,
    recipients_for,
)
from reunion.base.rights.actions import move_breach, report_breach
from reunion.base.rights.forms import AssessmentForm, BreachForm, EndForm, RecipientForm
from reunion.base.rights.models import Recipient
from reunion.base.rights.registers import end_recipient, enter_recipient, record_assessment
from reunion.base.rights.rules import BREACH
from reunion.base.rights.words import sentence
from reunion.base.units.pack import day_of

ADMINISTER, REPORT = "rights.administer", "rights.report_breach"


@needs(SEE)
@require_GET
def breach_list(request: ActorRequest) -> HttpResponseBase:
    at = timezone.now()
    page = page_of(request, breaches_for(request.actor, at))
    rows = [(one, one.is_late(at)) for one in page]
    return render(request, "rights/breach_list.html", {"rows": rows, "page": page})


@needs(REPORT)
def breach_new(request: ActorRequest) -> HttpResponseBase:
    """For everybody who may have found one; only officers see it afterwards."""
    at = timezone.now()
    form = BreachForm(request.POST or None)
    if form.is_valid():
        try:
            made = report_breach(actor=request.actor, at=at, **form.cleaned_data)
        except REFUSED as error:
            form.add_error(None, str(sentence(error)))
        else:
            messages.success(
                request, _("The breach is recorded, and the data-protection officers are told.")
            )
            return redirect("breach", pk=made.pk) if request.actor.may(SEE) else redirect("home")
    return render(request, "rights/breach_new.html", {"form": form})


@needs(SEE)
@require_GET
def breach(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = breach_for(request.actor, pk, at)
    return render(request, "rights/breach.html", {"breach": found, "late": found.is_late(at)})


@needs(SEE)
@require_GET
def recipient_list(request: ActorRequest) -> HttpResponseBase:
    page = page_of(request, matching(request, recipients_for(request.actor), "name"))
    context = {"page": page, "today": day_of(timezone.now())}
    return render(request, "rights/recipient_list.html", context)


@needs(ADMINISTER)
def recipient_new(request: ActorRequest) -> HttpResponseBase:
    form = RecipientForm(request.POST or None)
    if form.is_valid():
        made = enter_recipient(actor=request.actor, at=timezone.now(), **form.cleaned_data)
        return redirect("recipient", pk=made.pk)
    return render(request, "rights/recipient_new.html", {"form": form})


@needs(SEE)
@require_GET
def recipient(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    found = _recipient(request, pk)
    disclosures = disclosures_for(request.actor, found, timezone.now())
    page = page_of(request, disclosures)
    return render(request, "rights/recipient.html", {"recipient": found, "page": page})


@needs(ADMINISTER)
def recipient_end(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = _recipient(request, pk)
    form = EndForm(request.POST or None, initial={"version": found.version})
    form.fields["until"].initial = day_of(at)
    if form.is_valid():
        try:
            end_recipient(actor=request.actor, recipient_id=pk, at=at, **form.cleaned_data)
            return redirect("recipient", pk=pk)
        except REFUSED as error:
            form.refused(error, sentence)
    return render(request, "rights/recipient_end.html", {"form": form, "recipient": found})


@needs(SEE)
@require_GET
def assessment_list(request: ActorRequest) -> HttpResponseBase:
    page = page_of(request, assessments_for(request.actor))
    context = {"page": page, "today": day_of(timezone.now())}
    return render(request, "rights/assessment_list.html", context)


@needs(ADMINISTER)
def assessment_new(request: ActorRequest) -> HttpResponseBase:
    at = timezone.now()
    form = AssessmentForm(request.POST or None, initial={"decided_on": day_of(at)})
    if form.is_valid():
        try:
            made = record_assessment(actor=request.actor, at=at, **form.cleaned_data)
            return redirect("impactassessment", pk=made.pk)
        except REFUSED as error:
            form.add_error(None, str(sentence(error)))
    return render(request, "rights/assessment_new.html", {"form": form})


@needs(SEE)
@require_GET
def assessment(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    found = assessments_for(request.actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(kind="impactassessment")
    # The form is the template of questions; its labels are the headings of the answers.
    questions = AssessmentForm().fields
    names = ("necessity", "risks", "measures")
    answers = [(questions[name].label, getattr(found, name)) for name in names]
    context = {"assessment": found, "answers": answers}
    return render(request, "rights/assessment.html", context)


def _recipient(request: ActorRequest, pk: UUID) -> Recipient:
    found = recipients_for(request.actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(kind="recipient")
    return found


def _make(actor: Actor, pk: UUID, version: int, move: str, reason: str, at: datetime) -> None:
    move_breach(actor=actor, breach_id=pk, version=version, move=move, reason=reason, at=at)


BUTTONS = buttons(BREACH, "breach", _make, sentence)
