"""Options that several commands share, each with its one name, type and help."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer


class MutationModel(StrEnum):
    """The mutation models that need no matrix of their own."""

    NONE = "none"
    EQUAL = "equal"
    PROPORTIONAL = "proportional"
    ONESTEP = "onestep"
    STEPWISE = "stepwise"
    DAWID = "dawid"


Families: TypeAlias = Annotated[
    Path,
    typer.Option(
        help="CSV: family_id,person_id,father_id,mother_id,sex,sample_id,sought, and if wanted"
        " twin_of,population; or a file of Familias or PLINK."
    ),
]
Profiles: TypeAlias = Annotated[
    Path,
    typer.Option(
        "--profiles",
        "--candidates",
        help="CSV: sample_id,marker,allele_1,allele_2; or a file of GeneMapper, CODIS, GENis,"
        " Familias or PLINK.",
    ),
]
FrequencyTables: TypeAlias = Annotated[
    list[str],
    typer.Option(
        "--frequencies",
        metavar="NAME_OR_FILE",
        help="Frequency table; give several to have the least LR over all of them too.",
    ),
]
Single: TypeAlias = Annotated[
    Literal["quarantine", "homozygote", "partial"],
    typer.Option(
        "--single", help="What one allele alone stands for, where the format does not say it."
    ),
]
Sought: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--sought",
        metavar="PERSON",
        help="Who is sought, where the format does not say it, as in PLINK; may be repeated.",
    ),
]
Model: TypeAlias = Annotated[
    MutationModel,
    typer.Option("--mutation-model", help="How alleles change from parent to child."),
]
Rates: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--mutation-rates", help="CSV: locus,paternal,maternal [default: the rates that ship]."
    ),
]
Theta: TypeAlias = Annotated[
    float, typer.Option("--theta", min=0, max=0.999, help="Coancestry of the population.")
]
Prior: TypeAlias = Annotated[
    float,
    typer.Option("--prior", help="Prior probability that the sought person is among the profiles."),
]
Threads: TypeAlias = Annotated[
    int | None,
    typer.Option("--threads", min=1, help="Threads of the scan [default: one per processor]."),
]
Quarantine: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--quarantine",
        help="CSV file for what is put aside [default: quarantine.csv beside --out].",
    ),
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON to stdout.")]
