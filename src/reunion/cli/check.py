"""`reunion kinship check`: what does not fit among samples and families."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reunion.cli.console import emit, say, say_each
from reunion.cli.errors import Status
from reunion.cli.options import Json, Threads
from reunion.cli.sources import Sources, with_sources

if TYPE_CHECKING:
    from reunion.cli.checking import Report


@with_sources
def check(
    sources: Sources,
    *,
    elimination: Annotated[
        Path | None,
        typer.Option(help="Profiles of staff and controls, as --profiles; compared first."),
    ] = None,
    plates: Annotated[
        Path | None, typer.Option(help="CSV: sample_id,plate; samples of a plate mix easily.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="CSV file to write the findings to.")] = None,
    typing_error: Annotated[
        float,
        typer.Option(min=0, max=0.05, help="Chance that one allele is read as another one."),
    ] = 0.01,
    threads: Threads = None,
    json: Json = False,
) -> None:
    """Look for exchanged and doubled samples, and for families that do not fit their pedigree.

    Nothing is corrected, and one mismatch excludes nobody. What is found with any of several tables
    is listed, with the figure of the table that says least. Theta weighs where families are
    compared with their pedigrees, not where two samples are. Status 0: nothing was found, but for
    notes; 1: something was found; 4: data were refused.
    """
    from reunion.cli.checking import Request, run_check
    from reunion.kinship.quality.sameness import DuplicateRule

    report = run_check(
        Request(
            sources=sources,
            elimination=elimination,
            plates=plates,
            out=out,
            rule=DuplicateRule(typing_error),
            threads=threads,
        )
    )
    show(report)
    if json:
        emit(report.as_json())
    if report.refused:
        raise typer.Exit(Status.REFUSED)
    if report.is_alarming:
        raise typer.Exit(Status.FINDINGS)


def show(report: Report) -> None:
    """Say what was found."""
    say_each(report.notes, rest="about the files")
    say_each(report.refused, rest="are refused")
    sentences = [f"{found.severity}: {found.sentence}" for found in report.findings]
    if report.request.out is None:
        for sentence in sentences:
            say(sentence)
    else:
        say_each(sentences, rest=f"in {report.request.out}")
    say(
        f"checked {report.samples} samples and {report.families} families with the frequencies"
        f" {report.material.table_names}: {len(report.findings)} findings"
    )
