"""`reunion kinship power`: how strong the evidence of each family can become."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reunion.cli.console import emit, progress_bars, say, say_each, show_table
from reunion.cli.errors import Status
from reunion.cli.options import Json
from reunion.cli.search import MutationModel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reunion.kinship.advice import Gain
    from reunion.kinship.power import Power

LITTLE = 0.005
"""A gain below this is not shown."""


def power(
    families: Annotated[
        Path,
        typer.Option(help="CSV: family_id,person_id,father_id,mother_id,sex,sample_id,sought."),
    ],
    profiles: Annotated[Path, typer.Option(help="CSV: sample_id,marker,allele_1,allele_2.")],
    frequencies: Annotated[str, typer.Option(metavar="NAME_OR_FILE", help="Frequency table.")],
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
    svg: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for a picture of each family.")
    ] = None,
    advice: Annotated[
        bool, typer.Option("--advice", help="Say whose blood would help each family most.")
    ] = False,
    json: Json = False,
) -> None:
    """Say what a search can find, before it is made: exact figures for each family.

    Of a sought person who is typed at all markers of the profiles: the log10 LR to be expected;
    the probability to be found, and the false leads, at three thresholds; how surely somebody else
    is excluded.
    """
    from reunion.cli.material import Sources, read_material
    from reunion.kinship import power as engine
    from reunion.kinship.advice import whose_blood_next
    from reunion.kinship.errors import KinshipError

    rates = mutation_rates
    sources = Sources(families, profiles, (frequencies,), mutation_model.value, rates, theta)
    material = read_material(sources)
    n_people = people or max(1, len(material.people.names))
    found: list[Power] = []
    helpful: dict[str, list[Gain]] = {}
    refused: list[object] = list(material.refused)
    with progress_bars({"power": "Families"}) as progress:
        for at, family in enumerate(material.linked.families):
            progress("power", at, len(material.linked.families))
            try:
                compiler = material.compilers[0]
                found.append(engine.power(family, compiler, people=n_people, wanted=wanted))
                if advice:
                    helpful[family.id] = whose_blood_next(compiler, family)
            except KinshipError as error:
                refused.append(f"family {family.id} is refused: {error}")
    say_each(material.notes, rest="of this kind")
    say_each(refused, rest="families refused")
    for row in found if json else ():
        emit(as_json(row, frequencies, helpful.get(row.family_id)))
    if found and not json:
        show(found)
        show_advice(helpful)
    if svg is not None:
        draw(found, svg)
    if not found:
        raise typer.Exit(Status.REFUSED)


def show_advice(helpful: Mapping[str, Sequence[Gain]]) -> None:
    """Whose blood would help, family by family; those who bring nothing are left out."""
    rows = [
        (family if rank == 0 else "", gain.name, f"{gain.log10_lr:+.2f}")
        for family, gains in helpful.items()
        for rank, gain in enumerate(g for g in gains if g.log10_lr > LITTLE)
    ]
    if rows:
        say("Whose blood next: expected gain of the sought person's log10 LR")
        show_table(("family", "relative", "gain"), rows)


def as_json(power: Power, table: str, gains: Sequence[Gain] | None) -> dict[str, object]:
    """One family as a JSON object."""
    from reunion.kinship.report.document import number

    advice = None if gains is None else [asdict(gain) for gain in gains]
    return {
        "whose_blood_next": advice,
        "schema": "reunion.power/1",
        "family_id": power.family_id,
        "typed": list(power.typed),
        "frequency_table": table,
        "markers": power.markers,
        "people": power.people,
        "wanted_false_leads": power.wanted,
        "median_log10_lr": number(power.median),
        "log10_lr_5_percent": number(power.low),
        "at_threshold": asdict(power.threshold),
        "at_limits": [asdict(limit) for limit in power.limits],
        "excluded": power.excluded,
        "excluded_without_mutation": power.excluded_without_mutation,
    }


def show(found: list[Power]) -> None:
    """A table for people: three rows for each family."""
    from reunion.kinship.pictures.curves import percent

    rows: list[tuple[str, ...]] = []
    for of in found:
        wrong = of.excluded_without_mutation
        head: tuple[str, ...] = (
            of.family_id,
            str(len(of.typed)),
            f"{of.median:.2f}",
            f"{of.low:.2f}",
            "-" if wrong is None else percent(wrong),
        )
        for limit in (of.threshold, *of.limits):
            false_leads = f"{limit.expected_false_leads:.3g}"
            shown = (f"{limit.log10_lr:.2f}", percent(limit.sensitivity), false_leads)
            rows.append((*head, *shown))
            head = ("",) * len(head)
    say(f"log10 LR of the sought person, among {found[0].people} people:")
    show_table(
        ("family", "typed", "median", "5 %", "excludes", "from", "found", "false leads"),
        rows,
    )
    say(
        "median, 5 %: what the sought person reaches; excludes: probability that somebody else is"
        " excluded, if alleles never changed; from: least log10 LR of a lead"
    )


def draw(found: list[Power], folder: Path) -> None:
    """A picture of each family; files are named after the families."""
    from reunion.kinship.formats.output import whole_file
    from reunion.kinship.pictures.curves import power_svg

    folder.mkdir(parents=True, exist_ok=True)
    for at, of in enumerate(found, 1):
        safe = re.sub(r"[^\w\-]", "_", of.family_id)
        with whole_file(folder / f"{at:04}-{safe}.svg") as stream:
            stream.write(power_svg(of.law, people=of.people, threshold=of.threshold.log10_lr))
    say(f"{len(found)} pictures in {folder}")
