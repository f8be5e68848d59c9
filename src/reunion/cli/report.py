"""`reunion kinship report`: everything about one lead, as PDF and JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from reunion.cli.console import emit, say, say_each
from reunion.cli.options import Json, Prior
from reunion.cli.sources import Sources, with_sources


@with_sources
def report(
    sources: Sources,
    *,
    family: Annotated[str, typer.Option(metavar="ID", help="The family that searches.")],
    sample: Annotated[str, typer.Option(metavar="ID", help="The sample of the candidate.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the files of the report.")],
    language: Annotated[
        Literal["en", "zh"], typer.Option(help="Language of the PDF and of the pictures.")
    ] = "en",
    number: Annotated[
        str, typer.Option(help="Number of the report [default: made from its content].")
    ] = "",
    date: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Date of the report [default: today, UTC]."),
    ] = None,
    amends: Annotated[
        Path | None, typer.Option(metavar="REPORT.json", help="The report that this one replaces.")
    ] = None,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="Say that the data belong to no real person.")
    ] = False,
    x_profiles: Annotated[
        Path | None,
        typer.Option(
            help="CSV: sample_id,marker,allele_1,allele_2 of X markers, a man's allele twice."
        ),
    ] = None,
    x_frequencies: Annotated[
        list[Path] | None,
        typer.Option(
            help="CSV: frequency table of X markers, if wanted with a column linkage_group; may"
            " be repeated."
        ),
    ] = None,
    prior: Prior = 0.5,
    json: Json = False,
) -> None:
    """Write the report of one lead: what was found, and all that another expert needs to redo it.

    A lead is a reason to look, never a decision. The folder gets report.pdf, report.json,
    report.fam for Familias, and the pictures; `reunion kinship lr report.json` redoes the sum.
    """
    from reunion.cli.reporting import Request, write_report
    from reunion.cli.x_markers import x_sources

    request = Request(
        sources=sources,
        family=family,
        sample=sample,
        out=out,
        language=language,
        number=number,
        date=(date or datetime.now(UTC)).date(),
        amends=amends,
        is_synthetic=synthetic,
        prior=prior,
        x=x_sources(x_profiles, x_frequencies or ()),
    )
    written = write_report(request)
    say_each(written.notes, rest="of this kind")
    if json:
        emit(written.as_json())
    else:
        say(
            f"report {written.number}: log10 LR {written.log10_lr:.2f}, a lead and never a"
            f" decision; {', '.join(path.name for path in written.files)} in {out}"
        )
