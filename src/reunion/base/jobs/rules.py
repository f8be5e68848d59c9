"""The states of a job, and when a duty is due: plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from reunion.base.transitions import Machine, Move

SEE, ADMINISTER = "jobs.see", "jobs.administer"
"""Permissions: to see, cancel and retry the jobs that one asked for; those of everybody."""

LEASE = timedelta(seconds=60)
"""A job or duty whose worker has shown no sign of life for so long is given to another one."""

ATTEMPTS = 5
"""A job that fails, or takes its worker down, so often is left to a person."""

PAUSE = timedelta(seconds=1)
"""The unit of `pause_after`."""

_EPOCH = datetime(2000, 1, 3, tzinfo=UTC)  # a Monday, so that weeks begin on Mondays


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_OPEN = frozenset({JobState.QUEUED, JobState.RUNNING})

JOB = Machine(
    "job",
    JobState.QUEUED,
    (
        Move("claim", frozenset({JobState.QUEUED}), JobState.RUNNING),
        Move("release", frozenset({JobState.RUNNING}), JobState.QUEUED),
        Move("finish", frozenset({JobState.RUNNING}), JobState.DONE),
        Move("fail", frozenset({JobState.RUNNING}), JobState.FAILED),
        Move("cancel", _OPEN, JobState.CANCELLED, needs=SEE),
        Move("retry", frozenset({JobState.FAILED, JobState.CANCELLED}), JobState.QUEUED, needs=SEE),
    ),
)


def period(every: timedelta, at: datetime) -> int:
    """The number of the period that a moment lies in: a duty runs once in each.

    >>> period(timedelta(days=1), datetime(2000, 1, 4, 5, tzinfo=UTC))
    1
    """
    return (at - _EPOCH) // every


def pause_after(attempts: int) -> timedelta:
    """How long a job or a duty rests after so many attempts that came to no end.

    Four times as long after each, up to 17 minutes.

    >>> [pause_after(n).seconds for n in (1, 2, 5, 500)]
    [4, 16, 1024, 1024]
    """
    return PAUSE * int(4 ** min(attempts, 5))
