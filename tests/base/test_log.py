"""What is logged: faults with their places, refusals with account and page; nothing of anybody."""

from __future__ import annotations

import logging
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from reunion.cli.children import free_ports
from reunion.cli.serve import Site, server
from reunion.web.log import Lines
from tests.base.signing_in import PASSWORD, Browser, member, with_app, with_key
from tools.own_system import ROOT, own_system

pytestmark = pytest.mark.one_database

SENTINEL = "sentinel7f3a"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What the handler of the settings writes, as text."""
    caplog.handler.setFormatter(Lines())
    return caplog


def lines(log: pytest.LogCaptureFixture) -> list[str]:
    """The lines without their moments, which must be of UTC."""
    stamped = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 ")
    assert all(stamped.match(line) for line in log.text.splitlines())
    return [stamped.sub("", line) for line in log.text.splitlines()]


@pytest.mark.django_db
def test_a_refused_page_is_logged_with_its_account_and_nothing_that_was_typed(
    log: pytest.LogCaptureFixture,
) -> None:
    account = with_app(member("deng"))
    browser = with_key(account)
    record = uuid4()
    browser.get(f"/accounts/{record}/?q={SENTINEL}")
    browser.get(f"/{SENTINEL}/")
    browser.post("/units/", {"name": SENTINEL})  # without its token
    who = f"account={account.pk}"
    assert lines(log)[:2] == [
        f"SECURITY refused 404 GET accounts/{record}/ {who}",
        f"SECURITY refused 404 {who}",
    ]
    assert lines(log)[2].startswith("SECURITY refused 403 POST")
    assert SENTINEL not in log.text


@pytest.mark.django_db
def test_what_nobody_asks_for_outside_the_site_is_not_logged(
    log: pytest.LogCaptureFixture,
) -> None:
    Client().get("/wp-login.php")
    Client().get("/units/")
    assert log.text == ""


@pytest.mark.django_db
def test_a_program_without_a_valid_token_is_logged_without_the_token(
    log: pytest.LogCaptureFixture,
) -> None:
    Client().get("/api/me", headers={"Authorization": f"Bearer {SENTINEL}"})
    assert lines(log) == ["SECURITY refused 401 GET api/me"]


@pytest.mark.django_db
def test_failed_sign_ins_are_logged_up_to_the_lock_without_a_name(
    log: pytest.LogCaptureFixture,
) -> None:
    account = with_app(member("deng"))
    Browser().password(SENTINEL, "wrong")
    browser = Browser()
    browser.password("deng")
    browser.send("/sign-in/factor/", code="000000")
    for _ in range(5):
        Browser().password("Deng", f"{SENTINEL} wrong")
    who = f"account={account.pk}"
    assert lines(log) == [
        "SECURITY sign-in with a wrong password",
        f"SECURITY second factor refused {who}",
        *[f"SECURITY sign-in with a wrong password {who}"] * 4,
        f"SECURITY sign-in to a shut account {who}",
        "SECURITY refused 429 POST sign-in/",
    ]
    assert "deng" not in log.text.lower()
    assert SENTINEL not in log.text


@pytest.mark.django_db
def test_a_wrong_code_for_a_first_password_is_logged(log: pytest.LogCaptureFixture) -> None:
    fields = dict.fromkeys(("password", "again"), PASSWORD) | {"login": SENTINEL, "code": SENTINEL}
    Browser().send("/sign-in/first/", **fields)
    assert lines(log) == ["SECURITY code for a password refused"]


def test_of_a_fault_its_classes_and_places_are_logged_and_never_its_text(
    log: pytest.LogCaptureFixture,
) -> None:
    name = SENTINEL
    try:
        try:
            raise ValueError(name)
        except ValueError as error:
            raise LookupError(f"no {name}") from error
    except LookupError:
        logging.getLogger("django.request").exception("at %s", name, extra={"status_code": 500})
    assert "ERROR django.request" in log.text
    assert "builtins.LookupError" in log.text
    assert "builtins.ValueError" in log.text
    assert "test_log.py" in log.text
    assert SENTINEL not in log.text


def test_a_real_server_logs_a_fault_and_nothing_that_was_sent(tmp_path: Path) -> None:
    port, _public = free_ports(8300)
    with own_system(tmp_path, migrated=False) as system:  # each page that reads a table is a fault
        file = tmp_path / "log"
        with file.open("wb") as out:
            process = subprocess.Popen(
                server(Site.INTERNAL, port=port, host="127.0.0.1"),
                cwd=ROOT, env=system.environment, stdout=out, stderr=out,
            )  # fmt: skip
        try:
            status = asked(f"http://127.0.0.1:{port}/sign-in/?q={SENTINEL}")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
    written = file.read_text()
    assert status == 500
    assert re.search(r"^\S+\+00:00 ERROR django\.request$", written, re.MULTILINE)
    assert "OperationalError" in written or "ProgrammingError" in written
    assert 'base/accounts/sessions.py", line' in written
    assert SENTINEL not in written
    assert "127.0.0.1" not in written.split("ERROR django.request", 1)[1]


def asked(address: str) -> int:
    """The status of an answer, once the server has started."""
    request = urllib.request.Request(  # noqa: S310  # of this machine
        address, headers={"Cookie": f"s={SENTINEL * 3}", "User-Agent": SENTINEL}
    )
    for _ in range(200):
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310  # the same
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            time.sleep(0.1)
    raise TimeoutError
