"""What is published reaches its own store, and what is withdrawn is gone from it."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from reunion.base.actor import Actor
from reunion.base.audit.models import AuditEntry
from reunion.base.errors import NotFound, NotPermitted, RuleBroken
from reunion.base.publication.access import takedowns
from reunion.base.publication.actions import carry_over, publish, withdraw
from reunion.base.publication.models import Outgoing
from reunion.base.published.access import one_shown, shown, version_of
from reunion.base.published.actions import Content, put
from reunion.base.published.models import Published
from tests.cast import NOW, acting, outsider
from tools.own_system import own_system

pytestmark = pytest.mark.django_db(databases=["default", "published"], transaction=True)

REGION = "cn/15/"
BODY = {"en": "A synthetic notice", "zh": "虚构公告"}


def editor(region: str = REGION) -> Actor:
    """Ms Luo, who publishes for a province."""
    return acting("publication_officer", region, "publication.publish")


def notice(key: str = "n1", **others: object) -> Outgoing:
    values: dict[str, object] = {"kind": "notice", "region": REGION, "body": BODY, "at": NOW}
    values |= others
    return publish(actor=editor(), key=key, **values)  # type: ignore[arg-type]  # values of several types


@pytest.mark.parametrize(
    "body",
    [{}, {"en": "only a title"}, {"en": {"title": "x", "text": " "}}, {"en": {"title": "x"}}],
)
def test_what_has_a_page_has_a_title_and_a_text_in_each_of_its_languages(
    body: dict[str, object],
) -> None:
    with pytest.raises(RuleBroken):
        notice(kind="announcement", body=body)
    assert not Outgoing.objects.exists()


def test_a_publication_is_shown_and_recorded() -> None:
    act = notice()
    found = one_shown("notice", "n1", NOW)
    assert found is not None
    assert found.body == BODY
    act.refresh_from_db()
    assert act.carried_at == NOW
    assert [entry.act for entry in AuditEntry.objects.filter(subject=act.pk)] == ["publish"]


def test_a_withdrawal_leaves_no_content_behind() -> None:
    notice()
    withdraw(actor=editor(), kind="notice", key="n1", at=NOW)
    assert one_shown("notice", "n1", NOW) is None
    row = Published.objects.get()
    assert row.body == {}
    assert row.withdrawn_at == NOW


def test_an_older_act_that_comes_late_changes_nothing() -> None:
    notice()
    withdraw(actor=editor(), kind="notice", key="n1", at=NOW)
    late = Content("notice", "n1", REGION, BODY, NOW)
    assert not put(content=late, number=1)
    assert one_shown("notice", "n1", NOW) is None


def test_the_same_act_twice_is_once() -> None:
    notice()
    Outgoing.objects.update(carried_at=None)
    before = Published.objects.get()
    assert carry_over(at=NOW) == 1
    assert Published.objects.get() == before
    assert carry_over(at=NOW) == 0


def test_what_was_withdrawn_can_be_published_again() -> None:
    notice()
    withdraw(actor=editor(), kind="notice", key="n1", at=NOW)
    notice()
    assert version_of("notice", "n1") == 3
    assert one_shown("notice", "n1", NOW) is not None


def test_a_publication_is_shown_in_its_time_only() -> None:
    notice(shown_from=NOW + timedelta(days=1), shown_until=NOW + timedelta(days=3))
    days = [shown("notice", NOW + timedelta(days=n)).count() for n in range(5)]
    assert days == [0, 1, 1, 0, 0]
    with pytest.raises(RuleBroken):
        notice("n2", shown_until=NOW)


def test_an_act_that_is_undone_publishes_nothing() -> None:
    with transaction.atomic():
        notice()
        transaction.set_rollback(True)
    assert not Published.objects.exists()
    assert not Outgoing.objects.exists()


def test_who_may_not_publish_there_does_not() -> None:
    notice()
    for stranger in (outsider(), editor("cn/65/"), acting("case_officer", REGION)):
        with pytest.raises(NotPermitted):
            publish(actor=stranger, kind="notice", key="x", region=REGION, body=BODY, at=NOW)
        with pytest.raises(NotPermitted):
            withdraw(actor=stranger, kind="notice", key="n1", at=NOW)
    with pytest.raises(NotFound):
        withdraw(actor=editor(), kind="notice", key="unknown", at=NOW)


def test_a_takedown_is_late_after_a_day() -> None:
    for key, hours in (("soon", 3), ("late", 25)):
        notice(key)
        asked = NOW - timedelta(hours=hours)
        withdraw(actor=editor(), kind="notice", key=key, at=NOW, asked_at=asked)
    notice("waiting")
    withdraw(actor=editor(), kind="notice", key="waiting", at=NOW)
    Outgoing.objects.filter(key="waiting", number=2).update(carried_at=None)
    late = {one.key: one.is_late for one in takedowns(NOW + timedelta(hours=30))}
    assert late == {"soon": False, "late": True, "waiting": True}


_SCRIPT = """
import os, sys
from datetime import UTC, datetime
from reunion.base.publication import actions
from tests.cast import acting
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
editor = acting("publication_officer", "cn/15/", "publication.publish")
real = actions.put
def dies(*, content, number):
    if sys.argv[1] == "before":
        os.kill(os.getpid(), 9)
    real(content=content, number=number)
    os.kill(os.getpid(), 9)
actions.publish(actor=editor, kind="notice", key="n", region="cn/15/", body={"en": "x"}, at=NOW)
actions.put = dies
actions.withdraw(actor=editor, kind="notice", key="n", at=NOW)
"""
_AFTER = """
from django.utils import timezone
from reunion.base.jobs.worker import Worker
from reunion.base.publication.models import Outgoing
from reunion.base.published.models import Published
Worker(("default",), timezone.now).step()
print(Published.objects.get().body, Published.objects.get().withdrawn_at is not None,
      Outgoing.objects.filter(carried_at=None).count())
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_withdrawal_is_carried_over_although_its_process_was_killed(
    tmp_path: Path, moment: str
) -> None:
    with own_system(tmp_path) as system:
        process = system.start(_SCRIPT, moment)
        process.communicate(timeout=120)
        assert process.returncode == -9
        started = time.monotonic()
        assert system.run(_AFTER).split() == ["{}", "True", "0"]
        assert time.monotonic() - started < 60
