"""`reunion kinship search`: families who look for somebody, against a database of profiles."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reunion.cli.console import emit, say, say_each
from reunion.cli.errors import Status
from reunion.cli.options import Json

if TYPE_CHECKING:
    from reunion.cli.searching import Report


class MutationModel(StrEnum):
    """The mutation models that need no matrix of their own."""

    NONE = "none"
    EQUAL = "equal"
    PROPORTIONAL = "proportional"
    ONESTEP = "onestep"
    STEPWISE = "stepwise"
    DAWID = "dawid"


def search(
    families: Annotated[
        Path,
        typer.Option(help="CSV: family_id,person_id,father_id,mother_id,sex,sample_id,sought."),
    ],
    profiles: Annotated[Path, typer.Option(help="CSV: sample_id,marker,allele_1,allele_2.")],
    frequencies: Annotated[
        list[str],
        typer.Option(
            metavar="NAME_OR_FILE",
            help="Frequency table; give several to have the least LR over all of them too.",
        ),
    ],
    out: Annotated[Path, typer.Option(help="CSV file to write the leads to.")],
    mutation_model: Annotated[
        MutationModel, typer.Option(help="How alleles change from parent to child.")
    ] = MutationModel.STEPWISE,
    mutation_rates: Annotated[
        Path | None,
        typer.Option(help="CSV: locus,paternal,maternal [default: the rates that ship]."),
    ] = None,
    theta: Annotated[
        float, typer.Option(min=0, max=0.999, help="Coancestry of the population.")
    ] = 0.0,
    prior: Annotated[
        float,
        typer.Option(help="Prior probability that the sought person is among the profiles."),
    ] = 0.5,
    min_log10_lr: Annotated[
        float | None, typer.Option("--min-log10-lr", help="Least log10 LR of a lead.")
    ] = None,
    top: Annotated[
        int | None,
        typer.Option(min=1, help="Most leads of a family [default: 20, no limit with a least LR]."),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads of the scan [default: one per processor].")
    ] = None,
    quarantine: Annotated[
        Path | None,
        typer.Option(help="CSV file for what is put aside [default: quarantine.csv beside --out]."),
    ] = None,
    json: Json = False,
) -> None:
    """Find who among the profiles could be the person whom each family seeks.

    Doubtful rows and impossible families are put aside, each with its reason; everything else is
    searched. A lead is a reason to look, never a decision.
    """
    from reunion.cli.searching import Request, run_search
    from reunion.kinship.search import Settings

    request = Request(
        families=families,
        profiles=profiles,
        frequencies=tuple(frequencies),
        out=out,
        quarantine=quarantine or out.with_name("quarantine.csv"),
        mutation_model=mutation_model.value,
        mutation_rates=mutation_rates,
        theta=theta,
        settings=Settings(min_log10_lr, top, prior, threads),
    )
    report = run_search(request)
    show(report)
    if json:
        emit(report.as_json())
    if report.refused or report.obstacle:
        raise typer.Exit(Status.REFUSED)
    if not report.leads:
        raise typer.Exit(Status.FINDINGS)


def show(report: Report) -> None:
    """Say what came of a search."""
    rest = f"in {report.request.quarantine}"
    for note in report.notes:
        say(note)
    say_each(report.refused, rest=rest)
    say_each(report.put_aside, rest=rest)
    if report.has_quarantine:
        say(
            f"left out: {len(report.refused)} families, {len(report.put_aside)} rows or samples;"
            f" see {report.request.quarantine}"
        )
    if report.obstacle:
        say(f"reunion: nothing was searched: {report.obstacle}")
        return
    tables = ", ".join(
        f"{table.name} (default)" if table.is_default else table.name for table in report.tables
    )
    say(
        f"searched {report.people} people for {report.searched} families with"
        f" {len(report.loci)} markers and the frequencies {tables}:"
        f" {len(report.leads)} leads in {report.request.out}"
    )
