"""Long work goes on after its worker was killed; a duty runs once in each period."""

from __future__ import annotations

import random
import signal
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError

from reunion.base.actor import system
from reunion.base.audit.actions import record
from reunion.base.audit.models import AuditEntry
from reunion.base.jobs import worker as worker_module
from reunion.base.jobs.access import duties_due, failing_duties
from reunion.base.jobs.actions import (
    ask_for,
    cancel,
    claim,
    claim_duty,
    release_abandoned,
    retry,
)
from reunion.base.jobs.models import DutyState, Job
from reunion.base.jobs.registry import DUTIES, Duty
from reunion.base.jobs.rules import ATTEMPTS, LEASE, pause_after
from reunion.base.jobs.running import NoLongerOurs, Running
from reunion.base.jobs.worker import Worker
from tests.base import counting_work
from tests.cast import NOW, acting
from tools.own_system import own_system

QUEUES = ("counting",)
ASKER = acting("statistician", "cn/15/", "jobs.see")


def ask(kind: str = "test_counting") -> Job:
    return ask_for(actor=ASKER, kind=kind, values={}, at=NOW)


def worker(at: datetime = NOW) -> Worker:
    return Worker(QUEUES, clock=lambda: at, with_duties=False)


@pytest.mark.django_db(transaction=True)
def test_a_job_runs_to_its_end_and_shows_its_progress() -> None:
    job = ask()
    worker().run_until_idle()
    job.refresh_from_db()
    assert (job.state, job.done, job.percent) == ("done", counting_work.TOTAL, 100)
    assert AuditEntry.objects.filter(act__startswith="count_").count() == counting_work.TOTAL


@pytest.mark.django_db(transaction=True)
def test_a_failing_job_is_tried_again_and_then_left_to_a_person() -> None:
    job = ask("test_failing")
    for attempt in range(1, ATTEMPTS + 1):
        worker(NOW + timedelta(hours=attempt)).run_until_idle()
        job.refresh_from_db()
        assert job.attempts == attempt
    assert (job.state, job.fault) == ("failed", "ValueError")


@pytest.mark.django_db
def test_the_job_of_a_dead_worker_goes_to_another_and_the_dead_one_changes_nothing() -> None:
    ask()
    first = claim(worker="first", queues=QUEUES, at=NOW)
    assert first is not None
    assert claim(worker="second", queues=QUEUES, at=NOW) is None
    later = NOW + LEASE + timedelta(seconds=1)
    assert release_abandoned(at=NOW + LEASE) == 0
    assert release_abandoned(at=later) == 1
    second = claim(worker="second", queues=QUEUES, at=later)
    assert second == first
    with pytest.raises(NoLongerOurs):
        Running(first, "first", lambda: later).save(done=1)


@pytest.mark.django_db
def test_a_cancelled_job_stops_at_its_next_checkpoint() -> None:
    job = ask()
    claimed = claim(worker="first", queues=QUEUES, at=NOW)
    assert claimed is not None
    cancel(actor=ASKER, job_id=job.pk, at=NOW)
    with pytest.raises(NoLongerOurs):
        Running(claimed, "first", lambda: NOW).save(done=1)


