"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON to stdout.")]

Threads: TypeAlias = Annotated[
    "int | None", typer.Option(min=1, help="Threads of the scan [default: one per processor].")
]
