"""Nobody implicated, nor their household, acts for a found person: the one check of every room."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from reunion.base.errors import Implicated
from reunion.base.permissions.models import Household, Implication


def is_barred(person: UUID, *, found: UUID, at: datetime) -> bool:
    """Whether a person may not consent, guard, interpret, attend or be told for a found person.

    That somebody has left the household does not help: they are of it as far as this goes.
    """
    implicated = Implication.objects.filter(Q(lifted_at__isnull=True) | Q(lifted_at__gt=at))
    about = implicated.filter(found=found, since__lte=at)
    households = Household.objects.filter(person__in=about.values("person")).values("household")
    return (
        about.filter(person=person).exists()
        or Household.objects.filter(household__in=households, person=person).exists()
    )


def require_uninvolved(person: UUID | None, *, found: UUID, at: datetime) -> None:
    """Refuse a person who is barred; call it in every act for a found person.

    Args:
        person: the record of the person who would act; None: they have none, as they are known
            to no case.

    Raises:
        Implicated: names the found person only, so that nothing is told about a case.
    """
    if person is not None and is_barred(person, found=found, at=at):
        raise Implicated(found=found)
