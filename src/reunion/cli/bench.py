"""`reunion kinship bench`: how fast the engine is on this computer."""

from __future__ import annotations

from typing import Annotated

import typer

from reunion.cli.console import emit, show_table, waiting
from reunion.cli.options import Json


def bench(
    profiles: Annotated[
        int, typer.Option(min=1000, help="Profiles for the figures of one core.")
    ] = 1_000_000,
    large: Annotated[
        int, typer.Option(min=1000, help="Profiles of the memory-mapped snapshot.")
    ] = 10_000_000,
    compiled: Annotated[
        int, typer.Option(min=1, help="Families of each shape that are compiled.")
    ] = 1_000,
    json: Json = False,
) -> None:
    """Measure the engine: likelihood ratios per second, opening, memory."""
    from reunion.kinship import bench as engine

    with waiting("Measuring; this takes about a minute"):
        figures = engine.bench(profiles=profiles, compiled=compiled, large=large)
    if json:
        emit(figures)
    else:
        rows = (
            (name, f"{value:,.4g}" if isinstance(value, float) else value)
            for name, value in figures.items()
        )
        show_table(("figure", "value"), rows)
