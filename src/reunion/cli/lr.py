"""`reunion kinship lr`: likelihood ratios of stated cases."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from reunion.cli.console import emit, say
from reunion.cli.errors import Refused, Status


def lr(
    file: Annotated[
        str, typer.Argument(metavar="CASES.json", help="Cases as JSON; - reads them from stdin.")
    ],
    _json: Annotated[
        bool, typer.Option("--json", help="Print JSON lines; this command always does.")
    ] = False,
) -> None:
    """Likelihood ratios of cases: one JSON line each.

    Keys: id; likelihood of H1 and H2 by marker; lr by marker (null for 0/0, "Inf" for x/0);
    log10_lr_total (a number, "-Inf", "Inf" or "NaN").
    """
    from reunion.kinship.cases import BadCase, evaluate, parse_case, read_cases
    from reunion.kinship.errors import KinshipError

    name = "stdin" if file == "-" else file
    try:
        raws = read_cases(_text(file, name))
    except BadCase as error:
        raise Refused(f"{name}: {error}") from error
    failed = 0
    for number, raw in enumerate(raws, 1):
        try:
            case = parse_case(raw, number)
        except KinshipError as error:
            say(f"{name}: {error}")
            failed += 1
            continue
        try:
            emit(evaluate(case))
        except KinshipError as error:
            say(f"{name}: case {case.id}: {error}")
            failed += 1
    if failed:
        say(f"{name}: {failed} of {len(raws)} cases refused")
        raise typer.Exit(Status.REFUSED)


def _text(file: str, name: str) -> str:
    """The text of a file or of stdin."""
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Refused(f"{name}: the file cannot be read ({reason})") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + data.count(b"\n", 0, error.start)
        byte = f"{data[error.start]:02x}"
        raise Refused(
            f"{name}, line {line}, byte '{byte}': the file is not UTF-8: save it as UTF-8"
        ) from error
