"""The worker: takes jobs from its queues, and does the duties that are due, until it is stopped."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import (
    DatabaseError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)

from reunion.base.errors import ReunionError
from reunion.base.jobs.access import duties_due
from reunion.base.jobs.actions import claim, claim_duty, release_abandoned
from reunion.base.jobs.models import DutyState, Job
from reunion.base.jobs.registry import KINDS, Duty
from reunion.base.jobs.rules import ATTEMPTS, JOB, LEASE, JobState, pause_after, period
from reunion.base.jobs.running import Clock, NoLongerOurs, Running

log = logging.getLogger(__name__)

IDLE = 1.0
"""Seconds between two looks at an empty queue."""


@dataclass(slots=True)
class Worker:
    """A loop over some queues.

    Args:
        queues: the queues to serve.
        clock: gives the moment.
        with_duties: whether the duties are done here too.
    """

    queues: tuple[str, ...]
    clock: Clock
    with_duties: bool = True
    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Work until `stopping` is set."""
        while not self.stopping.is_set():
            close_old_connections()
            if not self._try_step():
                self.stopping.wait(IDLE)

    def run_until_idle(self) -> None:
        """Work until nothing waits: for tests, and for filling a new system."""
        while self.step():
            pass

    def _try_step(self) -> bool:
        """A step; a server that restarts, or is busy for too long, is asked again after a while."""
        try:
            return self.step()
        except OperationalError as error:
            log.warning("the database does not answer: %s", type(error).__name__)
            connection.close()
            return False

    def step(self) -> bool:
        """One job and every duty that is due; whether there was anything to do."""
        at = self.clock()
        release_abandoned(at=at)
        due = duties_due(at) if self.with_duties else []
        busy = sum(self._do_duty(duty) for duty in due) > 0
        job = claim(worker=self.name, queues=self.queues, at=at)
        if job is not None:
            self._do(job)
        return busy or job is not None

    def _do(self, job: Job) -> None:
        running = Running(job, self.name, self.clock)
        with _Pulse(running.live):
            try:
                KINDS[job.kind].handler(running)
            except NoLongerOurs:
                return
            except Exception as error:  # noqa: BLE001  # the job fails, and the worker goes on
                self._end(job, "fail" if job.attempts >= ATTEMPTS else "release", error)
                return
        self._end(job, "finish", None)

    def _end(self, job: Job, name: str, error: Exception | None) -> None:
        """Write the end, if the job is still ours. Only the error's name: a text may tell."""
        if error is not None:
            log.warning("job %s of kind %s failed", job.pk, job.kind, exc_info=error)
        at = self.clock()
        ours = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, worker=self.name)
        ours.update(
            state=JOB.move(JobState.RUNNING, name).target,
            fault=_code(error),
            not_before=at + pause_after(job.attempts) if name == "release" else None,
            ended_at=None if name == "release" else at,
        )

    def _do_duty(self, duty: Duty) -> bool:
        at = self.clock()
        held = claim_duty(duty=duty, worker=self.name, at=at)
        if held is None:
            return False
        hand = _Hand(held, self.clock)
        try:
            with _Pulse(hand.live), transaction.atomic():
                duty.handler(at)
                hand.finish(period(duty.every, at))  # with the work itself, or not at all
        except NoLongerOurs:
            log.warning("duty %s took too long: another worker is at it", duty.name)
        except Exception as error:  # one duty must not stop the others
            log.warning("duty %s failed", duty.name, exc_info=error)
            hand.fail(error)
        return True


@dataclass(frozen=True, slots=True)
class _Hand:
    """One attempt at a duty: it writes as long as no other worker has begun the next one."""

    held: DutyState
    clock: Clock

    def live(self) -> None:
        self._update(alive_at=self.clock())

    def finish(self, this: int) -> None:
        self._update(
            period=this, done_at=self.clock(), worker="", attempts=0, fault="", not_before=None
        )

    def fail(self, error: Exception) -> None:
        with suppress(NoLongerOurs):
            pause = pause_after(self.held.attempts)
            self._update(worker="", fault=_code(error), not_before=self.clock() + pause)

    def _update(self, **fields: object) -> None:
        ours = DutyState.objects.filter(
            duty=self.held.duty, worker=self.held.worker, attempts=self.held.attempts
        )
        if not ours.update(**fields):
            raise NoLongerOurs


class _Pulse:
    """Shows signs of life from a thread of its own, while a job or a duty computes."""

    def __init__(self, live: Callable[[], None]) -> None:
        self._live = live
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._over.wait(LEASE.total_seconds() / 4):
            try:
                self._live()
            except NoLongerOurs:
                break
            except DatabaseError:  # locked for long, or restarted: the next beat tries again
                connection.close()
        connection.close()


def _code(error: Exception | None) -> str:
    if error is None:
        return ""
    return error.code if isinstance(error, ReunionError) else type(error).__name__
