"""What `reunion doctor` looks at in the agencies' system, where there is one."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from reunion.cli.diagnosis import Finding, State
from reunion.cli.environment import Environment
from reunion.cli.system import is_here, start
from reunion.settings.environment import keys_folder


def check_system(environment: Environment) -> Iterator[Finding]:
    """The checks of the system; one line where there is none here."""
    if find_spec("django") is None:
        yield Finding("system", State.OK, "the libraries alone; the extra `web` is not installed")
        return
    if not is_here():
        yield Finding("system", State.OK, f"none in {environment.home}: reunion setup makes one")
        return
    yield check_keys(keys_folder())
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


def _databases() -> Iterator[Finding]:
    from django.db import DatabaseError, connections
    from django.db.migrations.executor import MigrationExecutor

    from reunion.base.operations.databases import engine, stores

    for alias in stores():
        try:
            executor = MigrationExecutor(connections[alias])
            waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError:
            mend = "start the server, or correct REUNION_DATABASE_URL"
            yield Finding(alias, State.FAIL, "the database does not answer", mend)
            return
        if waiting:
            meaning = f"{len(waiting)} changes of the tables are not made yet"
            yield Finding(alias, State.FAIL, meaning, "reunion upgrade FOLDER")
            return
        yield Finding(alias, State.OK, f"{engine()}, with the tables of this version")
    yield from _work()


def _work() -> Iterator[Finding]:
    from django.utils.timezone import now

    from reunion.base.audit.models import AuditEntry, AuditSeal
    from reunion.base.jobs.models import DutyRun, Job
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
    last = DutyRun.objects.order_by("-started_at").first()
    if last is None or (now() - last.started_at).total_seconds() > 3600:  # the shortest is minutes
        yield Finding("worker", State.WARN, "no duty was done in the last hour", "reunion worker")
    else:
        waiting = Job.objects.filter(state="queued").count()
        yield Finding("worker", State.OK, f"works; {waiting} jobs wait")
    unsealed = AuditEntry.objects.count() - AuditSeal.objects.filter(store="default").count()
    if unsealed > 1000:  # some seconds of heavy work
        yield Finding("signer", State.WARN, f"{unsealed} entries wait for a seal", "reunion signer")
    else:
        yield Finding("signer", State.OK, f"{unsealed} entries wait for a seal")
