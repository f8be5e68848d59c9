"""The page of an attachment, and its files, which are given as downloads only."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from reunion.base.attachments.access import SEE, attachment_for
from reunion.base.attachments.actions import (
    OPEN_ORIGINAL,
    destroy_original,
    open_attachment,
    open_original,
)
from reunion.base.attachments.forms import PurposeForm
from reunion.base.attachments.rules import Kind, Note
from reunion.base.attachments.words import KINDS, NOTES, sentence
from reunion.base.audit.forms import MoveForm
from reunion.base.errors import RuleBroken
from reunion.base.permissions.declare import ActorRequest, needs

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Of every file: a browser that shows it in spite of all runs nothing in it and keeps nothing."""


@needs(SEE)
@require_GET
def attachment(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    found = attachment_for(request.actor, pk, timezone.now())
    page = {
        "attachment": found,
        "source": KINDS[Kind(found.source)],
        "kind": KINDS[Kind(found.kind)],
        "notes": [NOTES[Note(note)] for note in found.notes],
        "form": PurposeForm() if found.original and request.actor.may(OPEN_ORIGINAL) else None,
    }
    return render(request, "attachments/attachment.html", page)


@needs(SEE)
@require_GET
def attachment_file(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The clean file."""
    at = timezone.now()
    found = attachment_for(request.actor, pk, at)
    data = open_attachment(actor=request.actor, attachment=found, at=at)
    return _download(data, found.download_name)


@needs(OPEN_ORIGINAL, purpose=True)
@require_POST
def attachment_original(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The file as it was handed in; its name says nothing of what it is."""
    at = timezone.now()
    found = attachment_for(request.actor, pk, at)
    data = open_original(actor=request.actor, attachment=found, at=at)
    return _download(data, f"original-{found.pk.hex[:8]}.bin")


@needs("attachments.destroy_original")
@require_POST
def attachment_destroy(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    at = timezone.now()
    found = attachment_for(request.actor, pk, at)
    form = MoveForm(request.POST)
    if form.is_valid():
        try:
            destroy_original(
                actor=request.actor, attachment_id=found.pk, at=at, **form.cleaned_data
            )
        except RuleBroken as error:
            messages.error(request, str(sentence(error)))
    return redirect("attachment", pk=pk)


def _download(data: bytes, name: str) -> HttpResponse:
    """A file for the disk: the type says nothing, so that no program is chosen by it."""
    response = HttpResponse(data, content_type="application/octet-stream", headers=HEADERS)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
