"""Legal bases, retention clocks, requests about one's data, recipients, breaches, assessments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q

from reunion.base.actor import CASE_LENGTH, Actor, Purpose
from reunion.base.audit.rules import Canonical
from reunion.base.permissions.models import ScopedManager
from reunion.base.records import Placed, Record, one_of
from reunion.base.rights.rules import (
    BREACH,
    CLOCK,
    CONSENTS,
    ONLY_BY_CONSENT,
    OPEN_REQUESTS,
    REQUEST,
    Basis,
    BreachState,
    ClockState,
    RequestKind,
    RequestState,
    Use,
)
from reunion.base.transitions import Machine


class BasisManager(ScopedManager["LegalBasis"]):
    """Legal bases, by whoever asks."""

    def in_force(self, person: UUID, use: Use, at: datetime) -> models.QuerySet[LegalBasis]:
        """The bases on which a person's data may be used in this way at a moment.

        Whoever withdraws a consent withdraws all that they gave for the use before, also where it
        was recorded twice.
        """
        given = self.unscoped().filter(person=person, use=use, given_at__lte=at)
        withdrawn = self.unscoped().filter(
            person=person,
            use=use,
            basis=OuterRef("basis"),
            given_by=OuterRef("given_by"),
            withdrawn_at__gte=OuterRef("given_at"),
            withdrawn_at__lte=at,
        )
        return given.exclude(Exists(withdrawn))


class LegalBasis(Placed):
    """Why a person's data may be used in one way: their consent, or a duty by law."""

    person = models.UUIDField(db_index=True)
    use = models.CharField(max_length=30)
    basis = models.CharField(max_length=30)
    article = models.CharField(max_length=120, blank=True)  # of a duty: the law that sets it
    text_version = models.CharField(max_length=40, blank=True)  # of a consent: what was explained
    given_by = models.UUIDField(null=True)  # the person, or their guardian
    witness = models.UUIDField(null=True)  # the staff member who explained it
    interpreter = models.UUIDField(null=True)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = BasisManager()

    class Meta:
        verbose_name = "legal basis"
        constraints = (
            one_of("use", Use, name="legal_basis_use"),
            one_of("basis", Basis, name="legal_basis_kind"),
            models.CheckConstraint(
                condition=~Q(basis__in=sorted(CONSENTS))
                | (Q(given_by__isnull=False, witness__isnull=False) & ~Q(text_version="")),
                name="consent_is_given_and_witnessed",
            ),
            models.CheckConstraint(
                condition=~Q(basis=Basis.LEGAL_DUTY) | ~Q(article=""),
                name="legal_duty_names_its_article",
            ),
            models.CheckConstraint(
                condition=~Q(basis=Basis.CONSENT) | Q(given_by=F("person")),
                name="consent_is_ones_own",
            ),
            models.CheckConstraint(
                condition=~Q(basis=Basis.GUARDIAN_CONSENT) | ~Q(given_by=F("person")),
                name="guardian_is_another_person",
            ),
            models.CheckConstraint(
                condition=~Q(use__in=sorted(ONLY_BY_CONSENT)) | Q(basis__in=sorted(CONSENTS)),
                name="use_only_by_consent",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | (Q(basis__in=sorted(CONSENTS)) & Q(withdrawn_at__gte=F("given_at"))),
                name="only_a_consent_is_withdrawn",
            ),
        )


class ClockManager(ScopedManager["RetentionClock"]):
    """Retention clocks, by whoever asks."""

    def due(self, day: date) -> models.QuerySet[RetentionClock]:
        """Those that have run out on a day."""
        return self.unscoped().filter(state=ClockState.TICKING, due__lt=day)


class RetentionClock(Placed):
    """Until when a record is kept. When it has run out, two people destroy the record."""

    machine: ClassVar[Machine[Any]] = CLOCK

    kind = models.CharField(max_length=80)
    subject = models.UUIDField()
    retention = models.CharField(max_length=60)  # class of the pack
    starts = models.DateField()
    due = models.DateField(db_index=True)
    state = models.CharField(max_length=20, default=ClockState.TICKING)

    objects = ClockManager()

    class Meta:
        constraints = (
            one_of("state", ClockState, name="retention_clock_state"),
            models.UniqueConstraint(
                fields=["kind", "subject", "retention"],
                condition=~Q(state=ClockState.DESTROYED),
                name="one_clock_of_a_class",
            ),
        )

    def may_move(self, actor: Actor, move: str) -> bool:
        """Whoever holds the permission may, within the region."""
        return actor.staff is not None

    @property
    def facts(self) -> Canonical:
        """What both people see who agree to the destruction of its record."""
        return {"clock": str(self.pk), "class": self.retention, "due": self.due.isoformat()}


class RequestManager(ScopedManager["RightsRequest"]):
    """Requests, by whoever asks."""

    def overdue(self, day: date) -> models.QuerySet[RightsRequest]:
        """Those that should have been answered before a day."""
        return self.unscoped().filter(state__in=OPEN_REQUESTS, due__lt=day)


