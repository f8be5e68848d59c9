"""The command `reunion`: its parts, and what happens when something goes wrong.

Whatever a command needs beyond this, it imports when it runs, so that help comes at once.
"""

from __future__ import annotations

import os
import sys
import traceback
from typing import Annotated, NoReturn

import typer

from reunion.cli import audit, audit_signer, doctor, keys, kinship, operations, packs, run, serve
from reunion.cli.console import leave_unread, say
from reunion.cli.environment import read_environment
from reunion.cli.errors import CommandError, Status

app = typer.Typer(
    name="reunion",
    help="Finds missing and trafficked people through the DNA of their families.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(kinship.app, name="kinship")
app.add_typer(packs.app, name="packs")
app.add_typer(keys.app, name="keys")
app.add_typer(audit.app, name="audit")
app.command()(audit_signer.signer)
app.command()(serve.worker)
app.command()(serve.serve)
app.command()(operations.setup)
app.command()(operations.backup)
app.command()(operations.restore)
app.command()(operations.upgrade)
app.command()(doctor.doctor)
app.command()(run.run)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version

        print(f"reunion {version('reunion')}")
        raise typer.Exit


@app.callback()
def reunion(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Check the environment before any command."""
    read_environment()


def main() -> NoReturn:
    """Run the command and leave with its status; nobody ever sees a traceback unasked."""
    try:
        app(prog_name="reunion")
    except SystemExit as ended:
        code = ended.code
        sys.exit(_flushed(code if isinstance(code, int) else Status.OK))
    except KeyboardInterrupt:
        sys.exit(Status.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 # the outermost handler
        sys.exit(_status_of(error))
    sys.exit(_flushed(Status.OK))


def _flushed(status: int) -> int:
    """The status after all output has left, which is the last thing that can fail."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return leave_unread()
    except OSError as error:
        return _status_of(error)
    if status == Status.INTERRUPTED:
        say("interrupted")
    return status


def _status_of(error: Exception) -> Status:
    """Say in one sentence what went wrong; the exit status that belongs to it."""
    from reunion.base.errors import ReunionError
    from reunion.cli.wording import sentence
    from reunion.kinship.errors import BadSetting, ClusterFault, KinshipError, MissingPackage
    from reunion.packs.errors import BadTableName, PackError, UnknownTable

    if os.environ.get("REUNION_DEBUG") == "1":
        traceback.print_exception(error)
    text = str(error)
    match error:
        case CommandError():
            status = error.status
        case BadSetting() | BadTableName() | UnknownTable():
            status = Status.USAGE
        case ClusterFault() | MissingPackage():
            status = Status.ENVIRONMENT
        case KinshipError():
            status = Status.REFUSED
        case ReunionError():
            status, text = Status.REFUSED, sentence(error)
        case PackError() | OSError():
            status = Status.ENVIRONMENT
        case MemoryError():
            say("reunion: the memory of this computer is used up: search fewer people at once")
            return Status.ENVIRONMENT
        case _:
            say(
                f"reunion: a fault of the program itself ({type(error).__name__}: {error});"
                " REUNION_DEBUG=1 shows where"
            )
            return Status.FAULT
    say(f"reunion: {text}")
    return status
