"""Reads mutation rates: `locus,paternal,maternal`, per meiosis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reunion.kinship.formats.sheet import open_sheet
from reunion.kinship.markers import Catalogue

COLUMNS = ("locus", "paternal", "maternal")
LABELS = ("kind", "source")


@dataclass(frozen=True, slots=True)
class MutationRate:
    """Mutation rates of one locus, per meiosis.

    `kind` says what they rest on: "locus" (measured there), "generic" or "default" (averages).
    """

    paternal: float
    maternal: float
    kind: str = ""
    source: str = ""


def read_rates(path: Path, catalogue: Catalogue) -> Mapping[str, MutationRate]:
    """Mutation rates by locus; columns `kind` and `source` may stand beside the three.

    Raises:
        DataRefused: names line, field and value of the first thing that is wrong.
    """
    rates: dict[str, MutationRate] = {}
    with open_sheet(path, COLUMNS, LABELS) as sheet:
        for record in sheet.records():
            locus = catalogue.find(record["locus"])
            if locus is None:
                reason = "the marker is not known: correct it, or take its row out"
                raise record.refused("locus", reason)
            if locus.name in rates:
                raise record.refused("locus", "the marker is there twice: keep one row")
            rates[locus.name] = MutationRate(
                record.fraction("paternal"),
                record.fraction("maternal"),
                record["kind"],
                record["source"],
            )
    return rates
