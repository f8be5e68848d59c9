"""More records for the access matrix: of rights, emergencies and attachments.

All people, agencies, files and texts are synthetic.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

from PIL import Image

from reunion.base.actor import Actor, Purpose
from reunion.base.approvals.actions import propose
from reunion.base.attachments.actions import attach
from reunion.base.emergency.models import BreakGlass
from reunion.base.exports.models import LargeExport
from reunion.base.jobs.models import Job
from reunion.base.permissions.rules import covers
from reunion.base.rights.models import (
    Breach,
    ImpactAssessment,
    LegalBasis,
    Recipient,
    RetentionClock,
    RightsRequest,
)
from reunion.base.rights.rules import Basis, RequestKind, Use
from reunion.base.rights.views import registers, requests, retention
from reunion.base.searches.models import SavedSearch
from reunion.demo.models import PracticeCase
from tests.base.matrix.where import Place, Relation, Where, holding, place
from tests.base.two_people import fresh, holding_everything, record_at
from tests.cast import TODAY, acting

LOOK = ("GET", "HEAD")
"""What a grant by name opens where the act itself is for those of the region."""

# Requests about one's data, retention, breaches: where they came in.


def _request(where: Where) -> RightsRequest:
    return RightsRequest.objects.unscoped().create(
        region=where.region, kind=RequestKind.SEE, received=TODAY, due=TODAY + timedelta(15)
    )


@place("rightsrequest", "rightsrequest_show_identity")
def a_rights_request(where: Where) -> Place:
    return where.scoped(_request(where), also=holding("rights.see"))


@place("rightsrequest_extend")
def a_rights_request_to_extend(where: Where) -> Place:
    return where.scoped(_request(where), by_name=LOOK, also=holding("rights.see"))


@place(*(f"rightsrequest_{move}" for move in requests.BUTTONS))
def a_rights_request_to_move(where: Where) -> Place:
    return where.scoped(_request(where), by_name=())


def _clock(where: Where) -> RetentionClock:
    return RetentionClock.objects.unscoped().create(
        region=where.region,
        kind="units.unit",
        subject=record_at(where.region).pk,
        retention="impact_assessment",
        starts=TODAY,
        due=TODAY,
    )


@place("retentionclock")
def a_clock(where: Where) -> Place:
    return where.scoped(_clock(where), also=holding("rights.see"))


@place("destruction_propose")
def a_clock_that_has_run_out(where: Where) -> Place:
    def covers_it(actor: Actor, method: str) -> bool:
        """Nobody proposes for another region, whatever was opened to them."""
        may = actor.may("rights.see")
        return may and (method in LOOK or covers(actor.region, where.region))

    return where.scoped(_clock(where), by_name=LOOK, also=covers_it)


@place(*(f"retentionclock_{move}" for move in retention.BUTTONS))
def a_clock_to_move(where: Where) -> Place:
    return where.scoped(_clock(where), by_name=())


def _breach(where: Where) -> Breach:
    return Breach.objects.unscoped().create(
        region=where.region,
        what="Synthetic: a letter was lost.",
        found_at=where.at,
        notify_by=where.at + timedelta(hours=72),
    )


@place("breach")
def a_breach(where: Where) -> Place:
    return where.scoped(_breach(where), also=holding("rights.see"))


@place(*(f"breach_{move}" for move in registers.BUTTONS))
def a_breach_to_move(where: Where) -> Place:
    return where.scoped(_breach(where), by_name=())


@place("basis_withdraw")
def a_basis(where: Where) -> Place:
    person = uuid4()
    basis = LegalBasis.objects.unscoped().create(
        region=where.region,
        person=person,
        use=Use.CONTACT,
        basis=Basis.CONSENT,
        text_version="synthetic",
        given_by=person,
        witness=uuid4(),
        given_at=where.at,
    )
    return where.scoped(basis, by_name=())


@place("basis_list", "basis_new")
def a_person_of_whom_nothing_is_known(where: Where) -> Place:
    """The page is the same for every id: it shows those bases alone that the actor may see."""
    return Place({"person": uuid4()}, lambda actor, method: True)


# Registers that name bodies, not people: the same everywhere.


@place("recipient", "recipient_end")
def a_recipient(where: Where) -> Place:
    recipient = Recipient.objects.create(
        name="Synthetic institute", categories="counts", purpose="study", article="1", since=TODAY
    )
    where.opened(recipient)
    return where.of(recipient.pk, *Relation, also=holding("rights.see"))


@place("impactassessment")
def an_assessment(where: Where) -> Place:
    assessment = ImpactAssessment.objects.create(
        activity="Synthetic",
        necessity="x",
        risks="x",
        measures="x",
        decided_on=TODAY,
        decided_by=uuid4(),
        review_due=TODAY + timedelta(9),
        kept_until=TODAY + timedelta(9),
    )
    where.opened(assessment)
    return where.of(assessment.pk, *Relation)


# Emergencies: an opening is where the one who opened works.


@place("breakglass", "breakglass_review")
def an_opening(where: Where) -> Place:
    opened = BreakGlass.objects.unscoped().create(
        region=where.region,
        staff=uuid4(),
        unit=uuid4(),
        kind="units.unit",
        subject=uuid4(),
        case="S-1",
        reason="Synthetic",
        opened_at=where.at,
        ends_at=where.at + timedelta(hours=1),
        review_due=where.at + timedelta(hours=72),
    )
    return where.scoped(opened, also=holding("emergency.see"))


# Attachments: where their record is; here the records are units (see asking.site).


@place("attachment", "attachment_file", "attachment_original", "attachment_destroy")
def an_attachment(where: Where) -> Place:
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    unit = record_at(where.region)
    added = attach(
        actor=acting("case_leader", where.region, "attachments.add"),
        owner=unit,
        subject=uuid4(),
        data=out.getvalue(),
        at=where.at,
    )
    return where.scoped(unit, also=holding("units.see"), pk=added.pk)


# The audit trail: the record of an entry is where it is. Jobs: one's own, or of whoever keeps them.


@place("audited_record")
def a_record_with_a_trail(where: Where) -> Place:
    unit = record_at(where.region)
    return where.scoped(unit, kind="units.unit", pk=unit.pk)


@place("job", own=True)
def a_job(where: Where) -> Place:
    return _job_in(where, "running")


@place("job_cancel", own=True)
def a_job_to_cancel(where: Where) -> Place:
    return _job_in(where, "running")


@place("job_retry", own=True)
def a_job_to_retry(where: Where) -> Place:
    return _job_in(where, "failed")


def _job_in(where: Where, state: str) -> Place:
    is_own = where.relation is Relation.OWN
    job = Job.objects.create(
        kind="synthetic",
        queue="synthetic",
        state=state,
        queued_at=where.at,
        asked_by=where.actor.staff if is_own else uuid4(),
    )
    where.opened(job)

    def reached(actor: Actor, method: str) -> bool:
        return is_own or actor.may("jobs.administer")

    return Place({"pk": job.pk}, reached)


# Saved searches: one's own. Large exports: where the asker's post is; the asker alone takes one.


@place("search_forget", own=True)
def a_saved_search(where: Where) -> Place:
    is_own = where.relation is Relation.OWN
    row = SavedSearch.objects.create(
        staff=where.account.staff_id if is_own else uuid4(),
        page="/synthetic/",
        sealed=b"",
        saved_at=where.at,
    )
    return where.of(row.pk, Relation.OWN)


def _export(where: Where, asker: Actor) -> LargeExport:
    assert asker.staff is not None
    export = LargeExport.objects.unscoped().create(
        region=where.region,
        staff=asker.staff,
        file="units",
        title="Synthetic units",
        page="/units/",
        columns=[["code", "Code"]],
        rows=501,
        purpose=Purpose.STATISTICS,
        asked_at=where.at,
    )
    shown = export.facts
    propose(actor=asker, act="export_bulk", subject=export, shown=shown, reason="x", at=where.at)
    return export


@place("largeexport")
def a_large_export(where: Where) -> Place:
    asker = fresh(holding_everything(where.region), where.at)
    return where.scoped(_export(where, asker))


@place("largeexport_take", own=True)
def a_large_export_to_take(where: Where) -> Place:
    asker = fresh(holding_everything(where.region), where.at)
    return where.scoped(_export(where, replace(asker, staff=where.actor.staff)))


# The demonstration.


@place("practicecase")
def a_practice_case(where: Where) -> Place:
    case = PracticeCase.objects.unscoped().create(
        number=uuid4().hex, title="Synthetic case", region=where.region
    )
    return where.scoped(case)
