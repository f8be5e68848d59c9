"""`reunion serve` and `reunion worker`: the processes of the system, each with its own settings."""

from __future__ import annotations

import os
import signal
import sys
from enum import StrEnum
from typing import Annotated

import typer

from reunion.cli.console import say
from reunion.cli.errors import UsageError
from reunion.cli.readiness import tell_ready
from reunion.cli.system import require_own_mode, require_system, start_system
from reunion.settings.environment import BadSetting, require_tls, value

UNUSED = ["django_tables2", "ext", "htmax*", "htmx-4*"]
"""Files of pages that packages bring along and none of ours asks for."""


class Site(StrEnum):
    """The two sites: of the agencies, and of everybody."""

    INTERNAL = "internal"
    PUBLIC = "public"


def serve(
    site: Annotated[Site, typer.Argument(help="internal, or public.")],
    threads: Annotated[int, typer.Option(min=1, help="Requests that are answered at once.")] = 4,
    port: Annotated[
        int | None, typer.Option(help="Port [default: REUNION_PORT; public: the next one].")
    ] = None,
) -> None:
    """Serve one of the two sites, until it is stopped. Neither keeps a record of requests."""
    if site is Site.INTERNAL:
        start_system("internal")
        require_own_mode()
        collect_files()
    else:
        require_system("published")
    os.environ |= settings_of(site)
    words = server(site, port=port or usual_port(site), host=value("HOST"), threads=threads)
    os.execv(words[0], words)  # noqa: S606  # our own server


def collect_files() -> None:
    """Put the files of this version's pages where they are served from, compressed."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED)


def usual_port(site: Site) -> int:
    """The port of a site where nobody names another one."""
    return int(value("PORT")) + (1 if site is Site.PUBLIC else 0)


def settings_of(site: Site) -> dict[str, str]:
    """What the server of a site finds in its environment."""
    return {"DJANGO_SETTINGS_MODULE": f"reunion.settings.{site.value}"}


def server(site: Site, *, port: int, host: str, threads: int = 4) -> list[str]:
    """The command that serves a site.

    Raises:
        UsageError: this is production, and REUNION_TLS is off.
    """
    try:
        require_tls()
    except BadSetting as error:
        raise UsageError(str(error)) from error
    words = [sys.executable, "-m", "gunicorn"]
    words += ["--worker-class", "gthread", "--workers", "1", "--threads", str(threads)]
    # No record of requests (an address stands in it), no socket in the home of whoever starts it.
    words += ["--no-control-socket"]
    if site is Site.PUBLIC:  # warnings of the server name addresses
        words += ["--config", "python:reunion.web.public_server", "--log-level", "critical"]
    else:
        words += ["--log-level", "warning"]
    return [*words, "--bind", f"{host}:{port}", "reunion.web.wsgi:application"]


def worker(
    queue: Annotated[list[str] | None, typer.Option(help="Queue to serve [default].")] = None,
    duties: Annotated[bool, typer.Option(help="Do what comes round, too.")] = True,
    once: Annotated[bool, typer.Option("--once", help="Stop when nothing waits.")] = False,
) -> None:
    """Do long work in the background, until it is stopped. What is broken off goes on later."""
    start_system("worker")
    require_own_mode()
    from django.utils.timezone import now

    from reunion.base.jobs.registry import KINDS
    from reunion.base.jobs.worker import Worker

    queues = tuple(queue or ["default"])
    known = {kind.queue for kind in KINDS.values()} | {"default"}
    if unknown := set(queues) - known:
        raise UsageError(f"{min(unknown)}: there is no such queue; known are {sorted(known)}")
    loop = Worker(queues, clock=now, with_duties=duties)
    if once:
        loop.run_until_idle()
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.stopping.set())
    say(f"worker {loop.name}: {', '.join(queues)}")
    tell_ready()
    loop.run()
