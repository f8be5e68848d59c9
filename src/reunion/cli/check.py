"""`reunion kinship check`: what does not fit among samples and families."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reunion.cli.console import emit, say, say_each
from reunion.cli.errors import Status
from reunion.cli.options import Json
from reunion.cli.search import MutationModel

if TYPE_CHECKING:
    from reunion.cli.checking import Report


def check(
    families: Annotated[
        Path,
        typer.Option(help="CSV: family_id,person_id,father_id,mother_id,sex,sample_id,sought."),
    ],
    profiles: Annotated[Path, typer.Option(help="CSV: sample_id,marker,allele_1,allele_2.")],
    frequencies: Annotated[str, typer.Option(metavar="NAME_OR_FILE", help="Frequency table.")],
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
    mutation_model: Annotated[
        MutationModel, typer.Option(help="How alleles change from parent to child.")
    ] = MutationModel.STEPWISE,
    mutation_rates: Annotated[
        Path | None,
        typer.Option(help="CSV: locus,paternal,maternal [default: the rates that ship]."),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads of the scan [default: one per processor].")
    ] = None,
    json: Json = False,
) -> None:
    """Look for exchanged and doubled samples, and for families that do not fit their pedigree.

    Nothing is corrected, and one mismatch excludes nobody. Status 0: nothing was found, but for
    notes; 1: something was found; 4: data were refused.
    """
    from reunion.cli.checking import Request, run_check
    from reunion.kinship.quality.sameness import DuplicateRule

    report = run_check(
        Request(
            families=families,
            profiles=profiles,
            frequencies=frequencies,
            elimination=elimination,
            plates=plates,
            out=out,
            mutation_model=mutation_model.value,
            mutation_rates=mutation_rates,
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
        f" {report.table.name}: {len(report.findings)} findings"
    )
