"""`reunion kinship simulate`: an invented database with families who search."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reunion.cli.console import emit, progress_bars, say, waiting
from reunion.cli.errors import UsageError
from reunion.cli.options import Json

if TYPE_CHECKING:
    from reunion.packs.dna import DnaPack, Kit


def simulate(
    families: Annotated[int, typer.Option(min=0, help="Families who search.")],
    people: Annotated[int, typer.Option(min=0, help="Profiles besides those of relatives.")],
    frequencies: Annotated[str, typer.Option(metavar="NAME_OR_FILE", help="Frequency table.")],
    panel: Annotated[str, typer.Option(metavar="KIT", help="Kit whose markers are typed.")],
    out: Annotated[Path, typer.Option(help="Folder for the files; made if it is not there.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same data.")] = 1,
    json: Json = False,
) -> None:
    """Invent families.csv and profiles.csv, and truth.csv to score a search by.

    All data are synthetic, and every id says so.
    """
    from reunion.cli.tables import described, library
    from reunion.kinship.simulate import simulate as invent

    tables = library()
    table = tables.find(frequencies)
    kit = _kit(tables.pack, panel)
    loci = [locus for locus in kit.autosomal if locus in table.markers]
    if not kit.verified:
        say(f"the markers of {kit.name} are not confirmed by a source that could be read")
    if lacking := [locus for locus in kit.autosomal if locus not in table.markers]:
        say(f"the table {table.name} lacks {', '.join(lacking)}, which are therefore left out")
    with waiting("Inventing families and people"):
        province = invent(
            families=families,
            people=people,
            frequencies=table,
            loci=loci,
            mutations=tables.pack.mutations(loci),
            seed=seed,
        )
    with progress_bars({"write": "Writing profiles"}) as progress:
        province.write(out, lambda done, total: progress("write", done, total))
    planted = sum(family.planted is not None for family in province.families)
    if json:
        emit(
            {
                "schema": "reunion.simulate/1",
                "synthetic": True,
                "folder": str(out),
                "families": families,
                "planted": planted,
                "people": people,
                "samples": len(province.samples),
                "loci": loci,
                "panel": kit.name,
                "frequency_table": described(table),
                "seed": seed,
            }
        )
    else:
        say(
            f"synthetic data in {out}: {families} families, {planted} of whose sought persons are"
            f" among {people} people"
        )


def _kit(pack: DnaPack, name: str) -> Kit:
    """The kit of this name, whatever its case and marks between words."""

    def key(text: str) -> str:
        return "".join(filter(str.isalnum, text)).casefold()

    kits = {key(kit.name): kit for kit in pack.kits.values()}
    if key(name) in kits:
        return kits[key(name)]
    near = "".join(f" ({kits[close].name}?)" for close in get_close_matches(key(name), kits, 1))
    known = ", ".join(kit.name for kit in pack.default_kits)
    raise UsageError(f"--panel {name}: there is no such kit{near}; known are {known}")
