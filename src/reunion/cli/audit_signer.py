"""`reunion signer`: the process that seals the audit trail and signs its heads."""

from __future__ import annotations

from typing import Annotated

import typer

from reunion.cli.console import say
from reunion.cli.errors import Refused, UsageError
from reunion.cli.readiness import tell_ready


def signer(
    once: Annotated[
        bool, typer.Option("--once", help="Seal what is there, sign a head, and stop.")
    ] = False,
    rotate: Annotated[
        str, typer.Option(help="Make a new key first: audit (of the chain) or head.")
    ] = "",
) -> None:
    """Seal the audit trail, until a signal ends it; one signer works at a time.

    What it finds at the start goes to stderr: `truncated` says that the database has lost seals
    that it once had. Status 4: somebody tampered, and nothing is sealed any more.
    """
    from reunion.cli.audit_settings import start

    keys, folder = start("signer")
    from reunion.base.audit.process import run
    from reunion.base.errors import ReunionError

    if rotate not in ("", "audit", "head"):
        raise UsageError(f"--rotate {rotate}: there is no such key; audit and head are")
    if rotate:
        keys.add(rotate)
    try:
        run(keys, folder, once=once, tell=say, ready=tell_ready)
    except ReunionError as error:
        raise Refused(str(error)) from error
