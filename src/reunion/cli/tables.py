"""`reunion kinship tables`: the frequency tables at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reunion.cli.console import emit, say, show_table
from reunion.cli.environment import read_environment
from reunion.cli.errors import Status
from reunion.cli.options import Json

if TYPE_CHECKING:
    from reunion.kinship.frequencies import FrequencyTable
    from reunion.packs.dna import DnaPack
    from reunion.packs.library import TableLibrary

app = typer.Typer(
    help="Frequency tables: those that ship, and the laboratory's own.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def library() -> TableLibrary:
    """The tables of this installation."""
    from reunion.packs.dna import load_dna
    from reunion.packs.library import TableLibrary

    return TableLibrary(read_environment().tables, load_dna())


def described(table: FrequencyTable) -> dict[str, object]:
    """A table as results name it; a default table is called one."""
    return {
        "name": table.name,
        "population": table.population,
        "source": table.source,
        "is_default": table.is_default,
        "loci": len(table.markers),
    }


@app.command("list")
def list_tables(json: Json = False) -> None:
    """List the tables: one JSON line each, or a table for people."""
    from reunion.kinship.formats.complaints import DataRefused

    tables = library()
    found = [*tables.own(), *tables.pack.tables.values()]
    good = [described(table) for table in found if not isinstance(table, DataRefused)]
    if json:
        for row in good:
            emit(row)
    else:
        show_table(
            ("name", "population", "loci", "kind"),
            (
                (row["name"], row["population"], row["loci"], _kind(is_default=row["is_default"]))
                for row in good
            ),
        )
    bad = [error for error in found if isinstance(error, DataRefused)]
    for error in bad:
        say(error)
    if bad:
        raise typer.Exit(Status.FINDINGS)


@app.command("add")
def add_table(
    file: Annotated[
        Path, typer.Argument(help="CSV with the columns locus,allele,frequency,alleles_sampled.")
    ],
    name: Annotated[str, typer.Option(help="Name of the table [default: that of the file].")] = "",
    population: Annotated[
        str,
        typer.Option(
            help="Whom the figures are of: a code or name that `tables populations` lists."
        ),
    ] = "",
    source: Annotated[str, typer.Option(help="Where the figures come from.")] = "",
    json: Json = False,
) -> None:
    """Check a table and keep a copy of it in REUNION_HOME/tables."""
    tables = library()
    table = tables.add(file, name=name, population=population, source=source)
    if note := _population_note(table, tables.pack):
        say(note)
    if json:
        emit(described(table))
    else:
        say(
            f"added {table.name}: {len(table.markers)} loci; use it with --frequencies {table.name}"
        )


@app.command("populations")
def list_populations(json: Json = False) -> None:
    """List the populations that persons and tables may be of: one JSON line each, or a table."""
    found = library().pack.populations.by_code.values()
    if json:
        for of in found:
            emit({"code": of.code, "names": dict(of.names), "part_of": list(of.parents)})
    else:
        show_table(
            ("code", "English", "中文", "part of"),
            ((of.code, of.names["en"], of.names["zh"], ", ".join(of.parents)) for of in found),
        )


@app.command("show")
def show_one_table(
    name: Annotated[str, typer.Argument(help="Name of a table, or a CSV file.")],
    json: Json = False,
) -> None:
    """Show what a table holds."""
    table = library().find(name)
    if json:
        markers = {
            locus: {
                "alleles_sampled": of.two_n,
                "frequencies": dict(zip(of.alleles, of.values, strict=True)),
            }
            for locus, of in table.markers.items()
        }
        emit({**described(table), "markers": markers})
        return
    say(f"{table.name} ({_kind(is_default=table.is_default)}): {table.population}")
    say(f"source: {table.source}")
    show_table(
        ("locus", "alleles sampled", "alleles"),
        (
            (locus, "not known" if of.two_n is None else of.two_n, " ".join(of.alleles))
            for locus, of in table.markers.items()
        ),
    )


def _population_note(table: FrequencyTable, pack: DnaPack) -> str:
    """What is to be known of the population of a table; blank where it is a listed one."""
    if not table.population:
        return f"{table.name} states no population: it fits nobody whose population is declared"
    unlisted = [p for p in table.population.split(" + ") if pack.populations.find(p) is None]
    if not unlisted:
        return ""
    return (
        f"{', '.join(unlisted)} is not among the populations that `reunion kinship tables"
        f" populations` lists: {table.name} fits persons who are declared in the same words"
    )


def _kind(*, is_default: object) -> str:
    return "default, ships with Reunion" if is_default else "the laboratory's own"
