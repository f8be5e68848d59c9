"""The signer as a process: it seals what comes, signs heads, and stops when it is told to."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils import timezone

from reunion.base.audit.journal import Desk
from reunion.base.audit.signer import Signer
from reunion.base.audit.sources import sources
from reunion.base.keyring import Keyring

PAUSE = 0.1
"""Seconds between two looks for new entries: a tenth of the lag that is allowed."""


def run(
    keys: Keyring,
    folder: Path,
    *,
    once: bool,
    tell: Callable[[str], None],
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Seal until a signal comes; with `once`, seal what is there, sign a head and stop.

    Args:
        tell: takes one sentence for each thing that an operator must know.
        ready: called when it begins to seal.

    Raises:
        SignerRuns: another signer works on the folder.
        SealForeign, JournalDamaged: somebody tampered; nothing is sealed any more.
    """
    desk = Desk(folder)
    try:
        signer = Signer(keys, desk, sources())
        for notice in signer.recover():
            tell(str(notice))
        with _stopping() as stop:
            ready()
            _work(signer, stop, once=once)
    finally:
        desk.close()


def _work(signer: Signer, stop: threading.Event, *, once: bool) -> None:
    while not stop.is_set():
        if signer.seal(timezone.now()):
            continue
        if once:
            if signer.is_swept():
                _sign(signer)
                return
            continue
        if signer.is_head_due(timezone.now()):
            _sign(signer)
        stop.wait(PAUSE)


def _sign(signer: Signer) -> None:
    """Sign a head, if there is anything to sign; it names the lag of what it covers."""
    if signer.state.frontier.size:
        signer.sign(timezone.now())


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set, so that a batch is ended before the process is."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
