"""`reunion kinship check`: what does not fit among samples and families."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reunion.cli.console import emit, say, say_each
from reunion.cli.errors import Status
from reunion.cli.options import (
    Families,
    FrequencyTables,
    Json,
    Model,
    MutationModel,
    Profiles,
    Rates,
    Single,
    Sought,
    Theta,
    Threads,
)

if TYPE_CHECKING:
    from reunion.cli.checking import Report


def check(
    families: Families,
    profiles: Profiles,
    frequencies: FrequencyTables,
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
    mutation_model: Model = MutationModel.STEPWISE,
    mutation_rates: Rates = None,
    theta: Theta = 0.0,
    single: Single = "quarantine",
    sought: Sought = None,
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
    from reunion.cli.material import Sources
    from reunion.kinship.quality.sameness import DuplicateRule

    report = run_check(
        Request(
            sources=Sources(
                families=families,
                profiles=profiles,
                frequencies=tuple(frequencies),
                mutation_model=mutation_model.value,
                mutation_rates=mutation_rates,
                theta=theta,
                single=single,
                sought=tuple(sought or ()),
            ),
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
