"""A kind of job for the tests: it counts to a hundred, one row in a table of the trail for each."""

from __future__ import annotations

import time
from datetime import timedelta

from reunion.base.actor import system
from reunion.base.audit.actions import record
from reunion.base.jobs.registry import job
from reunion.base.jobs.running import Running

TOTAL = 40


@job("test_counting", queue="counting")
def count(running: Running) -> None:
    """Count on from the checkpoint."""
    start = running.checkpoint.get("number", 0)
    assert isinstance(start, int)
    for number in range(start, TOTAL):
        record(actor=system("counting"), act=f"count_{number}", subject=None, at=running.now)
        time.sleep(0.02)
        running.save(done=number + 1, total=TOTAL, number=number + 1)


@job("test_failing", queue="counting")
def fail(running: Running) -> None:
    """Fail with a text that must not be kept."""
    raise ValueError("the name of a person")


SECOND = timedelta(seconds=1)
