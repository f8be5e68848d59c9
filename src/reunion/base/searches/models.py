"""Saved searches. Their names and filters lie sealed: people write what they like into them."""

from __future__ import annotations

from django.db import models

from reunion.base.records import Record
from reunion.base.searches.rules import LONGEST


class SavedSearch(Record):
    """What one person keeps about one list. `sealed` is a name, and the query of the address."""

    staff = models.UUIDField()
    page = models.CharField(max_length=LONGEST)
    sealed = models.BinaryField()
    saved_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["staff", "page"], name="searches_of_a_list"),)
