"""Processes that send one act with one key, and one that dies in between: it is done once.

On SQLite each process opens the same file; on PostgreSQL the same database.
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.own_system import OwnSystem, own_system

pytestmark = pytest.mark.database

PROCESSES = 4
KEYS = 10

PREPARE = """
from tests.base.programs import draft, token_for
from tests.base.signing_in import member
import json
print(json.dumps({"token": token_for(member("deng", role="case_leader")), "draft": draft()}))
"""

SEND = """
import json, os, sys, time
from pathlib import Path
from tests.base.programs import Program
from tests.base.test_api_once import KEYS
number, given = sys.argv[1], json.loads(sys.argv[2])
home, caller = Path(os.environ["REUNION_HOME"]), Program(given["token"])
(home / f"ready-{number}").touch()
while not (home / "go").exists():
    time.sleep(0.002)
for n in range(KEYS):
    answer = caller.write("assignments", given["draft"], idempotency_key=f"key-{n}")
    print(json.dumps([answer.status_code, answer.json()["id"],
                      answer.headers.get("Idempotency-Replayed", "")]))
"""

DIE = """
import json, os, sys, time
from reunion.base.assignments import api
from tests.base.programs import Program
given, act = json.loads(sys.argv[1]), api.draft_assignment
def slow(**values):
    made = act(**values)
    print("done", flush=True)
    time.sleep(60)
    return made
api.draft_assignment = slow
Program(given["token"]).write("assignments", given["draft"], idempotency_key="dies")
"""

RETRY = """
import json, sys
from reunion.base.assignments.models import Assignment
from reunion.base.audit.models import AuditEntry
from tests.base.programs import Program
given = json.loads(sys.argv[1])
before = Assignment.objects.unscoped().count()
caller = Program(given["token"])
first = caller.write("assignments", given["draft"], idempotency_key="dies")
again = caller.write("assignments", given["draft"], idempotency_key="dies")
print(json.dumps({
    "statuses": [first.status_code, again.status_code],
    "same": first.content == again.content,
    "made": Assignment.objects.unscoped().count() - before,
    "entries": AuditEntry.objects.filter(act="draft_assignment").count(),
    "all": Assignment.objects.unscoped().count(),
}))
"""


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OwnSystem, Path, str]]:
    """A system with a token."""
    home = tmp_path_factory.mktemp("once")
    with own_system(home) as system:
        yield system, home, system.run(PREPARE).strip()


@pytest.mark.threat("T22")
def test_of_many_requests_with_one_key_one_acts_and_all_are_answered_alike(
    ready: tuple[OwnSystem, Path, str],
) -> None:
    system, home, given = ready
    started = [system.start(SEND, str(number), given) for number in range(PROCESSES)]
    deadline = time.monotonic() + 60
    while len(list(home.glob("ready-*"))) < PROCESSES and time.monotonic() < deadline:
        time.sleep(0.01)
    (home / "go").touch()
    answers = []
    for process in started:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        answers.append([json.loads(line) for line in out.splitlines()])
    for of_key in zip(*answers, strict=True):
        assert {status for status, _, _ in of_key} == {201}
        assert len({made for _, made, _ in of_key}) == 1
        assert sum(replayed == "" for _, _, replayed in of_key) == 1
    count = system.run(
        "from reunion.base.assignments.models import Assignment as A;"
        "print(A.objects.unscoped().count())"
    )
    assert int(count) == KEYS


@pytest.mark.threat("T22")
def test_what_a_killed_process_had_not_finished_is_done_by_the_next_one(
    ready: tuple[OwnSystem, Path, str],
) -> None:
    system, _, given = ready
    dying = system.start(DIE, given)
    assert dying.stdout is not None
    assert dying.stdout.readline().strip() == "done", "the act was written, and not yet committed"
    dying.send_signal(signal.SIGKILL)
    dying.communicate(timeout=30)
    found = json.loads(system.run(RETRY, given))
    assert found["statuses"] == [201, 201]
    assert (found["same"], found["made"]) == (True, 1)
    assert found["entries"] == found["all"]