@pytest.mark.django_db(transaction=True)
def test_a_cancelled_job_that_is_wanted_after_all_goes_on_from_where_it_was() -> None:
    job = ask()
    claimed = claim(worker="first", queues=QUEUES, at=NOW)
    assert claimed is not None
    Running(claimed, "first", lambda: NOW).save(done=30, number=30)
    cancel(actor=ASKER, job_id=job.pk, at=NOW)
    worker().run_until_idle()
    retry(actor=ASKER, job_id=job.pk, at=NOW)
    worker().run_until_idle()
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", counting_work.TOTAL)
    rest = AuditEntry.objects.filter(act__startswith="count_")
    assert rest.count() == counting_work.TOTAL - 30


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moments at which the only duty, a daily one, was done."""
    moments: list[datetime] = []
    for name in list(DUTIES):
        monkeypatch.delitem(DUTIES, name)
    duty = Duty("test_daily", timedelta(days=1), moments.append)
    monkeypatch.setitem(DUTIES, duty.name, duty)
    return moments


def look(at: datetime) -> None:
    Worker(QUEUES, clock=lambda: at).run_until_idle()


@pytest.mark.django_db(transaction=True)
def test_a_duty_runs_once_in_each_period(done: list[datetime]) -> None:
    moments = [NOW, NOW + timedelta(hours=3), NOW + timedelta(days=1)]
    for at in moments:
        look(at)
    assert done == [moments[0], moments[2]]


@pytest.mark.django_db(transaction=True)
def test_a_duty_that_kills_each_worker_is_tried_again_ever_more_slowly_and_reported(
    done: list[datetime],
) -> None:
    daily, at = DUTIES["test_daily"], NOW
    for attempt in range(1, 8):
        assert claim_duty(duty=daily, worker="dies", at=at) is not None
        assert claim_duty(duty=daily, worker="other", at=at + LEASE) is None
        assert [len(failing_duties(at))] == [int(attempt > 1)], "the first is not over yet"
        over = max(LEASE + timedelta(seconds=1), pause_after(attempt))
        assert duties_due(at + over - timedelta(seconds=2)) == []
        assert duties_due(at + over) == [daily]
        at += over
    (failing,) = failing_duties(at)
    assert (failing.duty, failing.fault, failing.attempts) == ("test_daily", "WorkerLost", 7)
    assert over == timedelta(seconds=1024)
    look(at)
    assert (done, failing_duties(at)) == ([at], [])


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_was_taken_for_dead_leaves_the_duty_to_the_other(
    done: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its clock stands still while it works; another one comes a lease later."""
    later = NOW + LEASE + timedelta(seconds=1)

    def slow(at: datetime) -> None:
        record(actor=system("test"), act="done_too_late", subject=None, at=at)
        held = claim_duty(duty=DUTIES["test_daily"], worker="other", at=later)
        assert held is not None

    monkeypatch.setitem(DUTIES, "test_daily", Duty("test_daily", timedelta(days=1), slow))
    Worker(QUEUES, clock=lambda: NOW).step()
    assert not AuditEntry.objects.filter(act="done_too_late").exists()
    assert DutyState.objects.get().period is None


@pytest.mark.django_db(transaction=True)
def test_a_duty_that_fails_leaves_its_fault_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(at: datetime) -> None:
        raise ValueError("something about a person")

    for name in list(DUTIES):
        monkeypatch.delitem(DUTIES, name)
    done: list[datetime] = []
    for name, handler in (("test_broken", broken), ("test_sound", done.append)):
        monkeypatch.setitem(DUTIES, name, Duty(name, timedelta(days=1), handler))
    Worker(QUEUES, clock=lambda: NOW).run_until_idle()
    broken_one = DutyState.objects.get(duty="test_broken")
    assert (broken_one.fault, broken_one.period) == ("ValueError", None)
    assert done == [NOW]
    for name in ("test_sound", "test_broken"):  # in the same period, after the pause
        is_due = name in [duty.name for duty in duties_due(NOW + pause_after(1))]
        assert is_due == (name == "test_broken")


def test_a_sign_of_life_that_fails_is_not_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    beats, went_on = [], threading.Event()

    def live(running: Running) -> None:
        beats.append(running)
        if len(beats) == 1:
            raise OperationalError("database is locked")
        went_on.set()

    monkeypatch.setattr(Running, "live", live)
    monkeypatch.setattr(worker_module, "LEASE", timedelta(milliseconds=40))
    with worker_module._Pulse(Running(Job(), "first", lambda: NOW).live):
        assert went_on.wait(20)


