"""The pages about long work: how far it is, and stopping it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reunion.base.jobs.access import job_for, jobs_for
from reunion.base.jobs.actions import cancel, retry
from reunion.base.jobs.rules import SEE
from reunion.base.jobs.tables import JobTable, work_words
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.permissions.exports import file_of


@needs(SEE)
@require_GET
def job_list(request: ActorRequest) -> HttpResponseBase:
    empty = _("Nothing runs in the background for you. Long work that you ask for is shown here.")
    table = JobTable(jobs_for(request.actor), request, timezone.now(), empty_text=empty)
    return file_of(request, table) or render(request, "jobs/job_list.html", {"table": table})


@needs(SEE)
@require_GET
def job(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    found = job_for(request.actor, pk)
    return render(request, "jobs/job.html", {"job": found, "words": work_words(found.kind)})


@needs(SEE)
@require_POST
def job_cancel(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    cancel(actor=request.actor, job_id=pk, at=timezone.now())
    return redirect("job", pk=pk)


@needs(SEE)
@require_POST
def job_retry(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    retry(actor=request.actor, job_id=pk, at=timezone.now())
    return redirect("job", pk=pk)
