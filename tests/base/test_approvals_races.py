"""Processes that compete for one approval or one task: exactly one gets it.

On SQLite each process opens the same file; on PostgreSQL the same database.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.base.racing import EACH
from tools.own_system import OwnSystem, own_system

pytestmark = pytest.mark.database

PROCESSES = 4


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OwnSystem, Path, str]]:
    """A system with things to compete for."""
    home = tmp_path_factory.mktemp("races")
    with own_system(home) as system:
        ids = system.run("from tests.base.racing import prepare; print(prepare())")
        yield system, home, ids.strip()


def race(ready: tuple[OwnSystem, Path, str], what: str) -> list[str]:
    """What each of the processes gives after all began at the same moment."""
    system, home, ids = ready
    for old in [*home.glob("ready-*"), *home.glob("go")]:
        old.unlink()
    script = f"import sys; from tests.base.racing import {what}; print({what}(*sys.argv[1:]))"
    started = [system.start(script, str(number), ids) for number in range(PROCESSES)]
    deadline = time.monotonic() + 60
    while len(list(home.glob("ready-*"))) < PROCESSES and time.monotonic() < deadline:
        time.sleep(0.01)
    (home / "go").touch()
    printed = []
    for process in started:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        printed.append(out.strip())
    return printed


def test_each_approval_is_used_by_one_process_only(ready: tuple[OwnSystem, Path, str]) -> None:
    assert sum(map(int, race(ready, "use_all"))) == EACH


def test_each_task_is_accepted_by_one_process_only(ready: tuple[OwnSystem, Path, str]) -> None:
    assert sum(map(int, race(ready, "accept_all"))) == EACH


def test_each_step_up_is_taken_by_one_process_only(ready: tuple[OwnSystem, Path, str]) -> None:
    assert sum(map(int, race(ready, "escalate_all"))) == 4 * EACH
    system, _, ids = ready
    count = system.run(
        "from reunion.base.assignments.models import Escalation; print(Escalation.objects.count())"
    )
    assert int(count) == 4 * len(json.loads(ids)["tasks"])