SCRIPT = """
import sys
from datetime import timedelta
from django.utils.timezone import now
from reunion.base.jobs import actions, rules, worker
from tests.base import counting_work
rules.LEASE = worker.LEASE = timedelta(seconds=1)
import reunion.base.jobs.models as models
models.LEASE = rules.LEASE
print("ready", flush=True)
worker.Worker(("counting",), clock=now, with_duties=False).run()
"""
ASK = """
from django.utils.timezone import now
from reunion.base.actor import system
from reunion.base.jobs.actions import ask_for
from tests.base import counting_work
print(ask_for(actor=system("test"), kind="test_counting", values={}, at=now()).pk)
"""
STATE = """
import sys
from reunion.base.actor import system
from reunion.base.audit.actions import record
from reunion.base.audit.models import AuditEntry
from reunion.base.jobs.models import Job
job = Job.objects.get()
acts = list(AuditEntry.objects.filter(act__startswith="count_").values_list("act", flat=True))
print(job.state, job.done, len(set(acts)), len(acts))
"""


@pytest.mark.database
def test_killed_workers_lose_no_work(tmp_path: Path) -> None:
    with own_system(tmp_path) as own:
        own.run(ASK)
        chance, kills = random.Random(4), 0  # noqa: S311  # any moment will do
        for _ in range(12):
            with own.start(SCRIPT) as process:
                assert process.stdout is not None
                process.stdout.readline()
                time.sleep(1.2 + chance.random())  # the lease of the last one runs out first
                process.send_signal(signal.SIGKILL)
            kills += 1
            state, done, different, acts = own.run(STATE).split()
            if state == "done":
                break
        assert (state, int(done), int(different)) == ("done", 40, 40)
        assert int(acts) - 40 <= kills, "at most the work since the last checkpoint is done twice"


DUTY = """
import sys, time
from datetime import timedelta
from django.utils.timezone import now
from reunion.base.actor import system
from reunion.base.audit.actions import record
from reunion.base.jobs import models, registry, worker
models.LEASE = worker.LEASE = timedelta(seconds=1)
registry.DUTIES.clear()
@registry.duty("test_yearly", every=timedelta(days=365))
def yearly(at):
    record(actor=system("test"), act="yearly", subject=None, at=at)
    if sys.argv[1] == "stay":
        print("at it", flush=True)
        time.sleep(100)
worker.Worker(("counting",), clock=now).run_until_idle()
"""
DUTY_STATE = """
from reunion.base.audit.models import AuditEntry
from reunion.base.jobs.models import DutyState
state = DutyState.objects.get()
print(state.period is not None, state.attempts, state.fault or "-", AuditEntry.objects.count())
"""


@pytest.mark.database
def test_a_duty_whose_worker_was_killed_is_done_in_the_same_period(tmp_path: Path) -> None:
    with own_system(tmp_path) as own:
        with own.start(DUTY, "stay") as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "at it\n"
            process.send_signal(signal.SIGKILL)
        assert own.run(DUTY_STATE).split() == ["False", "1", "-", "0"]
        time.sleep(4)  # the lease, and the pause after one attempt
        own.run(DUTY, "work")
        assert own.run(DUTY_STATE).split() == ["True", "0", "-", "1"]
        own.run(DUTY, "work")
        assert own.run(DUTY_STATE).split() == ["True", "0", "-", "1"], "once in a period"


def test_a_worker_outlives_a_database_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps: list[int] = []
    loop = Worker(QUEUES, clock=lambda: NOW, with_duties=False)

    def step(self: Worker) -> bool:
        steps.append(1)
        if len(steps) == 1:
            raise OperationalError("the server is restarting")
        loop.stopping.set()
        return False

    monkeypatch.setattr(Worker, "step", step)
    monkeypatch.setattr("reunion.base.jobs.worker.IDLE", 0.01)
    monkeypatch.setattr("reunion.base.jobs.worker.close_old_connections", lambda: None)
    monkeypatch.setattr("reunion.base.jobs.worker.connection.close", lambda: None)
    loop.run()
    assert len(steps) == 2
