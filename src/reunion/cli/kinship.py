"""`reunion kinship`: what any DNA laboratory can use on its own."""

from __future__ import annotations

import typer

from reunion.cli import (
    bench,
    check,
    convert,
    joint,
    lr,
    power,
    province,
    report,
    search,
    simulate,
    tables,
)

app = typer.Typer(
    help="Relationship evidence from DNA, and the search of a database of profiles.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command()(lr.lr)
app.command()(search.search)
app.command()(check.check)
app.command()(power.power)
app.command()(joint.joint)
app.command()(report.report)
app.command()(convert.convert)
app.command()(simulate.simulate)
app.command()(province.province)
app.command()(bench.bench)
app.add_typer(tables.app, name="tables")
