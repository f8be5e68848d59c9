"""A job as the code that does it sees it: its values, its checkpoint, its progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from reunion.base.errors import ReunionError
from reunion.base.jobs.models import Job
from reunion.base.jobs.rules import JobState

Clock = Callable[[], datetime]


class NoLongerOurs(ReunionError):
    """The job was cancelled, or given to another worker who took us for dead."""


class Running:
    """One job in the hands of one worker."""

    def __init__(self, job: Job, worker: str, clock: Clock) -> None:
        self._job = job
        self._worker = worker
        self._clock = clock

    @property
    def values(self) -> Mapping[str, object]:
        """What the job was asked with."""
        values: Mapping[str, object] = self._job.values
        return values

    @property
    def checkpoint(self) -> Mapping[str, object]:
        """What the last worker saved; empty at the first start."""
        saved: Mapping[str, object] = self._job.checkpoint
        return saved

    @property
    def now(self) -> datetime:
        """The moment, for the actions that the job calls."""
        return self._clock()

    def save(self, *, done: int, total: int | None = None, **checkpoint: str | int | None) -> None:
        """Save how far the work is; whoever goes on starts from here.

        What the checkpoint tells of must be in the database already.

        Raises:
            NoLongerOurs: stop, and leave everything as it is.
        """
        self._update(done=done, total=total, checkpoint=checkpoint)
        self._job.checkpoint = checkpoint

    def live(self) -> None:
        """Show a sign of life; the worker does so by itself.

        Raises:
            NoLongerOurs: as in `save`.
        """
        self._update()

    def _update(self, **fields: object) -> None:
        # Only our own row in our own hands: a worker that was taken for dead changes nothing.
        ours = Job.objects.filter(pk=self._job.pk, state=JobState.RUNNING, worker=self._worker)
        if not ours.update(alive_at=self._clock(), **fields):
            raise NoLongerOurs
