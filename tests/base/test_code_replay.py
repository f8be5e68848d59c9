"""A code of a second factor opens one session, however many processes of the site are shown it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.base.signing_in import code
from tools.own_system import own_system

PROCESSES = 4

SETUP = """
from tests.base.signing_in import member, with_app
with_app(member("deng"))
"""

SIGN_IN = """
import sys, time
from pathlib import Path
from tests.base.signing_in import Browser
browser = Browser()
browser.defaults["SERVER_NAME"] = "localhost"
browser.password("deng")
print("ready", flush=True)
shared = Path(sys.argv[1])
while not shared.exists():
    time.sleep(0.002)
answer = browser.send("/sign-in/factor/", code=shared.read_text())
print(answer.status_code, browser.get("/units/").status_code)
"""


@pytest.mark.database
@pytest.mark.threat("T20")
def test_of_several_processes_shown_one_code_one_opens(tmp_path: Path) -> None:
    with own_system(tmp_path / "home") as own:
        own.collect()
        own.run(SETUP)
        shared, written = tmp_path / "code", tmp_path / "code.part"
        running = [own.start(SIGN_IN, str(shared)) for _ in range(PROCESSES)]
        for process in running:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", process.communicate()[1]
        while time.time() % 30 > 20:  # all must be served within the code's half minute
            time.sleep(0.1)
        written.write_text(code())
        written.rename(shared)
        answers = sorted(process.communicate(timeout=60)[0].strip() for process in running)
    assert answers == ["200 302"] * (PROCESSES - 1) + ["302 200"]
