"""`reunion kinship joint`: several persons of one family and several candidates at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reunion.cli.console import emit, say, say_each, show_table
from reunion.cli.errors import Status
from reunion.cli.options import Json
from reunion.cli.search import MutationModel

if TYPE_CHECKING:
    from reunion.cli.joining import Report


def joint(
    families: Annotated[
        Path,
        typer.Option(
            help="CSV: family_id,person_id,father_id,mother_id,sex,sample_id,sought; sought 1 for"
            " everybody who is sought."
        ),
    ],
    profiles: Annotated[
        Path,
        typer.Option(
            "--profiles",
            "--candidates",
            help="CSV: sample_id,marker,allele_1,allele_2; whoever is no relative is a candidate.",
        ),
    ],
    frequencies: Annotated[str, typer.Option(metavar="NAME_OR_FILE", help="Frequency table.")],
    out: Annotated[
        Path, typer.Option(help="CSV file to write the assignments to, best first.")
    ] = Path("joint.csv"),
    pairs: Annotated[
        Path | None,
        typer.Option(help="CSV file for all pairs [default: joint_pairs.csv beside --out]."),
    ] = None,
    candidate_families: Annotated[
        Path | None,
        typer.Option(
            help="As --families, for candidates whose own relatives are typed; sought 1 for the"
            " candidate."
        ),
    ] = None,
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
    odds: Annotated[
        float,
        typer.Option(help="Prior odds of each pair against none; 1 makes all assignments equal."),
    ] = 1.0,
    least_log10_lr: Annotated[
        float, typer.Option("--least-log10-lr", help="Pairs below are excluded.")
    ] = -4.0,
    undisputed_log10_lr: Annotated[
        float,
        typer.Option(
            "--undisputed-log10-lr", help="Pairs that beat all rivals by this are settled first."
        ),
    ] = 4.0,
    top: Annotated[int, typer.Option(min=1, help="Most assignments of a family.")] = 20,
    json: Json = False,
) -> None:
    """Find who is who, where several persons of one family are sought.

    Each candidate is at most one person, and each person at most one candidate; the genotypes of
    all who are assigned are weighed together. Status 1: no family has anybody to assign.
    """
    from reunion.cli.joining import Request, run_joint
    from reunion.kinship.identification.answer import IdentifySettings

    report = run_joint(
        Request(
            families=families,
            profiles=profiles,
            candidate_families=candidate_families,
            frequencies=frequencies,
            out=out,
            pairs=pairs or out.with_name("joint_pairs.csv"),
            mutation_model=mutation_model.value,
            mutation_rates=mutation_rates,
            theta=theta,
            settings=IdentifySettings(
                least_log10_lr=least_log10_lr,
                undisputed_log10_lr=undisputed_log10_lr,
                odds=odds,
                top=top,
            ),
        )
    )
    show(report)
    if json:
        emit(report.as_json())
    if report.refused:
        raise typer.Exit(Status.REFUSED)
    if not any(found.assignments[0].pairs for found in report.found.values()):
        raise typer.Exit(Status.FINDINGS)


def show(report: Report) -> None:
    """Say what came of it."""
    say_each(report.notes, rest="about the files")
    say_each(report.refused, rest="families refused")
    for family, found in report.found.items():
        swaps = {pair.sought: pair.swaps for pair in found.pairs}
        rows = [
            (
                rank,
                f"{one.posterior:.6f}",
                f"{one.log10_lr:.2f}",
                one.ways,
                ", ".join(f"{name} = {' or '.join(swaps[sought])}" for name, sought in one.pairs)
                or "nobody",
            )
            for rank, one in enumerate(found.assignments, 1)
        ]
        columns = ("rank", "posterior", "log10 LR", "ways", "who is who")
        say(f"family {family}: {found.weighed} assignments weighed")
        show_table(columns, rows)
    if report.found:
        say(
            f"weighed {report.candidates} candidates for {len(report.found)} families with"
            f" {len(report.loci)} markers and the frequencies {report.table.name}: see"
            f" {report.request.out} and {report.request.pairs}"
        )
