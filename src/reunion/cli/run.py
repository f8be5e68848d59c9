"""`reunion run`: all four processes on this machine; at the first start, a demonstration."""

from __future__ import annotations

import fcntl
import os
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from reunion.cli import demonstration
from reunion.cli.children import LOOPBACK, Program, free_ports, run_all
from reunion.cli.console import say, waiting
from reunion.cli.environment import read_environment
from reunion.cli.errors import CommandError
from reunion.cli.serve import Site, server, settings_of
from reunion.cli.system import require_answer
from reunion.settings.environment import value


def run(
    until_ready: Annotated[
        bool, typer.Option("--until-ready", help="Start, see that all answer, and stop again.")
    ] = False,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Show the internal site in a browser.")
    ] = False,
) -> None:
    """Start both sites, the worker and the signer on this machine, until Ctrl+C.

    Where nothing is there yet, a synthetic system is set up first, with a sign-in for every role.
    Ports that are taken are passed over.
    """
    home = read_environment().home
    with _alone(home):
        require_answer()
        with waiting("Looking for a system; the first start makes one, in a minute at most"):
            sign_ins = demonstration.prepare(home)
        internal, public = free_ports(int(value("PORT")))
        address = f"http://localhost:{internal}/"

        def ready() -> None:
            say(f"Reunion runs. For the agencies: {address}")
            say(f"              For the public:   http://localhost:{public}/")
            demonstration.show(home, sign_ins)
            if not until_ready:
                say("Stop: Ctrl+C. Look after it: reunion doctor. From nothing again: make reset")
            if open_browser:
                webbrowser.open(address)

        run_all(_programs(internal, public), ready=ready, until_ready=until_ready)
    say("All four processes are stopped.")


def _programs(internal: int, public: int) -> list[Program]:
    """The four, in the order in which they start; the signer stops last, and seals all acts."""
    return [
        Program(
            "the internal site",
            server(Site.INTERNAL, port=internal, host=LOOPBACK),
            settings_of(Site.INTERNAL) | {"REUNION_PUBLIC_ADDRESS": f"http://localhost:{public}/"},
            (internal, "/readyz"),
        ),
        Program(
            "the public site",
            server(Site.PUBLIC, port=public, host=LOOPBACK),
            settings_of(Site.PUBLIC),
            (public, "/healthz"),
        ),
        Program("the worker", [sys.executable, "-m", "reunion", "worker"]),
        Program("the signer", [sys.executable, "-m", "reunion", "signer"]),
    ]


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the lock of a home: two signers, or two workers of one name, must not meet.

    Raises:
        CommandError: it runs already.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(home / "run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise CommandError(f"Reunion runs already with what is in {home}: stop it there") from error
    try:
        yield
    finally:
        os.close(handle)
