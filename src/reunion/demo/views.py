"""The pages about practice cases."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reunion.base.attachments import access as attachments
from reunion.base.lists import page_of
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.demo.access import SEE, one_elsewhere, practice_case_for, practice_cases_for


@needs(SEE)
@require_safe
def practice_case_list(request: ActorRequest) -> HttpResponseBase:
    at = timezone.now()
    found = practice_cases_for(request.actor, at)
    opens = request.actor.may("emergency.open")
    elsewhere = one_elsewhere(request.actor, at) if opens else None
    context = {"page": page_of(request, found), "elsewhere": elsewhere}
    return render(request, "demo/practicecase_list.html", context)


@needs(SEE)
@require_safe
def practice_case(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    found = practice_case_for(request.actor, pk, timezone.now())
    sees_files = request.actor.may(attachments.SEE)
    files = attachments.attachments_of(request.actor, found) if sees_files else None
    return render(request, "demo/practicecase.html", {"case": found, "attachments": files})
