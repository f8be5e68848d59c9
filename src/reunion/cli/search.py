"""`reunion kinship search`: families who look for somebody, against a database of profiles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reunion.cli.console import emit, say, say_each
from reunion.cli.errors import Status
from reunion.cli.options import Json, Prior, Quarantine, Threads
from reunion.cli.sources import Sources, with_sources

if TYPE_CHECKING:
    from reunion.cli.searching import Report


@with_sources
def search(
    sources: Sources,
    *,
    out: Annotated[Path, typer.Option(help="CSV file to write the leads to.")],
    prior: Prior = 0.5,
    min_log10_lr: Annotated[
        float | None, typer.Option("--min-log10-lr", help="Least log10 LR of a lead.")
    ] = None,
    top: Annotated[
        int | None,
        typer.Option(min=1, help="Most leads of a family [default: 20, no limit with a least LR]."),
    ] = None,
    threads: Threads = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS|local",
            help="Scan on the Dask cluster of this scheduler, such as tcp://10.0.0.5:8786, or on"
            " one on this computer: the same leads. Needs reunion[cluster].",
        ),
    ] = None,
    snapshot: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="Folder that all workers of the cluster see: the codes of the profiles lie there"
            " during the search [default: that of temporary files].",
        ),
    ] = None,
    quarantine: Quarantine = None,
    json: Json = False,
) -> None:
    """Find who among the profiles could be the person whom each family seeks.

    Doubtful rows and impossible families are put aside, each with its reason; everything else is
    searched. A lead is a reason to look, never a decision.
    """
    from reunion.cli.clustering import Scanning
    from reunion.cli.searching import Request, run_search
    from reunion.kinship.search import Settings

    request = Request(
        sources=sources,
        out=out,
        quarantine=quarantine or out.with_name("quarantine.csv"),
        settings=Settings(min_log10_lr, top, prior),
        scanning=Scanning(cluster, snapshot, threads),
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
    say_each(report.material.put_aside, rest=rest)
    if report.has_quarantine:
        say(
            f"left out: {len(report.refused)} families, {len(report.material.put_aside)} rows or"
            f" samples; see {report.request.quarantine}"
        )
    if report.obstacle:
        say(f"reunion: nothing was searched: {report.obstacle}")
        return
    say(
        f"searched {len(report.material.people.names)} people for {report.searched} families with"
        f" {len(report.material.loci)} markers and the frequencies {report.material.table_names}:"
        f" {len(report.leads)} leads in {report.request.out}"
    )
