"""With TLS on, cookies are bound to this host; in production the sites start with it alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from reunion.cli.children import free_ports
from reunion.cli.serve import Site, server, settings_of
from tests.cli.command import reunion
from tests.cli.test_system import SETUP
from tests.settings import ROOT

SCRIPT = """
import json, django
django.setup()
from django.conf import settings
from django.core import checks
found = checks.run_checks(include_deployment_checks=True)
names = ("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_SAMESITE",
         "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT")
print(json.dumps([[c.id for c in found if not c.is_silenced()],
                  {name: getattr(settings, name) for name in names}]))
"""


def test_cookies_and_checks_over_tls(tmp_path: Path) -> None:
    environment = os.environ | {
        "REUNION_HOME": str(tmp_path),
        "REUNION_TLS": "on",
        "DJANGO_SETTINGS_MODULE": "reunion.settings.internal",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    complaints, values = json.loads(ran.stdout)
    assert set(complaints) <= {"security.W021"}  # preloading is the operator's own decision
    assert values == {
        "SESSION_COOKIE_NAME": "__Host-s",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "CSRF_COOKIE_NAME": "__Host-c",
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_SSL_REDIRECT": True,
    }


PRODUCTION = {"REUNION_MODE": "production"}
TLS = {"REUNION_TLS": "on"}


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a system for real people."""
    folder = tmp_path_factory.mktemp("production")
    assert reunion(*SETUP, cwd=folder, environment=PRODUCTION).status == 0
    return folder


@pytest.mark.parametrize("words", ["serve public", "run --until-ready"])
def test_in_production_no_site_starts_without_tls(production: Path, words: str) -> None:
    done = reunion(*words.split(), cwd=production, environment=PRODUCTION)
    said = "reunion: REUNION_TLS: in production a proxy must end TLS; then set it to on\n"
    assert (done.status, done.err.splitlines(keepends=True)[-1]) == (2, said)


def test_the_doctor_says_what_is_missing(production: Path) -> None:
    def found(environment: dict[str, str]) -> str:
        done = reunion("doctor", "--json", cwd=production, environment=environment)
        checks = {one["check"]: one for one in map(json.loads, done.out.splitlines())}
        return str(checks["tls"]["state"])

    assert found(PRODUCTION) == "fail"
    assert found(PRODUCTION | TLS) == "ok"


def test_a_server_that_is_started_by_hand_refuses_too(production: Path) -> None:
    assert started(production, {}) is None
    assert started(production, TLS) == 200


def started(folder: Path, more: dict[str, str]) -> int | None:
    """What the internal site answers over its real server; None: the server has ended."""
    port, _public = free_ports(8400)
    process = subprocess.Popen(
        server(Site.INTERNAL, port=port, host="127.0.0.1"),
        cwd=ROOT,
        env=os.environ
        | settings_of(Site.INTERNAL)
        | PRODUCTION
        | {"REUNION_HOME": str(folder / "var")}
        | more,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            if process.poll() is not None:
                return None
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
                    return int(answer.status)
            except OSError:
                time.sleep(0.1)
        raise TimeoutError
    finally:
        process.terminate()
        process.wait(30)
