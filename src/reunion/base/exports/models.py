"""Large exports: which list, by which filter, with which columns, why; and what came of it."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from django.db import models

from reunion.base.actor import CASE_LENGTH, Purpose
from reunion.base.audit.rules import Canonical
from reunion.base.permissions.models import ScopedManager
from reunion.base.records import Placed, one_of


class LargeExportQuerySet(models.QuerySet["LargeExport"]):
    def with_filter_from(self, at: datetime) -> LargeExportQuerySet:
        """Those asked for until a moment whose filter is still known."""
        return self.filter(asked_at__lte=at, sealed__isnull=False)


class LargeExportManager(ScopedManager["LargeExport"]):
    """Gives the question above, and nothing without saying for whom."""

    def unscoped(self) -> LargeExportQuerySet:
        return LargeExportQuerySet(self.model, using=self._db)


class LargeExport(Placed):
    """One list that somebody asks to take along; its region is that of their post.

    `sealed` is the query of the list's address: somebody may have searched for a name. It is
    forgotten when the file is taken, or when an approval could not be used any more.
    """

    staff = models.UUIDField()
    file = models.CharField(max_length=80)  # the name of the list, as its file has it
    title = models.CharField(max_length=200)
    page = models.CharField(max_length=1_000)
    sealed = models.BinaryField(null=True)
    columns = models.JSONField()  # code and words of each
    rows = models.PositiveIntegerField()
    purpose = models.CharField(max_length=40)
    case = models.CharField(max_length=CASE_LENGTH, blank=True)
    asked_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    taken_rows = models.PositiveIntegerField(null=True)

    objects: ClassVar[LargeExportManager] = LargeExportManager()

    class Meta:
        constraints = (
            one_of("purpose", Purpose, name="large_export_purpose_is_known"),
            models.CheckConstraint(
                condition=models.Q(taken_at__isnull=True, taken_rows__isnull=True)
                | models.Q(taken_at__isnull=False, taken_rows__isnull=False, sealed__isnull=True),
                name="large_export_taken_forgets_its_filter",
            ),
        )

    @property
    def facts(self) -> Canonical:
        """What an approval is bound to: the list, its columns, its filter as it lies sealed."""
        return {
            "list": self.file,
            "columns": " ".join(code for code, _ in self.columns),
            "rows": self.rows,
            "purpose": self.purpose,
            "digest_of_the_filter": sha256(bytes(self.sealed or b"")).hexdigest(),
        }
