"""`reunion packs`: which jurisdictions there are, and whether their data are in order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reunion.cli.console import emit, say, show_table
from reunion.cli.errors import Status
from reunion.cli.options import Json

app = typer.Typer(
    help="Packs: what differs from country to country, as data.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_packs(json: Json = False) -> None:
    """List the jurisdictions: one JSON line each, or a table for people."""
    from reunion.packs.jurisdiction import jurisdiction_folders, load_jurisdiction

    rows: list[dict[str, object]] = []
    for folder in jurisdiction_folders():
        pack = load_jurisdiction(folder.name)
        rows.append(
            {
                "code": pack.code,
                "name": pack.manifest.names["en"] if "en" in pack.languages else pack.code,
                "languages": list(pack.languages),
                "regions": len(pack.regions.all),
                "holidays_known": sorted(pack.calendar.years),
            }
        )
    if json:
        for row in rows:
            emit(row)
    else:
        show_table(
            ("code", "name", "languages", "regions", "holidays known"),
            ([*map(_cell, row.values())] for row in rows),
        )


@app.command("check")
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(help="A folder of packs, or of one pack [default: the packs that ship]."),
    ] = None,
    json: Json = False,
) -> None:
    """Check packs: the shape of files, what they say of one another, and their own examples.

    Status 0: all is in order; 1: something is wrong, with one sentence for each fault.
    """
    from reunion.packs.checking import check_packs
    from reunion.packs.jurisdiction import DATA

    faults = list(check_packs(folder or DATA))
    for fault in faults:
        if json:
            emit({"fault": type(fault).__name__, **{k: str(v) for k, v in fault.fields.items()}})
        say(fault)
    if faults:
        raise typer.Exit(Status.FINDINGS)
    say(f"the packs in {folder or DATA} are in order")


def _cell(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
