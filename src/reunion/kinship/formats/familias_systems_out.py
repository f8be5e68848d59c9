"""Writes the database of a Familias project file."""

from __future__ import annotations

from typing import TextIO

from reunion.kinship.formats.dataset import Dataset
from reunion.kinship.formats.familias_lines import FALSE, TRUE
from reunion.kinship.formats.familias_systems import DATABASE_LINE, MODELS, NAME_FLAG
from reunion.kinship.formats.writing import Kept, Losses, is_plain
from reunion.kinship.frequencies import Frequencies
from reunion.kinship.markers import SILENT
from reunion.kinship.mutation import Mutation, MutationKind

_CODES = {kind: code for code, kind in MODELS.items()} | {MutationKind.NONE: 0}
_NO_MUTATION = Mutation(range=0.0)


def write_database(dataset: Dataset, stream: TextIO, kept: Kept, losses: Losses) -> None:
    """Write markers with frequencies and mutation models."""
    table = dataset.frequencies
    systems = list(table.markers.values()) if table else []
    name = table.name if table else kept.text("database name", "")
    if not is_plain(name):
        losses.lose("the name of the frequency table cannot be printed")
        name = ""
    labels = {"population": table.population, "source": table.source} if table else {}
    for what, text in labels.items():
        if text:
            losses.lose(f"the format does not hold the {what} of the table", text)
    loci = {of.marker for of in systems}
    for marker in [*dataset.minima, *dataset.mutations]:
        if marker not in loci:
            reason = "a least frequency or mutation model without frequencies"
            losses.lose(reason, marker=marker)
    stream.write(kept.text("database line", DATABASE_LINE) + f"\n{len(systems)}\n")
    stream.write(kept.text("database flag", NAME_FLAG) + f'\n"{name}"\n')
    for of in systems:
        lines = _system(of, dataset, kept, losses)
        stream.writelines(f"{line}\n" for line in lines)


def _system(of: Frequencies, dataset: Dataset, kept: Kept, losses: Losses) -> list[str]:
    """The lines of one marker."""
    pairs = list(zip(of.alleles, of.values, strict=True))
    silent = [value for allele, value in pairs if allele == SILENT]
    seen = [(allele, value) for allele, value in pairs if allele != SILENT]
    mutation = _mutation(of.marker, dataset, losses)
    rates = [repr(mutation.female), repr(mutation.male), *[str(_CODES[mutation.kind])] * 2]
    more = [repr(mutation.range)] * 2 + [repr(mutation.rate2)] * 2
    dropout = kept.text(f"{of.marker}: dropout", "0")
    minimum = dataset.minima.get(of.marker, 0)
    size = f"DatabaseSize = {of.two_n or 0} , Dropout probability = {dropout}"
    return [
        f'"{of.marker}"',
        *rates,
        str(len(seen)),
        *more,
        *((TRUE, repr(silent[0])) if silent else (FALSE,)),
        kept.text(f"{of.marker}: after the silent allele", "0"),
        f"{len(seen)}\t({size} , Minor allele frequency = {minimum!r} )",
        *(line for allele, value in seen for line in (f'"{allele}"', repr(value))),
    ]


def _mutation(marker: str, dataset: Dataset, losses: Losses) -> Mutation:
    """The mutation model of a marker, as far as the format can say it."""
    mutation = dataset.mutations.get(marker, _NO_MUTATION)
    if mutation.kind not in _CODES:
        losses.lose(f"the format has no mutation model {mutation.kind}", marker=marker)
        return _NO_MUTATION
    is_none = mutation.kind is MutationKind.NONE
    mutates = (mutation.female, mutation.male) != (0, 0)
    if (is_none and mutates) or (mutation.kind is MutationKind.EQUAL and not mutates):
        losses.lose("rates that do not go with the mutation model", marker=marker)
        return _NO_MUTATION
    if marker in dataset.mutations and not (mutates or mutation.range or mutation.rate2):
        losses.lose("the mutation model, which never mutates", marker=marker)
    return mutation
