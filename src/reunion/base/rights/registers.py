"""Registers: recipients and disclosures, impact assessments, notes of searches."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from reunion.base.actor import Actor
from reunion.base.audit.actions import record
from reunion.base.errors import NotPermitted, PurposeMissing, RuleBroken
from reunion.base.permissions.decide import require, require_over
from reunion.base.records import locked
from reunion.base.rights.access import require_basis
from reunion.base.rights.models import Disclosure, ImpactAssessment, Recipient, SearchNote
from reunion.base.rights.rules import Use, months_after
from reunion.base.units.pack import day_of, jurisdiction


@transaction.atomic
def enter_recipient(
    *,
    actor: Actor,
    name: str,
    categories: str,
    purpose: str,
    article: str,
    since: date,
    at: datetime,
) -> Recipient:
    """Enter a body to which personal data are handed over.

    Args:
        categories: of the data.
        article: on what basis.
    """
    require(actor, "rights.administer")
    made = Recipient.objects.create(
        name=name, categories=categories, purpose=purpose, article=article, since=since
    )
    record(actor=actor, act="enter_recipient", subject=made, at=at)
    return made


@transaction.atomic
def end_recipient(
    *, actor: Actor, recipient_id: UUID, version: int, until: date, at: datetime
) -> Recipient:
    """Say from which day a body is handed no more data.

    Raises:
        RuleBroken: that would be before it began.
    """
    require(actor, "rights.administer")
    recipient = locked(Recipient.objects.all(), recipient_id, version=version)
    if until <= recipient.since:
        raise RuleBroken(rule="recipient_ends_after_it_starts")
    recipient.until = until
    recipient.save_changes("until")
    after = {"until": until.isoformat()}
    record(actor=actor, act="end_recipient", subject=recipient, at=at, after=after)
    return recipient


@transaction.atomic
def disclose(
    *,
    actor: Actor,
    recipient_id: UUID,
    person: UUID,
    region: str,
    use: Use,
    categories: str,
    at: datetime,
) -> Disclosure:
    """Record that a person's data were handed to a recipient, in the act that does so.

    Raises:
        NotPermitted: not in this region.
        NotFound: there is no such recipient.
        RuleBroken: the recipient gets no more data; there is no basis for this use.
    """
    require_over(actor, "rights.disclose", region)
    if actor.staff is None:
        raise NotPermitted(needs="rights.disclose")
    recipient = locked(Recipient.objects.all(), recipient_id)
    today = day_of(at)
    if today < recipient.since or (recipient.until is not None and recipient.until <= today):
        raise RuleBroken(rule="recipient_is_current")
    made = Disclosure.objects.unscoped().create(
        region=region,
        recipient=recipient,
        person=person,
        categories=categories,
        basis=require_basis(person=person, use=use, at=at),
        staff=actor.staff,
        at=at,
    )
    record(actor=actor, act="disclose", subject=made, at=at)
    return made


@transaction.atomic
def record_assessment(
    *,
    actor: Actor,
    activity: str,
    necessity: str,
    risks: str,
    measures: str,
    decided_on: date,
    review_due: date,
    at: datetime,
) -> ImpactAssessment:
    """Record what a use of data means for people, before it begins.

    Raises:
        RuleBroken: it would be looked at again before it was decided.
    """
    require(actor, "rights.administer")
    if actor.staff is None:
        raise NotPermitted(needs="rights.administer")
    if review_due <= decided_on:
        raise RuleBroken(rule="assessment_is_reviewed_later")
    kept = jurisdiction().rights.retention["impact_assessment"]
    made = ImpactAssessment.objects.create(
        activity=activity,
        necessity=necessity,
        risks=risks,
        measures=measures,
        decided_on=decided_on,
        decided_by=actor.staff,
        review_due=review_due,
        kept_until=months_after(decided_on, kept.months),
    )
    record(actor=actor, act="record_assessment", subject=made, at=at)
    return made


@transaction.atomic
def note_search(*, actor: Actor, query: str, target: str, article: str, at: datetime) -> SearchNote:
    """Note a search of one category of people against another; the public sees how many there were.

    The room that searches calls this in the transaction of the search. The purpose and the case
    are those that the actor stated.

    Raises:
        PurposeMissing: no purpose, no case or no legal basis is stated.
    """
    if actor.purpose is None or not actor.case.strip() or not article.strip():
        raise PurposeMissing(needs="search")
    entry = record(
        actor=actor, act="search", subject=None, at=at, after={"query": query, "target": target}
    )
    return SearchNote.objects.create(
        day=day_of(at),
        purpose=actor.purpose,
        query=query,
        target=target,
        article=article,
        case=actor.case,
        entry=entry.uuid,
    )
