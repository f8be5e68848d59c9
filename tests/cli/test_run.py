"""`reunion run`: from nothing to sites that answer, and to none when it ends, however it ends."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.base.test_security_keys import ARGUMENTS
from tests.cli.command import SETTINGS, reunion
from tests.settings import CHROMIUM

READY = "Stop: Ctrl+C"
PORT = 18_700
"""Where these tests look for free ports: away from a system that somebody runs here."""

LANGUAGE = {"Accept-Language": "en"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a demonstration was made, started and stopped."""
    made = tmp_path_factory.mktemp("run")
    done = reunion("run", "--until-ready", cwd=made, environment=settings())
    assert done.status == 0, done.err
    assert "For the agencies: http://localhost:" in done.err
    assert done.err.endswith("All four processes are stopped.\n")
    assert done.out == ""
    return made


def settings(**more: str) -> dict[str, str]:
    """The settings of these runs."""
    return {"REUNION_PORT": str(PORT), **more}


class Running:
    """`reunion run` in a process of its own, once it works."""

    def __init__(self, folder: Path) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(SETTINGS)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "reunion", "run"],
            cwd=folder,
            env={**kept, **settings()},
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said = "".join(self._until_ready())
        ports = re.findall(r"http://localhost:(\d+)/", self.said)
        self.internal, self.public = int(ports[0]), int(ports[1])

    def _until_ready(self) -> Iterator[str]:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            yield line
            if line.startswith(READY):
                return

    def children(self) -> dict[int, str]:
        """The processes that it started, with the last words of their commands."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        pids = map(int, listed.split())
        return {pid: Path(f"/proc/{pid}/cmdline").read_text().rsplit("\0", 2)[1] for pid in pids}

    def end(self) -> tuple[int, str]:
        """The status and the last words, once it has ended."""
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, said


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    """A run; whatever the test does, nothing is left of it."""
    run = Running(folder)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            run.process.terminate()
            run.end()


def left_of(folder: Path) -> list[str]:
    """The commands of the processes that still work in a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and (entry / "cwd").readlink() == folder:
                found.append((entry / "cmdline").read_text())
        except OSError:  # it ended meanwhile, or is somebody else's
            continue
    return found


def wait_until_nothing_is_left(folder: Path) -> None:
    """Ended processes take a moment to go."""
    deadline = time.monotonic() + 30
    while left_of(folder) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left_of(folder) == []


def page(port: int, path: str) -> tuple[int, str]:
    """What a site answers."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path, headers={"Host": "localhost", **LANGUAGE})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_the_passwords_are_in_one_file_that_nobody_else_reads(folder: Path) -> None:
    file = folder / "var" / "demo-logins.json"
    assert file.stat().st_mode & 0o777 == 0o600
    told = json.loads(file.read_text(encoding="utf-8"))
    passwords = [one["password"] for one in told["sign_ins"]]
    assert len(set(passwords)) == len(passwords) > 27
    others = [
        path.read_bytes()
        for path in (folder / "var").rglob("*")
        if path.is_file() and path.name not in {"demo-logins.json"}
    ]
    assert not any(password.encode() in content for password in passwords for content in others)


def test_a_second_start_finds_all_passes_over_a_taken_port_and_stops_at_ctrl_c(
    folder: Path,
) -> None:
    before = (folder / "var" / "demo-logins.json").read_bytes()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", PORT))
        taken.listen()
        with running(folder) as run:
            assert PORT < run.internal < run.public <= PORT + 11
            assert "case-officer" in run.said
            assert page(run.internal, "/readyz")[0] == page(run.public, "/healthz")[0] == 200
            assert "All people and data here are synthetic" in page(run.internal, "/sign-in/")[1]
            another = reunion("run", cwd=folder, environment=settings())
            assert another.status == 3
            assert (
                another.err == "reunion: Reunion runs already with what is in var: stop it there\n"
            )
            run.process.send_signal(signal.SIGINT)
            status, said = run.end()
    assert (status, said) == (0, "All four processes are stopped.\n")
    wait_until_nothing_is_left(folder)
    assert (folder / "var" / "demo-logins.json").read_bytes() == before


@pytest.mark.browser
def test_two_roles_sign_in_with_a_real_browser_and_the_code_that_they_are_shown(
    folder: Path,
) -> None:
    told = json.loads((folder / "var" / "demo-logins.json").read_text(encoding="utf-8"))
    with running(folder) as run, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for login, heading in (("case-officer", "Messages"), ("supervisor", "Approvals")):
            (one,) = (each for each in told["sign_ins"] if each["login"] == login)
            address = f"http://localhost:{run.internal}"
            page = browser.new_context(base_url=address, locale="en-GB").new_page()
            complaints: list[str] = []
            page.on("pageerror", lambda error: complaints.append(str(error)))  # noqa: B023  # read below
            page.goto(one["start"])
            page.get_by_label("Account name").fill(login)
            page.get_by_label("Password").fill(one["password"])
            page.get_by_role("button", name="Sign in").click()
            for _ in range(3):  # a code that changes while it is typed is typed anew
                shown = page.get_by_text("(synthetic data)").inner_text()
                codes = re.findall(r"\d{6}", shown)
                page.get_by_label("Code").fill(codes[0])
                page.get_by_role("button", name="Sign in with the code").click()
                if "Your second factor" not in page.get_by_role("heading", level=1).inner_text():
                    break
            expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
            assert page.url == f"{address}{one['start']}"
            assert complaints == []
            page.context.close()
        browser.close()


def test_one_that_ends_by_itself_is_named_and_all_are_stopped(folder: Path) -> None:
    with running(folder) as run:
        (worker,) = (pid for pid, last in run.children().items() if last == "worker")
        os.kill(worker, signal.SIGKILL)
        status, said = run.end()
    assert status == 3
    assert said == "reunion: the worker has ended (signal 9); all are stopped\n"
    wait_until_nothing_is_left(folder)


def test_without_its_parent_no_process_stays(folder: Path) -> None:
    with running(folder) as run:
        assert len(run.children()) == 4
        run.process.kill()
        run.end()
        wait_until_nothing_is_left(folder)


def test_a_system_of_invented_people_does_not_run_in_production(folder: Path) -> None:
    production = settings(REUNION_MODE="production")
    for words in (["run", "--until-ready"], ["serve", "internal"], ["worker", "--once"]):
        done = reunion(*words, cwd=folder, environment=production)
        assert done.status == 3, words
        assert done.err == "reunion: this system was set up for demo: set REUNION_MODE=demo\n"


def test_in_production_nothing_is_set_up_by_itself(tmp_path: Path) -> None:
    production = settings(REUNION_MODE="production")
    done = reunion("run", "--until-ready", cwd=tmp_path, environment=production)
    assert done.status == 3
    assert "there is no system in var yet: reunion setup makes one" in done.err


def test_a_pack_without_a_cast_says_so(tmp_path: Path) -> None:
    done = reunion(
        "run", "--until-ready", cwd=tmp_path, environment=settings(REUNION_JURISDICTION="in")
    )
    assert done.status == 3
    assert "REUNION_JURISDICTION=in: there is no demonstration for this pack" in done.err
