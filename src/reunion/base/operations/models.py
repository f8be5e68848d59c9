"""The one row that says what this system is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Installation(models.Model):
    """What was decided when the system was set up. There is one row, and it is never changed.

    `synthetic`: all people in it are invented; it was so from the first moment, or never will be.
    `backup_public`: recipient (age) of its backups.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    synthetic = models.BooleanField()
    jurisdiction = models.CharField(max_length=20)
    backup_public = models.CharField(max_length=100)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="there_is_one_installation"),)
