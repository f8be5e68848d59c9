"""Cleaning a file in a child process, and saying in one word why that did not work."""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import reunion
from reunion.base.attachments.cleaning.frames import ANSWERED, ASKED, WORDS, answer_in
from reunion.base.attachments.rules import (
    LARGEST,
    LARGEST_CLEAN,
    AttachmentRefused,
    Cleaned,
    Refusal,
)

log = logging.getLogger(__name__)

WALL = 30.0
"""Seconds that one file may take, on a machine that is busy; of the processor it gets 20."""

_PIPE = 2**16
_START = (
    "import sys; sys.path.append(sys.argv[1]);"
    " from reunion.base.attachments.cleaning.child import main; main()"
)


class ChildDied(Exception):
    """The child ended before it answered; `ended` is its exit status, negative for a signal."""

    def __init__(self, ended: int) -> None:
        super().__init__(str(ended))
        self.ended = ended


def clean(data: bytes, *, seconds: float = WALL) -> Cleaned:
    """What the cleaner makes of a file, in a process of its own.

    Raises:
        AttachmentRefused: the file is not taken, whatever happened to the process.
    """
    if len(data) > LARGEST:
        raise AttachmentRefused(Refusal.FILE_TOO_LARGE)
    with Child() as child:
        try:
            return child.ask(data, seconds=seconds)
        except TimeoutError as error:
            raise AttachmentRefused(Refusal.TOOK_TOO_LONG) from error
        except ChildDied as died:
            raise AttachmentRefused(_after(died.ended)) from died
        except ValueError as error:
            log.exception("the cleaner has a fault")
            raise AttachmentRefused(Refusal.DAMAGED_FILE) from error


def _after(ended: int) -> Refusal:
    """Why a child ended: out of processor time, out of memory, or taken down by the file."""
    if ended in {-signal.SIGXCPU, -signal.SIGKILL}:
        return Refusal.TOOK_TOO_LONG
    return Refusal.TOO_MUCH_INSIDE if ended == -signal.SIGABRT else Refusal.DAMAGED_FILE


class Child:
    """A child process that cleans files, one after another.

    Args:
        many: it is to clean many files; then it loads all of its libraries first.
    """

    def __init__(self, *, many: bool = False) -> None:
        words = [sys.executable, "-I", "-c", _START, str(Path(reunion.__file__).parents[1])]
        self._process = subprocess.Popen(  # noqa: S603 # our own program, with fixed arguments
            [*words, "many" if many else "one"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
        self._pipes = self._process.stdin, self._process.stdout
        self._to, self._from = (pipe.fileno() for pipe in self._pipes if pipe)
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def ask(self, data: bytes, *, seconds: float) -> Cleaned:
        """Have one file cleaned.

        Raises:
            AttachmentRefused: it is not taken.
            TimeoutError: it took too long; the child is of no more use.
            ChildDied: it took the child down.
            ValueError: the cleaner has a fault of its own, or the answer is none.
        """
        until = time.monotonic() + seconds
        self._send(ASKED.pack(len(data)) + data, until)
        words, size = ANSWERED.unpack(self._receive(ANSWERED.size, until))
        if words > WORDS or size > LARGEST_CLEAN:
            raise AttachmentRefused(Refusal.TOO_MUCH_INSIDE)
        described = self._receive(words, until)
        return answer_in(described, self._receive(size, until))

    def end(self) -> int:
        """Stop the child, whatever it is doing; its exit status."""
        self._process.kill()
        for pipe in self._pipes:
            with suppress(OSError):
                if pipe:
                    pipe.close()
        return self._process.wait()

    def _send(self, data: bytes, until: float) -> None:
        left = memoryview(data)
        while left:
            _ready, ready, _failed = select.select([], [self._to], [], _left(until))
            if not ready:
                raise TimeoutError
            try:
                left = left[os.write(self._to, left[:_PIPE]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise ChildDied(self._process.wait()) from error

    def _receive(self, size: int, until: float) -> bytes:
        parts = []
        while size:
            ready, _ready, _failed = select.select([self._from], [], [], _left(until))
            if not ready:
                raise TimeoutError
            part = os.read(self._from, min(size, _PIPE))
            if not part:
                raise ChildDied(self._process.wait())
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def _left(until: float) -> float:
    return max(0.0, until - time.monotonic())
