"""What `reunion doctor` looks at in the agencies' system, where there is one."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from reunion.cli.diagnosis import Finding, State
from reunion.cli.environment import Environment
from reunion.cli.errors import CommandError
from reunion.cli.system import is_here, start
from reunion.settings.environment import BadSetting, keys_folder, require_tls, value


def check_system(environment: Environment) -> Iterator[Finding]:
    """The checks of the system; one line where there is none here."""
    if find_spec("django") is None:
        yield Finding("system", State.OK, "the libraries alone; the extra `web` is not installed")
        return
    try:
        found = is_here()
    except CommandError as error:
        yield Finding("system", State.FAIL, str(error), "see docs/operations.md")
        return
    if not found:
        yield Finding("system", State.OK, f"none in {environment.home}: reunion setup makes one")
        return
    yield check_keys(keys_folder())
    yield check_tls()
    start("internal")
    yield from _databases()


def check_keys(folder: Path) -> Finding:
    """Whether others on this machine can read a key."""
    open_ones = [
        file for file in folder.rglob("*") if file.is_file() and file.stat().st_mode & 0o077
    ]
    if open_ones:
        mend = f"chmod -R go= {folder}"
        meaning = f"{len(open_ones)} files can be read by others, such as {open_ones[0]}"
        return Finding("keys", State.FAIL, meaning, mend)
    mode = stat.filemode(folder.stat().st_mode) if folder.is_dir() else "not there yet"
    return Finding("keys", State.OK, f"{folder} ({mode})")


def check_tls() -> Finding:
    """Whether the sites would start."""
    try:
        require_tls()
    except BadSetting:
        meaning = "off: in production the sites do not start without it"
        return Finding("tls", State.FAIL, meaning, "REUNION_TLS=on, behind a proxy that ends TLS")
    on = value("TLS") == "on"
    return Finding("tls", State.OK, "on" if on else "off, which is enough for invented people")


def _databases() -> Iterator[Finding]:
    from reunion.base.operations.databases import engine, stores, waiting
    from reunion.base.operations.errors import NoAnswer

    for alias in stores():
        try:
            left = waiting(alias)
        except NoAnswer:
            yield Finding(alias, State.FAIL, "the database does not answer", "start the server")
            return
        if left:
            meaning = f"{left} changes of the tables are not made yet"
            yield Finding(alias, State.FAIL, meaning, "reunion upgrade FOLDER")
            return
        yield Finding(alias, State.OK, f"{engine()}, with the tables of this version")
    yield from _setup()
    yield from _worker()
    yield from _signer()


def _setup() -> Iterator[Finding]:
    from reunion.base.keys.models import Escrow
    from reunion.base.operations.models import Installation

    installation = Installation.objects.first()
    if installation is None:
        yield Finding("setup", State.FAIL, "the system is not set up", "reunion setup")
        return
    people = "all people are synthetic" if installation.synthetic else "real people"
    yield Finding("setup", State.OK, f"{installation.jurisdiction}, {people}")
    if not Escrow.objects.exists():
        mend = "reunion keys escrow-create"
        yield Finding("escrow", State.WARN, "nobody could open the keys if they were lost", mend)


def _worker() -> Iterator[Finding]:
    from django.db.models import Max
    from django.utils.timezone import now

    from reunion.base.jobs.access import failing_duties
    from reunion.base.jobs.models import DutyState, Job

    last = DutyState.objects.aggregate(last=Max("done_at"))["last"]
    if last is None or (now() - last).total_seconds() > 3600:  # the shortest is minutes
        yield Finding("worker", State.WARN, "no duty was done in the last hour", "reunion worker")
    else:
        waiting = Job.objects.filter(state="queued").count()
        yield Finding("worker", State.OK, f"works; {waiting} jobs wait")
    if failing := failing_duties(now()):
        named = ", ".join(f"{d.duty} ({d.attempts} times, {d.fault or 'killed'})" for d in failing)
        mend = "look at what the worker says; it tries again by itself"
        yield Finding("duties", State.FAIL, f"fail: {named}", mend)


def _signer() -> Iterator[Finding]:
    from django.utils.timezone import localtime

    from reunion.base.audit.access import last_head
    from reunion.base.audit.models import AuditEntry, AuditSeal
    from reunion.base.audit.rules import moment_at

    unsealed = AuditEntry.objects.count() - AuditSeal.objects.filter(store="default").count()
    if unsealed > 1000:  # some seconds of heavy work
        yield Finding("signer", State.WARN, f"{unsealed} entries wait for a seal", "reunion signer")
    else:
        yield Finding("signer", State.OK, f"{unsealed} entries wait for a seal")
    head = last_head()
    if head is None:
        yield Finding("sealing lag", State.WARN, "no head is signed yet", "reunion signer")
        return
    meaning = (
        f"half of the entries within {head.lag_p50 / 1e6:.1f} s, 99 of 100 within"
        f" {head.lag_p99 / 1e6:.1f} s, as the head of"
        f" {localtime(moment_at(head.at)):%Y-%m-%d %H:%M} says"
    )
    is_long = head.lag_p99 > 60e6  # sixty times what a signer that runs all the time needs
    mend = "let reunion signer run all the time" if is_long else ""
    yield Finding("sealing lag", State.WARN if is_long else State.OK, meaning, mend)
