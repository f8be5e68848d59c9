"""For programs: how far jobs are."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from pydantic import BaseModel

from reunion.base.exchange import Listed, Paging, listed, reads
from reunion.base.jobs.access import job_for, jobs_for
from reunion.base.jobs.models import Job
from reunion.base.jobs.rules import SEE, JobState
from reunion.base.permissions.declare import ActorRequest

router = Router(tags=["jobs"])


class JobOut(BaseModel):
    """A piece of long work; `total` is missing where the whole is not known."""

    id: UUID
    kind: str
    state: JobState
    done: int
    total: int | None
    fault: str
    queued_at: datetime
    ended_at: datetime | None


class JobPage(Paging):
    """Which jobs: those in a state."""

    state: JobState | None = None


@reads(
    router,
    "",
    says=_("Long work that the holder of the post asked for"),
    name="api_jobs",
    needs=SEE,
    gives=Listed[JobOut],
)
def job_list(request: ActorRequest, page: Query[JobPage]) -> Listed[JobOut]:
    found = jobs_for(request.actor)
    if page.state is not None:
        found = found.filter(state=page.state)
    return listed(request, found, page, _job)


@reads(
    router, "/{uuid:pk}", says=_("One piece of long work"), name="api_job", needs=SEE, gives=JobOut
)
def job(request: ActorRequest, pk: UUID) -> JobOut:
    return _job(job_for(request.actor, pk))


def _job(job: Job) -> JobOut:
    return JobOut(
        id=job.pk,
        kind=job.kind,
        state=JobState(job.state),
        done=job.done,
        total=job.total,
        fault=job.fault,
        queued_at=job.queued_at,
        ended_at=job.ended_at,
    )
