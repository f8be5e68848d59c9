"""What tests of the audit trail share: a signer in a folder, entries to seal, a check."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from reunion.base.actor import Actor
from reunion.base.audit.actions import record
from reunion.base.audit.findings import Finding
from reunion.base.audit.journal import Desk
from reunion.base.audit.models import AuditEntry
from reunion.base.audit.signer import Notice, Signer
from reunion.base.audit.sources import sources
from reunion.base.audit.verify import verify
from reunion.base.keyring import Keyring
from tests.cast import NOW, administrator

LATER = NOW + timedelta(hours=2)
"""When checks are made: an entry of the tests that has no seal by then is never waited for."""


def seeded() -> random.Random:
    """The same choices in every run."""
    return random.Random(20260302)  # noqa: S311 # choices of tests, not secrets


def keys(folder: Path) -> Keyring:
    """The signer's keys."""
    return Keyring(folder / "keys")


@contextmanager
def signer(folder: Path) -> Iterator[Signer]:
    """A signer that has recovered; only one at a time works on a folder."""
    desk = Desk(folder / "signer")
    try:
        made = Signer(keys(folder), desk, sources())
        made.recover()
        yield made
    finally:
        desk.close()


def notices(folder: Path) -> list[Notice]:
    """What a signer finds when it starts."""
    desk = Desk(folder / "signer")
    try:
        return Signer(keys(folder), desk, sources()).recover()
    finally:
        desk.close()


def entries(count: int, *, actor: Actor | None = None, at: datetime = NOW) -> list[AuditEntry]:
    """Entries of invented acts."""
    actor = actor or administrator()
    return [record(actor=actor, act=f"act_{n}", subject=None, at=at) for n in range(count)]


def seal_all(folder: Path, *, at: datetime = NOW, head: bool = True) -> None:
    """Seal whatever waits, and sign a head."""
    with signer(folder) as working:
        while working.seal(at):
            pass
        if head:
            working.sign(at)


def faults(folder: Path, *, with_journal: bool = True) -> tuple[Finding, ...]:
    """What a check with the signer's keys finds."""
    return verify(keys(folder), LATER, folder / "signer" if with_journal else None).findings
