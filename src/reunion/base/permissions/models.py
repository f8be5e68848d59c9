"""Who sees what beyond their region: grants, exclusions, purposes; and who is barred."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from django.db import models
from django.db.models import F, Q

from reunion.base.actor import CASE_LENGTH, Actor, Purpose
from reunion.base.errors import ScopeMissing
from reunion.base.records import REGION_LENGTH, Placed, Record, one_of
from reunion.base.regions import upwards

P = TypeVar("P", bound=Placed)


class Opening(StrEnum):
    """What a grant opens."""

    LISTED = "listed"  # the record is in lists and searches too
    NAMED = "named"  # only whoever knows its id opens it


class GrantQuerySet(models.QuerySet["Grant"]):
    def to(self, actor: Actor, model: type[models.Model], at: datetime) -> GrantQuerySet:
        """The grants of records of a model that the actor holds at a moment."""
        holder = Q(pk__in=[])
        if actor.staff:
            holder |= Q(staff=actor.staff)
        if actor.unit:
            holder |= Q(unit=actor.unit)
        ends = Q(ends_at__isnull=True) | Q(ends_at__gt=at)
        return self.filter(holder, ends, kind=model._meta.label_lower, starts_at__lte=at)


class Grant(Record):
    """A unit or a staff member may see one record, until a moment, for a reason that is named."""

    kind = models.CharField(max_length=80)
    subject = models.UUIDField(db_index=True)
    unit = models.UUIDField(null=True, db_index=True)
    staff = models.UUIDField(null=True, db_index=True)
    opening = models.CharField(max_length=20, default=Opening.LISTED)
    basis = models.CharField(max_length=80)  # the code of what it follows from
    granted_by = models.UUIDField(null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = (
            one_of("opening", Opening, name="grant_opening"),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(staff__isnull=False),
                name="grant_is_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="grant_ends_after_it_starts",
            ),
        )


class ExclusionQuerySet(models.QuerySet["Exclusion"]):
    def against(self, actor: Actor, model: type[models.Model]) -> ExclusionQuerySet:
        """The exclusions that hide records of a model from the actor."""
        hit = Q(region__in=upwards(actor.region))
        if actor.unit:
            hit |= Q(unit=actor.unit)
        if actor.staff:
            hit |= Q(staff=actor.staff)
        return self.filter(hit, kind=model._meta.label_lower)


class Exclusion(Record):
    """A record is hidden from a region with all below it, from a unit, or from a person.

    Such as a tip from the police of the county that it names. It is stronger than any grant.
    """

    kind = models.CharField(max_length=80)
    subject = models.UUIDField(db_index=True)
    region = models.CharField(max_length=REGION_LENGTH, blank=True)
    unit = models.UUIDField(null=True)
    staff = models.UUIDField(null=True)
    basis = models.CharField(max_length=80)

    objects = ExclusionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(region="") | Q(unit__isnull=False) | Q(staff__isnull=False),
                name="exclusion_is_of_somebody",
            ),
        )


class ScopedManager(models.Manager[P], Generic[P]):
    """The default manager of placed records: it gives nothing without saying for whom.

    `objects.all()` and its like raise ScopeMissing; pages use `visible_to`, duties of the system
    and actions that have checked the actor already use `unscoped`.
    """

    def get_queryset(self) -> models.QuerySet[P]:
        raise ScopeMissing(model=self.model._meta.label_lower)

    def unscoped(self) -> models.QuerySet[P]:
        """All records, whoever asks."""
        return super().get_queryset()

    def visible_to(self, actor: Actor, at: datetime) -> models.QuerySet[P]:
        """The records in the actor's region, and those that a grant opens: for lists and for acts.

        What a grant opens by name alone, such as in an emergency, is read and never changed.
        """
        return self._scoped(
            actor, Grant.objects.to(actor, self.model, at).filter(opening=Opening.LISTED)
        )

    def named_by(self, actor: Actor, pk: uuid.UUID, at: datetime) -> models.QuerySet[P]:
        """The record of this id, if the actor may open it to read."""
        return self._scoped(actor, Grant.objects.to(actor, self.model, at)).filter(pk=pk)

    def _scoped(self, actor: Actor, grants: GrantQuerySet) -> models.QuerySet[P]:
        hidden = Exclusion.objects.against(actor, self.model)
        return (
            self.unscoped()
            .filter(Q(region__startswith=actor.region) | Q(pk__in=grants.values("subject")))
            .exclude(pk__in=hidden.values("subject"))
        )


class StatedPurpose(Record):
    """Somebody said why they need what is masked in a record; it holds for a short while."""

    kind = models.CharField(max_length=80)
    subject = models.UUIDField()
    staff = models.UUIDField()
    post = models.UUIDField(null=True)
    purpose = models.CharField(max_length=40)
    case = models.CharField(max_length=CASE_LENGTH, blank=True)
    stated_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = (one_of("purpose", Purpose, name="stated_purpose_is_known"),)
        indexes = (models.Index(fields=["staff", "stated_at"], name="stated_by_staff"),)


class Implication(Record):
    """A person is implicated in what happened to a found person: suspected, or a buyer's side."""

    found = models.UUIDField(db_index=True)
    person = models.UUIDField(db_index=True)
    basis = models.CharField(max_length=80)
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["found", "person"],
                condition=Q(lifted_at__isnull=True),
                name="implicated_once",
            ),
        )


class Household(Record):
    """A person lives, or lived, in a household: barred together with whoever is implicated."""

    household = models.UUIDField(db_index=True)
    person = models.UUIDField(db_index=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
