"""The kinds of jobs and the duties that the apps have registered, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from reunion.base.jobs.running import Running

Handler: TypeAlias = "Callable[[Running], None]"
DutyHandler: TypeAlias = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: what does it, and the queue that it waits in."""

    name: str
    queue: str
    handler: Handler


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that comes round: what does it, and how often. It may run twice without harm."""

    name: str
    every: timedelta
    handler: DutyHandler


KINDS: dict[str, Kind] = {}
DUTIES: dict[str, Duty] = {}


def job(name: str, *, queue: str = "default") -> Callable[[Handler], Handler]:
    """Register a function as the work of a kind of job.

    It may be broken off at any moment and run again: it goes on from `running.checkpoint`.
    """

    def register(handler: Handler) -> Handler:
        if name in KINDS:
            raise ValueError(f"two kinds of jobs are called {name}")
        KINDS[name] = Kind(name, queue, handler)
        return handler

    return register


def duty(name: str, *, every: timedelta) -> Callable[[DutyHandler], DutyHandler]:
    """Register a function as a duty; it is given the moment at which it runs."""

    def register(handler: DutyHandler) -> DutyHandler:
        if name in DUTIES:
            raise ValueError(f"two duties are called {name}")
        DUTIES[name] = Duty(name, every, handler)
        return handler

    return register
