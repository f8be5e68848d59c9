"""Whoever watches over the processes is told whether they work, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from reunion.base.actor import system
from reunion.base.audit.actions import record
from reunion.base.audit.models import AuditEntry, AuditSeal
from reunion.base.jobs.models import DutyState
from reunion.base.operations.access import readiness

STORES = ["default", "published", "inbox"]
pytestmark = pytest.mark.django_db(databases=STORES)


def duty_done(ago: timedelta) -> None:
    """A worker did something then."""
    DutyState.objects.update_or_create(duty="any", defaults={"done_at": timezone.now() - ago})


def test_the_process_answers_and_the_system_does_without_a_worker() -> None:
    client = Client()
    assert client.get("/healthz").json() == {"ok": True}
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ok": False, "databases": True, "worker": False, "signer": True}
    duty_done(timedelta(hours=1))
    assert client.get("/readyz").status_code == 503
    duty_done(timedelta(seconds=30))
    assert client.get("/readyz").json()["ok"] is True
    assert not client.cookies


def test_entries_that_wait_for_long_show_that_the_signer_rests() -> None:
    now = timezone.now()
    entry = record(actor=system("test"), act="tried", subject=None, at=now - timedelta(minutes=2))
    assert readiness(now)["signer"] is False
    AuditSeal.objects.create(
        pos=0, store="default", number=entry.pk, entry=entry.uuid, leaf_hash=b"", epoch=1,
        prev_mac=b"", mac=b"", at=0,
    )  # fmt: skip
    assert readiness(now)["signer"] is True
    record(actor=system("test"), act="tried", subject=None, at=now)
    assert AuditEntry.objects.count() == 2
    assert readiness(now)["signer"] is True, "a new entry has its minute"


@override_settings(SECURE_SSL_REDIRECT=True)
def test_over_tls_this_machine_still_asks_without_a_proxy() -> None:
    client = Client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/sign-in/").status_code == 301


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_but_reading_is_answered(method: str) -> None:
    assert getattr(Client(), method)("/readyz").status_code == 405
