"""Whether the system works, as whoever watches over it is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.apps import apps
from django.db import DatabaseError, connections
from django.db.models import Q

from reunion.base.audit.models import AuditEntry, AuditSeal
from reunion.base.jobs.models import DutyState, Job
from reunion.base.jobs.rules import LEASE, JobState
from reunion.base.operations.databases import waiting
from reunion.base.operations.errors import NoAnswer
from reunion.base.stores import store_of

DUTY_WITHIN = timedelta(minutes=5)
"""The worker does some duty every minute."""

SEALED_WITHIN = timedelta(minutes=1)
"""The signer seals within a second, where it keeps up."""

_MIGRATED: set[str] = set()


def readiness(at: datetime) -> dict[str, bool]:
    """Whether each part works: the databases with the tables of this version, worker, signer."""
    try:
        return {"databases": _has_tables(), "worker": _has_worker(at), "signer": _has_signer(at)}
    except (DatabaseError, NoAnswer):
        return {"databases": False, "worker": False, "signer": False}


def _has_tables() -> bool:
    in_use = {store_of(model._meta.app_label) for model in apps.get_models()}
    for alias in in_use:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
    return all(_is_migrated(alias) for alias in in_use)


def _is_migrated(alias: str) -> bool:
    """Whether a database has the tables of this version; once it has, it keeps them."""
    if alias not in _MIGRATED:
        if waiting(alias):
            return False
        _MIGRATED.add(alias)
    return True


def _has_worker(at: datetime) -> bool:
    """It has done a duty, or is at a job and shows signs of life."""
    lately = at - DUTY_WITHIN
    if DutyState.objects.filter(Q(done_at__gt=lately) | Q(alive_at__gt=lately)).exists():
        return True
    return Job.objects.filter(state=JobState.RUNNING, alive_at__gt=at - LEASE).exists()


def _has_signer(at: datetime) -> bool:
    """The newest entry that had its time is sealed."""
    entries = AuditEntry.objects.filter(at__lte=at - SEALED_WITHIN).order_by("-pk")
    newest = entries.values_list("pk", flat=True).first()
    if newest is None:
        return True
    return AuditSeal.objects.filter(store="default", number=newest).exists()
