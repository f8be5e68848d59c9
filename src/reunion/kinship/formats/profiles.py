"""Reads a file of profiles: `sample_id,marker,allele_1,allele_2`, one row per sample and marker.

Rows that are doubtful are put aside with a reason; the rest becomes a matrix of codes.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import compress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reunion.kinship.book import CodeArray, CodeBook
from reunion.kinship.formats.complaints import Complaint
from reunion.kinship.formats.genotypes import SEX_MARKER, Checks
from reunion.kinship.formats.rows import COLUMNS, MORE_ALLELES, Rows
from reunion.kinship.formats.sheet import Sheet, open_sheet
from reunion.kinship.markers import Genotype, Profile, allele_order
from reunion.kinship.pedigree import Sex

FEWEST_LOCI = 8
"""A sample with fewer usable loci is put aside; or with fewer than half of the file's loci, rounded
up, where that is less."""

_SEX_OF = {("X", "X"): Sex.FEMALE, ("X", "Y"): Sex.MALE}


@dataclass(frozen=True, slots=True)
class Profiles:
    """What a file of profiles holds, ready to be searched.

    Args:
        ids: samples, sorted.
        book: autosomal loci in the order of the catalogue, with the alleles seen in the file.
        codes: uint16 of shape (n_samples, n_loci), codes of the book.
        sexes: what the sex marker shows, for the samples in which it is typed.
        quarantine: one complaint per row or sample that was put aside, by line.
        put_aside: samples that were put aside as a whole.
        notes: what a person should know, though nothing was put aside.
        sha256: of the file.
    """

    ids: tuple[str, ...]
    book: CodeBook
    codes: CodeArray
    sexes: dict[str, Sex]
    quarantine: tuple[Complaint, ...]
    put_aside: frozenset[str]
    notes: tuple[str, ...]
    sha256: str

    def row(self, sample: str) -> int | None:
        """The row of a sample in `codes`, or None."""
        at = bisect_left(self.ids, sample)
        return at if at < len(self.ids) and self.ids[at] == sample else None

    def profile(self, sample: str) -> Profile:
        """The genotypes of a sample by locus, without those not typed; KeyError where unknown."""
        row = self.row(sample)
        if row is None:
            raise KeyError(sample)
        genotypes: dict[str, Genotype] = {}
        for at, (locus, code) in enumerate(zip(self.book.loci, self.codes[row], strict=True)):
            genotype = self.book.genotype(at, int(code))
            if genotype is not None:
                genotypes[locus] = genotype
        return genotypes


def read_profiles(path: Path, checks: Checks) -> Profiles:
    """Read a file of profiles; 4.8 million rows take some seconds.

    Put aside with a reason: an unknown marker, an allele that is none or that nobody has seen, one
    allele without statement, more than two, rows of one sample and marker that disagree (equal
    ones are welcome); whole samples whose rows disagree at two markers, or with too few loci.
    Markers on X and Y take no part. `?` as an allele states that it is not known.

    Raises:
        DataRefused: the file is damaged as a whole.
    """
    with open_sheet(path, COLUMNS, MORE_ALLELES) as sheet:
        rows = Rows(sheet, checks)
        rows.read()
        return _profiles(sheet, rows)


def _profiles(sheet: Sheet, rows: Rows) -> Profiles:
    """The matrix of codes from the cells of all rows that nothing speaks against."""
    samples = list(rows.samples)
    cells = rows.settled()
    is_autosomal = np.array([locus.name != SEX_MARKER for locus in rows.loci])
    is_kept = rows.agreeing()
    _drop_small(rows, cells, is_autosomal, is_kept)
    order = sorted(compress(range(len(samples)), is_kept), key=samples.__getitem__)
    ids = tuple(samples[at] for at in order)
    cells = cells[order]
    used = [at for at in np.flatnonzero(is_autosomal) if cells[:, at].any()]
    alleles = []
    for at in used:
        genotypes = (rows.genotypes[at][cell - 1] for cell in np.unique(cells[:, at]) if cell)
        alleles.append(tuple(allele_order({a for g in genotypes for a in g if a is not None})))
    book = CodeBook(tuple(rows.loci[at].name for at in used), tuple(alleles))
    codes = np.empty((len(ids), len(used)), dtype=np.uint16)
    for column, at in enumerate(used):
        codes[:, column] = _codes_of(book, column, rows.genotypes[at])[cells[:, at]]
    return Profiles(
        ids,
        book,
        codes,
        _sexes(rows, cells, ids),
        tuple(sorted(rows.quarantine, key=lambda complaint: complaint.line)),
        frozenset(compress(samples, ~is_kept)),
        (*sheet.notes, *rows.notes()),
        sheet.sha256,
    )


def _drop_small(
    rows: Rows, cells: CodeArray, is_autosomal: NDArray[np.bool_], is_kept: NDArray[np.bool_]
) -> None:
    """Put samples with too few usable loci aside."""
    autosomal = cells[:, is_autosomal]
    loci_of_file = int(np.count_nonzero(autosomal.any(axis=0)))
    least = min(FEWEST_LOCI, (loci_of_file + 1) // 2)
    usable = np.count_nonzero(autosomal, axis=1)
    for at in np.flatnonzero(is_kept & (usable < least)):
        is_kept[at] = False
        rows.put_sample_aside(
            int(at),
            f"{usable[at]} of its markers can be used and {least} are needed: type the sample again",
        )


def _codes_of(book: CodeBook, column: int, genotypes: list[Genotype]) -> CodeArray:
    """The code of each cell of a locus: uint16 of shape (n_cells + 1,), the first is not typed."""
    locus = book.loci[column]
    known = set(book.alleles[column])
    missing = int(book.offsets[column])
    return np.array(
        # Genotypes of samples put aside may hold alleles that the book lacks: nobody looks them up.
        [missing, *(book.code(locus, *g) if known.issuperset(filter(None, g)) else missing for g in genotypes)],
        dtype=np.uint16,
    )


def _sexes(rows: Rows, cells: CodeArray, ids: tuple[str, ...]) -> dict[str, Sex]:
    """What the sex marker shows, by sample."""
    for at, locus in enumerate(rows.loci):
        if locus.name == SEX_MARKER:
            shown = [None, *(_SEX_OF.get((a, b or "")) for a, b in rows.genotypes[at])]
            return {
                sample: sex
                for sample, cell in zip(ids, cells[:, at].tolist(), strict=True)
                if (sex := shown[cell]) is not None
            }
    return {}
