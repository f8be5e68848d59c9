"""`reunion kinship bench`: how fast the engine is on this computer."""

from __future__ import annotations

from reunion.cli.console import emit, show_table, waiting
from reunion.cli.options import Json


def bench(json: Json = False) -> None:
    """Measure the engine: likelihood ratios per second, compiling, opening, memory."""
    from reunion.kinship.bench import measure

    with waiting("Measuring, some two minutes"):
        figures = measure()
    if json:
        emit(figures)
    else:
        show_table(("figure", "value"), figures.items())
