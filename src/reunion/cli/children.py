"""The four processes of a system as children of one command, on this machine alone."""

from __future__ import annotations

import ctypes
import errno
import http.client
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from reunion.cli.errors import CommandError
from reunion.cli.readiness import Listener
from reunion.settings.environment import value

LOOPBACK = "127.0.0.1"
TRIES = 10
"""The port that was asked for, and the next nine."""

PATIENCE = 90.0
"""Seconds until all processes must answer; a busy machine starts slowly."""

GRACE = 10.0
"""Seconds that a process has to stop by itself."""

_PAUSE = 0.1
_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1
_TAKEN = {errno.EADDRINUSE, errno.EACCES}


@dataclass(frozen=True, slots=True)
class Program:
    """One process: what people call it, its command, and when it works.

    Args:
        variables: what it finds in its environment beside ours.
        health: port and path that answer 200 then; None: it tells so itself.
    """

    name: str
    words: Sequence[str]
    variables: Mapping[str, str] = field(default_factory=dict)
    health: tuple[int, str] | None = None


class Child:
    """A program that was started."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._listener = Listener(program.name) if program.health is None else None
        told = self._listener.variables if self._listener else {}
        self._process = subprocess.Popen(  # noqa: S603  # our own program
            program.words,
            env={**os.environ, **program.variables, **told},
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C comes to us alone; we stop them in order
            preexec_fn=_end_with_parent,  # noqa: PLW1509  # there are no threads yet
        )

    @property
    def status(self) -> int | None:
        """How it ended; None: it works."""
        return self._process.poll()

    def is_ready(self) -> bool:
        """Whether it works; asked again and again until it does."""
        if self._listener is not None:
            return self._listener.has_heard()
        return self.program.health is not None and _answers(*self.program.health)

    def stop(self) -> None:
        """Ask it to stop."""
        if self.status is None:
            self._process.terminate()

    def wait(self) -> None:
        """Wait until it has stopped; one that does not is ended, with all that it started."""
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def free_ports(wanted: int) -> tuple[int, int]:
    """Two ports that nobody uses, the nearest from the wanted one on.

    Raises:
        CommandError: of the first ten none is free, or of the next ones.
    """
    first = _free_port(wanted)
    return first, _free_port(first + 1)


def run_all(
    programs: Sequence[Program],
    *,
    ready: Callable[[], None],
    until_ready: bool = False,
) -> None:
    """Start programs, wait until all work, and stay until a signal comes; then stop all.

    Args:
        ready: called once, when all work.
        until_ready: stop then.

    Raises:
        CommandError: one of them ended by itself, or does not answer.
    """
    with _stopping() as stop:
        children = [Child(program) for program in programs]
        try:
            if _wait_for(children, stop):
                ready()
                while not until_ready and not stop.wait(_PAUSE):
                    _require_all(children)
        finally:
            _stop(children)


def _wait_for(children: Sequence[Child], stop: threading.Event) -> bool:
    """Wait until all work; False: a signal came before."""
    waiting, deadline = list(children), time.monotonic() + PATIENCE
    while waiting:
        _require_all(children)
        waiting = [child for child in waiting if not child.is_ready()]
        if waiting and time.monotonic() > deadline:
            name = waiting[0].program.name
            raise CommandError(f"{name} does not answer after {PATIENCE:.0f} s; all are stopped")
        if stop.wait(_PAUSE if waiting else 0):
            return False
    return True


def _require_all(children: Sequence[Child]) -> None:
    for child in children:
        if child.status is not None:
            how = f"status {child.status}" if child.status >= 0 else f"signal {-child.status}"
            raise CommandError(f"{child.program.name} has ended ({how}); all are stopped")


def _stop(children: Sequence[Child]) -> None:
    """Stop all, the last one of the list when the others are gone."""
    for group in (children[:-1], children[-1:]):
        for child in group:
            child.stop()
        for child in group:
            child.wait()


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """An event that the signals set by which people and systems end a program."""
    stop = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_with_parent() -> None:
    """Let the kernel end a child whose parent was killed, so that no port stays taken."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": _own_name()})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _own_name() -> str:
    """A name under which the sites let themselves be asked."""
    return value("ALLOWED_HOSTS").split(",")[0].lstrip("*.") or "localhost"


def _free_port(wanted: int) -> int:
    for port in range(wanted, wanted + TRIES):
        if _is_free(port):
            return port
    raise CommandError(
        f"the ports {wanted} to {wanted + TRIES - 1} are taken: set REUNION_PORT to another one"
    )


def _is_free(port: int) -> bool:
    """Whether nobody listens there; browsers ask both addresses that `localhost` has."""
    for family, address in ((socket.AF_INET, LOOPBACK), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as one:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                one.bind((address, port))
        except OSError as error:
            if error.errno in _TAKEN:
                return False
    return True
