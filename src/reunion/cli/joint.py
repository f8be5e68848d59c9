"""`reunion kinship joint`: several persons of one family and several candidates at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reunion.cli.console import emit, say, say_each, show_table
from reunion.cli.errors import Status
from reunion.cli.options import Json
from reunion.cli.sources import Sources, with_sources

if TYPE_CHECKING:
    from reunion.cli.joining import Answers, Report
    from reunion.kinship.identification.answer import Identification


@with_sources
def joint(
    sources: Sources,
    *,
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

    In the file of families, sought is 1 for everybody who is sought. Each candidate is at most one
    person, and each person at most one candidate; the genotypes of all who are assigned are weighed
    together. With several tables the answer is that of the table in which the best assignment has
    the least LR. Status 1: no family has anybody to assign.
    """
    from reunion.cli.joining import Request, run_joint
    from reunion.kinship.identification.answer import IdentifySettings

    report = run_joint(
        Request(
            sources=replace(sources, candidate_families=candidate_families),
            out=out,
            pairs=pairs or out.with_name("joint_pairs.csv"),
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
    if not any(found.cautious.assignments[0].pairs for found in report.found.values()):
        raise typer.Exit(Status.FINDINGS)


def show(report: Report) -> None:
    """Say what came of it."""
    say_each(report.notes, rest="about the files")
    say_each(report.refused, rest="families refused")
    for family, found in report.found.items():
        cautious = found.cautious
        say(f"family {family}: {cautious.weighed} assignments weighed{_by_table(found)}")
        columns = ("rank", "posterior", "log10 LR", "ways", "who is who")
        show_table(columns, _rows(cautious))
    if report.found:
        material = report.material
        say(
            f"weighed {report.candidates} candidates for {len(report.found)} families with"
            f" {len(material.loci)} markers and the frequencies {material.table_names}: see"
            f" {report.request.out} and {report.request.pairs}"
        )


def _by_table(found: Answers) -> str:
    """The best assignment of each table, where there are several, and which of them is shown."""
    if len(found.by_table) < 2:
        return ""
    best = [f"{name} {one.assignments[0].log10_lr:.2f}" for name, one in found.by_table.items()]
    return f"; log10 LR of the best by table: {', '.join(best)}; shown is {found.table}, the least"


def _rows(found: Identification) -> list[tuple[object, ...]]:
    """The assignments in words."""
    swaps = {pair.sought: pair.swaps for pair in found.pairs}
    return [
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
