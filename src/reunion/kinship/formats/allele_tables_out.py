"""Writes tables with a row per sample and marker: GeneMapper, GENis, and our own profiles."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from reunion.kinship.formats.allele_tables import Layout, is_control
from reunion.kinship.formats.complaints import Complaint
from reunion.kinship.formats.dataset import Dataset, Sample
from reunion.kinship.formats.genotypes import UNKNOWN
from reunion.kinship.formats.output import whole_file
from reunion.kinship.formats.writing import HELD, Losses, alleles_by_marker, is_plain


def write_table(dataset: Dataset, path: Path, layout: Layout) -> tuple[Complaint, ...]:
    """Write the samples as a table; gives what it could not hold."""
    losses = Losses(path)
    losses.lose_parts(dataset, ("samples",))
    longest = [len(texts) for sample in dataset.samples for texts in sample.haplotypes.values()]
    alleles = layout.alleles(min(layout.most, max([layout.fewest, *longest])))
    used = {name for sample in dataset.samples for name in sample.fields}
    fields = [name for name in layout.fields if layout.has_all or name.lower() in used]
    with whole_file(path) as stream:
        writer = csv.writer(stream, delimiter=layout.separator, lineterminator="\n")
        details = [*filter(None, [layout.role]), *fields, *filter(None, [layout.kit])]
        writer.writerow([layout.sample, *details, layout.marker, *alleles])
        for sample in dataset.samples:
            texts = _details(sample, layout, fields, losses)
            for marker, found in _rows(sample, layout, losses):
                blanks = [""] * (len(alleles) - len(found))
                writer.writerow([sample.id, *texts, marker, *found, *blanks])
    return losses.complaints()


def _details(sample: Sample, layout: Layout, fields: list[str], losses: Losses) -> list[str]:
    """The columns between sample and marker: role, fields, kit; blank where one cannot be held."""
    held = {"role": sample.role} if layout.role else {}
    held |= {name.lower(): sample.fields.get(name.lower(), "") for name in fields}
    held |= {"kit": sample.kit} if layout.kit else {}
    kept = [
        name
        for name, text in held.items()
        if is_plain(text) and not (name == layout.sort.lower() and is_control(text))
    ]
    losses.lose_details(sample, (*HELD, *kept))
    return [text if name in kept else "" for name, text in held.items()]


def _rows(sample: Sample, layout: Layout, losses: Losses) -> Iterator[tuple[str, list[str]]]:
    """The markers of a sample, with as many alleles as the format can say."""
    if not sample.genotypes and not sample.haplotypes:
        losses.lose("nothing was typed, and the format has a row for each marker", sample=sample.id)
    for marker, alleles in alleles_by_marker(sample):
        if None in alleles and not layout.has_unknown:
            reason = "the format cannot say that the second allele is not known"
            losses.lose_genotype(sample, marker, reason)
        elif len(alleles) > layout.most:
            losses.lose_genotype(sample, marker, f"the format holds {layout.most} alleles")
        else:
            yield marker, [allele or UNKNOWN for allele in alleles]
