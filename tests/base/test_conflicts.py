"""Two who write the same at once: one stands, the other reads the sentence of the check.

On PostgreSQL a second transaction does not see what the first has not committed: its check passes,
and the constraint of the table refuses it. On SQLite the second one waits before its check.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction

from reunion.base.accounts.actions import open_account
from reunion.base.accounts.models import Account
from reunion.base.approvals.models import Proposal
from reunion.base.correspondence.actions import open_desk
from reunion.base.correspondence.models import Desk
from reunion.base.errors import ChangedMeanwhile, RuleBroken
from reunion.base.publication.actions import put_out
from reunion.base.publication.models import Outgoing
from reunion.base.records import unless_taken
from reunion.base.rights.actions import start_clock
from reunion.base.rights.models import RetentionClock
from reunion.base.units.actions import enter_staff, name_witness, open_unit
from reunion.base.units.models import Staff, Unit
from tests.base.desks import keeper
from tests.base.two_people import COUNTY, holding_everything, proposed, record_at
from tests.cast import NOW, TODAY, administrator

STORES = ["default", "published", "inbox"]
PATIENCE = 20
"""Seconds until a thread that does not come to wait fails its test."""

Act = Callable[[], object]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """One other thread, with connections of its own."""
    with ThreadPoolExecutor(1) as other:
        yield other
        other.submit(connections.close_all).result()


def waiting() -> bool:
    """Whether somebody waits for the end of another one's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        row: tuple[int] = cursor.fetchone()
    return row[0] > 0


def race(pool: ThreadPoolExecutor, first: Act, second: Act) -> Exception | None:
    """What the second act comes to, which checked and wrote before the first was committed."""
    with transaction.atomic():
        first()
        future: Future[object] = pool.submit(second)
        end = time.monotonic() + PATIENCE
        while not waiting():
            assert not future.done(), "it did not meet the other one"
            assert time.monotonic() < end
            time.sleep(0.01)
    error = future.exception(PATIENCE)
    assert error is None or isinstance(error, Exception)
    return error


def unit(code: str = "same") -> Unit:
    return open_unit(
        actor=administrator(), code=code, kind="police", level="county", region=COUNTY,
        name_en="Synthetic agency", name="虚构单位", valid_from=TODAY, at=NOW,
    )  # fmt: skip


def account(staff: Staff) -> None:
    open_account(actor=administrator(), staff_id=staff.pk, login="same", at=NOW)


def person() -> Staff:
    return enter_staff(actor=administrator(), name="Synthetic Person", region=COUNTY, at=NOW)


def published() -> None:
    put_out(actor=keeper(), kind="test", key="one", region=COUNTY, body={}, at=NOW)


def clock_of(subject: Unit) -> Act:
    return lambda: start_clock(
        actor=administrator(), subject=subject, retention="search_log", starts=TODAY, at=NOW
    )


def witness(of: Unit) -> Act:
    return lambda: name_witness(
        actor=administrator(), unit_id=of.pk, key=bytes(32), at=NOW, version=1
    )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases=STORES)
def test_what_two_write_at_once_is_refused_in_the_words_of_the_check(
    pool: ThreadPoolExecutor,
) -> None:
    def rule(first: Act, second: Act) -> str:
        error = race(pool, first, second)
        assert isinstance(error, RuleBroken), repr(error)
        return error.rule

    assert rule(unit, unit) == "code_is_free"
    assert Unit.objects.unscoped().filter(code="same").count() == 1

    one, other = person(), person()
    assert rule(lambda: account(one), lambda: account(other)) == "login_is_free"
    assert Account.objects.get(login="same").staff == one

    subject = record_at()
    ann, ben = holding_everything(COUNTY), holding_everything(COUNTY)
    taken = rule(lambda: proposed(ann, subject), lambda: proposed(ben, subject))
    assert taken == "proposed_already"
    assert Proposal.objects.unscoped().get().proposer_staff == ann.staff

    here, there = record_at(), record_at()
    assert rule(witness(here), witness(there)) == "witness_key_is_its_own"

    def opens(at: Unit) -> Act:
        return lambda: open_desk(actor=keeper(), unit_id=at.pk, at=NOW)

    assert rule(opens(here), opens(there)) == "one_desk_of_a_region"
    assert Desk.objects.unscoped().get().unit == here

    assert rule(clock_of(subject), clock_of(subject)) == "one_clock_of_a_class"
    assert RetentionClock.objects.unscoped().count() == 1

    assert isinstance(race(pool, published, published), ChangedMeanwhile)
    assert Outgoing.objects.filter(kind="test").count() == 1


@pytest.mark.django_db
def test_only_what_is_there_already_is_taken() -> None:
    taken = RuleBroken(rule="code_is_free")
    with pytest.raises(IntegrityError), transaction.atomic(), unless_taken(taken):
        Unit.objects.unscoped().create(
            code="backwards", valid_from=TODAY, valid_to=TODAY - timedelta(days=1)
        )
    unit()
    with pytest.raises(RuleBroken, match="code_is_free"):
        unit()
    assert connection.in_atomic_block  # nothing else was undone
    assert Unit.objects.unscoped().filter(code="same").count() == 1