class RightsRequest(Placed):
    """Somebody asks to see, correct, restrict or delete their data, or for a person's judgement.

    What they wrote lies sealed in the inbox; here stand the clock and the answer's reason.
    """

    machine: ClassVar[Machine[Any]] = REQUEST

    kind = models.CharField(max_length=20)
    person = models.UUIDField(null=True, db_index=True)
    item = models.UUIDField(null=True)  # of the inbox
    state = models.CharField(max_length=20, default=RequestState.RECEIVED)
    received = models.DateField()
    due = models.DateField(db_index=True)
    extended = models.BooleanField(default=False)
    extension_reason = models.TextField(blank=True)
    handler = models.UUIDField(null=True)

    objects = RequestManager()

    class Meta:
        verbose_name = "rights request"
        constraints = (
            one_of("kind", RequestKind, name="rights_request_kind"),
            one_of("state", RequestState, name="rights_request_state"),
            models.CheckConstraint(condition=Q(due__gte=F("received")), name="rights_request_due"),
            models.CheckConstraint(
                condition=Q(state__in=["received", "withdrawn"]) | Q(person__isnull=False),
                name="rights_request_is_about_a_person",
            ),
        )

    def may_move(self, actor: Actor, move: str) -> bool:
        """Whoever holds the permission may, within the region."""
        return actor.staff is not None

    def is_overdue(self, day: date) -> bool:
        """Whether it should have been answered before a day."""
        return self.state in OPEN_REQUESTS and self.due < day


class Recipient(Record):
    """An agency or body outside the system that is given personal data, and on what basis."""

    name = models.CharField(max_length=200)
    categories = models.CharField(max_length=300)  # of data
    purpose = models.CharField(max_length=300)
    article = models.CharField(max_length=120)
    since = models.DateField()
    until = models.DateField(null=True)


class Disclosure(Placed):
    """One handing over of a person's data to a recipient. The table is append-only."""

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="disclosures")
    person = models.UUIDField(db_index=True)
    categories = models.CharField(max_length=300)
    basis = models.ForeignKey(LegalBasis, null=True, on_delete=models.PROTECT, related_name="+")
    staff = models.UUIDField()
    at = models.DateTimeField()

    objects = ScopedManager["Disclosure"]()


class BreachManager(ScopedManager["Breach"]):
    """Breaches, by whoever asks."""

    def not_told(self, at: datetime) -> models.QuerySet[Breach]:
        """Those of which nobody concerned was told in time."""
        return self.unscoped().filter(notified_at__isnull=True, notify_by__lt=at)


class Breach(Placed):
    """Personal data were lost, changed or seen by somebody who may not."""

    machine: ClassVar[Machine[Any]] = BREACH

    what = models.TextField()
    persons_at_most = models.PositiveIntegerField(null=True)
    found_at = models.DateTimeField()
    notify_by = models.DateTimeField()
    notified_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, default=BreachState.FOUND)

    objects = BreachManager()

    class Meta:
        verbose_name_plural = "breaches"
        constraints = (
            one_of("state", BreachState, name="breach_state"),
            models.CheckConstraint(
                condition=~Q(state__in=["notified", "closed"]) | Q(notified_at__isnull=False),
                name="breach_notified_before_it_is_closed",
            ),
        )

    def may_move(self, actor: Actor, move: str) -> bool:
        """Whoever holds the permission may, within the region."""
        return actor.staff is not None

    def is_late(self, at: datetime) -> bool:
        """Whether nobody concerned was told in time."""
        return self.notified_at is None and self.notify_by < at


class ImpactAssessment(Record):
    """What a use of data means for people, weighed before it begins."""

    activity = models.CharField(max_length=200)
    necessity = models.TextField()
    risks = models.TextField()
    measures = models.TextField()
    decided_on = models.DateField()
    decided_by = models.UUIDField()
    review_due = models.DateField()
    kept_until = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kept_until__gt=F("decided_on"), review_due__gt=F("decided_on")),
                name="assessment_is_kept_and_reviewed",
            ),
        )


class SearchQuerySet(models.QuerySet["SearchNote"]):
    """Questions about the searches that were made."""

    def between(self, first: date, last: date) -> SearchQuerySet:
        """Those of a period, both days included."""
        return self.filter(day__gte=first, day__lte=last)

    def by_purpose(self) -> dict[Purpose, int]:
        """How many there are of each purpose, also of those that have none."""
        counted = dict(self.values_list("purpose").annotate(Count("pk")).order_by())
        return {purpose: counted.get(purpose.value, 0) for purpose in Purpose}


class SearchNote(models.Model):
    """A search was made: for which purpose, of whom against whom. The table is append-only."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField(db_index=True)
    purpose = models.CharField(max_length=40)
    query = models.CharField(max_length=60)
    target = models.CharField(max_length=60)
    article = models.CharField(max_length=120)
    case = models.CharField(max_length=CASE_LENGTH)
    entry = models.UUIDField(unique=True)  # of the audit trail

    objects = SearchQuerySet.as_manager()

    class Meta:
        constraints = (
            one_of("purpose", Purpose, name="search_note_purpose"),
            models.CheckConstraint(
                condition=~Q(article="") & ~Q(case=""), name="search_names_case_and_article"
            ),
        )
