"""What all records have in common: a random id, a version for optimistic locking, a region."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from typing import ClassVar, TypeVar

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import CheckConstraint, Q
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import pgettext

from reunion.base.errors import ChangedMeanwhile, NotFound, ReunionError

M = TypeVar("M", bound="Record")

REGION_LENGTH = 64


class Record(models.Model):
    """A record with a random id, so that an id tells nothing about its neighbours or its time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save_changes(self, *fields: str) -> None:
        """Write these fields of a record that `locked` gave, as the next version."""
        self.version += 1
        self.save(update_fields=[*fields, "version"])


class Placed(Record):
    """A record that belongs to a region: whoever's post covers the region is in scope."""

    opens_in_emergency: ClassVar[bool] = False
    """Whether somebody outside the region may break the glass for it."""

    region = models.CharField(max_length=REGION_LENGTH, db_index=True)

    class Meta:
        abstract = True


def locked(queryset: models.QuerySet[M], pk: uuid.UUID, *, version: int | None = None) -> M:
    """The record, locked until the transaction ends; inside a transaction only.

    SQLite has no row locks: there the IMMEDIATE transaction is the lock.

    Raises:
        NotFound: there is none among those that the queryset gives.
        ChangedMeanwhile: it has another version than the one that was shown.
    """
    record = queryset.select_for_update(of=("self",)).filter(pk=pk).first()
    if record is None:
        raise NotFound(kind=queryset.model._meta.model_name or "")
    if version is not None and record.version != version:
        raise ChangedMeanwhile(
            kind=queryset.model._meta.model_name or "", shown=version, now=record.version
        )
    return record


@contextmanager
def unless_taken(refusal: ReunionError) -> Iterator[None]:
    """Refuse a write of what somebody else wrote at the same moment, after the check of both.

    Args:
        refusal: what the check before it says; raised where the database holds to uniqueness.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if not _is_of_uniqueness(error):
            raise
        raise refusal from error


def _is_of_uniqueness(error: IntegrityError) -> bool:
    """Whether a row is there already, as PostgreSQL or SQLite says it."""
    cause = error.__cause__
    return (
        getattr(cause, "sqlstate", "") == "23505"
        or getattr(cause, "sqlite_errorname", "") == "SQLITE_CONSTRAINT_UNIQUE"
    )


def word_of(kind: str) -> str:
    """What a page calls a kind of records: the name of its model, in the reader's language.

    A room lists the words of its kinds in `words.py`.

    Args:
        kind: label of the model, such as units.unit; one that is no longer there stays as it is.
    """
    try:
        name = apps.get_model(kind)._meta.verbose_name
    except (LookupError, ValueError):
        return kind
    return pgettext("kind", str(capfirst(name)))


def address_of(kind: str, pk: uuid.UUID) -> str:
    """The page of a record, which is named after its model; blank where there is no such page.

    Args:
        kind: label of the model, such as units.unit.
    """
    try:
        return reverse(kind.rpartition(".")[2], kwargs={"pk": pk})
    except NoReverseMatch:
        return ""


def one_of(field: str, values: type[StrEnum], *, name: str) -> CheckConstraint:
    """The constraint that a field holds one of the words of an enumeration."""
    return CheckConstraint(condition=Q(**{f"{field}__in": [v.value for v in values]}), name=name)


def in_force(day: date) -> Q:
    """Rows whose valid_from and valid_to (exclusive; empty: open) hold a day."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
