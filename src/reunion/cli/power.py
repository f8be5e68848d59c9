"""`reunion kinship power`: how strong the evidence of each family can become."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reunion.cli.console import emit, say, say_each, show_table
from reunion.cli.errors import Status
from reunion.cli.options import Json
from reunion.cli.sources import Sources, with_sources

if TYPE_CHECKING:
    from reunion.cli.powering import FamilyPower
    from reunion.kinship.advice import Gain
    from reunion.kinship.power import Limit, Power

COLUMNS = (
    "family",
    "frequencies",
    "typed",
    "median",
    "5 %",
    "excludes",
    "from",
    "found",
    "false leads",
)
LITTLE = 0.005
"""A gain below this is not shown."""


@with_sources
def power(
    sources: Sources,
    *,
    people: Annotated[
        int | None,
        typer.Option(min=1, help="People searched [default: those of the file of profiles]."),
    ] = None,
    wanted: Annotated[
        float | None,
        typer.Option(
            min=0,
            help="False leads of a family that the laboratory will work through [default: 1 where"
            " both parents are typed, else 5].",
        ),
    ] = None,
    svg: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for a picture of each family.")
    ] = None,
    advice: Annotated[
        bool, typer.Option("--advice", help="Say whose blood would help each family most.")
    ] = False,
    markers: Annotated[
        bool,
        typer.Option(
            "--markers", help="Say which further markers of the tables would help each family most."
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Say what a search can find, before it is made: exact figures for each family.

    Of a sought person who is typed at all markers of the profiles: the log10 LR to be expected;
    the probability to be found, and the false leads, at three thresholds; how surely somebody else
    is excluded. With several tables, pictures and advice are of the one with the least median.
    """
    from reunion.cli.powering import Request, run_power

    report = run_power(
        Request(
            sources=sources,
            people=people,
            wanted=wanted,
            has_advice=advice,
            has_markers=markers,
        )
    )
    say_each(report.material.notes, rest="of this kind")
    say_each(report.refused, rest="families refused")
    found = report.found
    for family in found if json else ():
        emit(report.as_json(family))
    if found and not json:
        show(found)
        if advice:
            show_gains("Whose blood next", "relative", [(one, one.blood or ()) for one in found])
        if markers:
            show_gains("Which markers next", "marker", [(one, one.markers or ()) for one in found])
    if svg is not None:
        draw([family.least for family in found], svg)
    if not found:
        raise typer.Exit(Status.REFUSED)


def show_gains(title: str, what: str, gains: Sequence[tuple[FamilyPower, Sequence[Gain]]]) -> None:
    """What would help, family by family; what brings little is left out."""
    rows = [
        (
            family.least.family_id if rank == 0 else "",
            gain.name,
            f"{gain.log10_lr:+.2f}" + (f" ± {gain.error:.2f}" if gain.error else ""),
            family.table if rank == 0 else "",
        )
        for family, of in gains
        for rank, gain in enumerate(g for g in of if g.log10_lr > LITTLE)
    ]
    if not rows:
        say(f"{title}: no {what} would bring more than {LITTLE}")
        return
    say(f"{title}: expected gain of the sought person's log10 LR")
    show_table(("family", what, "gain", "frequencies"), rows)


def show(found: Sequence[FamilyPower]) -> None:
    """A table for people: three rows for each family and frequency table."""
    say(f"log10 LR of the sought person, among {found[0].least.people} people:")
    show_table(COLUMNS, (row for family in found for row in _rows(family)))
    say(
        "median, 5 %: what the sought person reaches; excludes: probability that somebody else is"
        " excluded, if alleles never changed; from: least log10 LR of a lead"
    )
    if any(len(family.by_table) > 1 for family in found):
        say("*: the table with the least median, whose figures are the cautious ones")


def _rows(family: FamilyPower) -> Iterator[tuple[str, ...]]:
    """The rows of one family; the least table has a star where there are several."""
    name = family.least.family_id
    for table, of in family.by_table.items():
        is_least = table == family.table and len(family.by_table) > 1
        head: tuple[str, ...] = (name, f"{table}*" if is_least else table, *_head(of))
        for limit in (of.threshold, *of.limits):
            yield (*head, f"{limit.log10_lr:.2f}", *_reached(limit))
            head = ("",) * len(head)
        name = ""


def _head(of: Power) -> tuple[str, ...]:
    """What holds at all thresholds."""
    from reunion.kinship.pictures.curves import percent

    wrong = of.excluded_without_mutation
    excludes = "-" if wrong is None else percent(wrong)
    return str(len(of.typed)), f"{of.median:.2f}", f"{of.low:.2f}", excludes


def _reached(limit: Limit) -> tuple[str, str]:
    """What reaches a threshold."""
    from reunion.kinship.pictures.curves import percent

    return percent(limit.sensitivity), f"{limit.expected_false_leads:.3g}"


def draw(found: Sequence[Power], folder: Path) -> None:
    """A picture of each family; files are named after the families."""
    from reunion.kinship.formats.output import whole_file
    from reunion.kinship.pictures.curves import power_svg

    folder.mkdir(parents=True, exist_ok=True)
    for at, of in enumerate(found, 1):
        safe = re.sub(r"[^\w\-]", "_", of.family_id)
        with whole_file(folder / f"{at:04}-{safe}.svg") as stream:
            stream.write(power_svg(of.law, people=of.people, threshold=of.threshold.log10_lr))
    say(f"{len(found)} pictures in {folder}")
