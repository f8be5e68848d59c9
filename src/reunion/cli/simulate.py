"""`reunion kinship simulate`: an invented population with families who search."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reunion.cli.options import Json


def simulate(
    families: Annotated[int, typer.Option(min=1, help="Families who search.")],
    people: Annotated[int, typer.Option(min=1, help="Profiles in the database.")],
    out: Annotated[Path, typer.Option(help="Folder for families, profiles and truth.")],
    frequencies: Annotated[
        str, typer.Option(metavar="NAME_OR_FILE", help="Frequency table.")
    ] = "nist_asian",
    panel: Annotated[
        str, typer.Option(metavar="KIT", help="Kit whose markers are typed.")
    ] = "GlobalFiler",
    seed: Annotated[int, typer.Option(help="The same seed makes the same data.")] = 1,
    json: Json = False,
) -> None:
    """Invent families, profiles and the truth about them; all data are synthetic."""
    raise NotImplementedError
