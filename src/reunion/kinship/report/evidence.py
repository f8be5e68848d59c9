"""What one marker says about a lead."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reunion.kinship.compile import Compiler, Family
from reunion.kinship.likelihood import MarkerModel


@dataclass(frozen=True, slots=True)
class MarkerResult:
    """One marker of the lead.

    Args:
        marker: name.
        log10_lr: by table; 0 where no relative tells anything.
        is_inconsistent: whether only a mutation (or an error) explains the genotypes.
        added: by table, alleles that the rare-allele rule added.
        floor: by table, the least frequency of an allele under that rule; None where it has none.
    """

    marker: str
    log10_lr: Mapping[str, float]
    is_inconsistent: bool
    added: Mapping[str, tuple[str, ...]]
    floor: Mapping[str, float | None]


def marker_results(
    family: Family, codes: Sequence[int], compilers: Sequence[Compiler]
) -> Iterator[MarkerResult]:
    """The results of the markers that the candidate is typed at, in the order of the book.

    Args:
        family: who searches.
        codes: of the candidate, one for each locus of the book.
        compilers: one for each table, over the same book.

    Raises:
        Contradiction: the relatives contradict the pedigree.
    """
    book = compilers[0].book
    tables = {compiler.name: compiler.table(family) for compiler in compilers}
    plain = compilers[0].without_mutation().blocks(family)
    for at in typed_places(codes, compilers[0]):
        models = {compiler.name: compiler.models[at] for compiler in compilers}
        block = plain[at]
        yield MarkerResult(
            book.loci[at],
            {name: float(table[codes[at]]) for name, table in tables.items()},
            block is None or math.isinf(block[codes[at] - book.offsets[at]]),
            {name: model.frequencies.added if model else () for name, model in models.items()},
            {name: model.frequencies.floor if model else None for name, model in models.items()},
        )


def models_at(
    places: Sequence[int], compilers: Sequence[Compiler]
) -> dict[str, tuple[MarkerModel, ...]]:
    """By table, the models of some loci."""
    return {
        compiler.name: tuple(m for at in places if (m := compiler.models[at]) is not None)
        for compiler in compilers
    }


def typed_places(codes: Sequence[int], compiler: Compiler) -> list[int]:
    """The loci that the candidate is typed at and that have a model."""
    offsets = compiler.book.offsets.tolist()
    return [
        at
        for at, (code, model) in enumerate(zip(codes, compiler.models, strict=True))
        if code != offsets[at] and model is not None
    ]


def total(markers: Sequence[MarkerResult], table: str) -> float:
    """log10 LR of some markers with one table, added up in their order."""
    value = 0.0
    for marker in markers:
        value += marker.log10_lr[table]
    return value
