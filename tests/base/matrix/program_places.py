"""Records for the addresses of programs, and for the pages of tokens and webhooks.

A program finds what its post finds on a page: so the builders are those of the pages.
"""

from __future__ import annotations

from reunion.base.actor import Purpose
from reunion.base.assignments.rules import ASSIGNMENT
from reunion.base.jobs.models import Job
from reunion.base.tokens.models import ApiToken
from reunion.base.units.models import Post, Staff
from reunion.base.webhooks.models import Subscription
from tests.base.matrix.where import Place, Relation, Where, place
from tests.base.places import (
    a_notice,
    a_post,
    a_staff_member,
    a_unit,
    an_assignment,
    an_assignment_to_move,
)
from tests.cast import TODAY

place("api_unit")(a_unit)
place("api_staff_member")(a_staff_member)
place("api_assignment")(an_assignment)
place("api_assignment_report", *(
    f"api_assignment_{move.name}" for move in ASSIGNMENT.moves if not move.page
))(an_assignment_to_move)  # fmt: skip
place("api_notice_read")(a_notice)
place("token_grant")(a_post)


@place("api_job", own=True)
def a_job_of_ones_own(where: Where) -> Place:
    asked_by = where.actor.staff if where.relation is Relation.OWN else None
    job = Job.objects.create(kind="synthetic", queue="none", asked_by=asked_by, queued_at=where.at)
    return where.of(job.pk, Relation.OWN)


def _token(post: Post, where: Where) -> ApiToken:
    return ApiToken.objects.unscoped().create(
        post=post,
        region=post.region,
        label="Synthetic program",
        purpose=Purpose.INSPECTION,
        issued_by=post.staff_id,
        issued_at=where.at,
        days=1,
    )


def _post(where: Where) -> Post:
    staff = Staff.objects.unscoped().create(name="Synthetic Person", region=where.region)
    return Post.objects.unscoped().create(
        unit=where.unit,
        staff=staff,
        role="inspector",
        region=where.region,
        valid_from=TODAY,
    )


@place("token_fetch", "token_revoke", own=True)
def a_token_of_ones_own(where: Where) -> Place:
    is_own = where.relation is Relation.OWN
    own = Post.objects.unscoped().filter(staff=where.account.staff)
    token = _token(own[0] if is_own else _post(where), where)
    return where.of(token.pk, Relation.OWN)


@place("token_stop")
def a_token_of_somebody(where: Where) -> Place:
    return where.scoped(_token(_post(where), where), by_name=())


def _webhook(where: Where) -> Subscription:
    return Subscription.objects.unscoped().create(
        unit=where.unit,
        region=where.region,
        label="Synthetic program",
        url="https://synthetic.example/",
        events=["assignment.issued"],
        secret=b"",
        made_by=where.unit.pk,
        made_at=where.at,
    )


@place("webhook")
def a_webhook(where: Where) -> Place:
    return where.scoped(_webhook(where))


@place("webhook_end")
def a_webhook_to_end(where: Where) -> Place:
    return where.scoped(_webhook(where), by_name=())
