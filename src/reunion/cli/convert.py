"""`reunion kinship convert`: a laboratory's file into another format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from reunion.cli.console import emit, say, say_each, waiting
from reunion.cli.errors import Refused, UsageError
from reunion.cli.options import Json, Quarantine, Single
from reunion.cli.outputs import check_outputs

if TYPE_CHECKING:
    from reunion.kinship.formats.dataset import Dataset


def convert(
    file: Annotated[Path, typer.Argument(help="File of a known format; its content tells which.")],
    to: Annotated[
        str,
        typer.Option(metavar="FORMAT", help="Format to write, as cmf; any other word lists them."),
    ],
    out: Annotated[Path, typer.Option(help="File to write.")],
    single: Single = "quarantine",
    encoding: Annotated[
        Literal["utf-8", "latin-1"], typer.Option(help="Encoding of the file to read.")
    ] = "utf-8",
    quarantine: Quarantine = None,
    json: Json = False,
) -> None:
    """Convert genotypes, pedigrees and frequency tables between the formats of laboratories.

    What is doubtful, and what the new format cannot hold, is put aside with its reason.
    """
    from reunion.kinship.formats.dataset import Rules
    from reunion.kinship.formats.output import write_quarantine
    from reunion.kinship.formats.registry import FORMATS, read_any
    from reunion.packs.dna import load_dna

    formats = {known.name: known for known in FORMATS}
    if to not in formats:
        known = "; ".join(f"{name} ({found.title})" for name, found in formats.items())
        raise UsageError(f"--to {to}: there is no such format. Known are: {known}")
    aside = quarantine or out.with_name("quarantine.csv")
    check_outputs((file,), {"--out": out, "--quarantine": aside})
    rules = Rules(load_dna().checks(), single, encoding)
    with waiting(f"Reading {file}"):
        found, reading = read_any(file, rules)
    dataset = reading.dataset
    for note in reading.notes:
        say(note)
    lost = formats[to].write(dataset, out) if _has_content(dataset) else ()
    complaints = (*reading.quarantine, *lost)
    # A file left from an earlier run must not be taken for one of this run.
    if complaints or aside.is_file():
        write_quarantine(aside, complaints)
    say_each(complaints, rest=f"in {aside}")
    if not _has_content(dataset):
        raise Refused(f"{file}: nothing of it can be used, so nothing was written; see {aside}")
    if json:
        emit(
            {
                "schema": "reunion.convert/1",
                "format_read": found.name,
                "format_written": to,
                "file_written": str(out),
                "samples": len(dataset.samples),
                "families": len(dataset.families),
                "frequency_loci": len(dataset.frequencies.markers) if dataset.frequencies else 0,
                "quarantine_file": str(aside) if complaints else None,
                "put_aside": len(reading.quarantine),
                "left_out": len(lost),
                "notes": list(reading.notes),
                "inputs_sha256": {str(file): reading.sha256},
            }
        )
    say(
        f"{found.title} to {formats[to].title}: {len(dataset.samples)} samples,"
        f" {len(dataset.families)} families in {out}; {len(reading.quarantine)} rows put aside,"
        f" {len(lost)} things that the new format cannot hold"
    )


def _has_content(dataset: Dataset) -> bool:
    """Whether there is anything to write."""
    return bool(
        dataset.families
        or dataset.frequencies
        or any(s.genotypes or s.haplotypes or s.mitochondrial for s in dataset.samples)
    )
