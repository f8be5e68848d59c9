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

from reunion.kinship.book import CodeArray, CodeBook, remap
from reunion.kinship.formats.complaints import Complaint, DataRefused, shown
from reunion.kinship.formats.genotypes import SEX_MARKER, Checks, Single
from reunion.kinship.formats.rows import Rows
from reunion.kinship.formats.sheet import Sheet, open_sheet
from reunion.kinship.formats.verdicts import COLUMNS, MORE_ALLELES, Judge
from reunion.kinship.markers import Genotype, Profile, allele_order
from reunion.kinship.pedigree import Sex

FEWEST_LOCI = 8
"""A sample with fewer usable loci is put aside; or with fewer than half of the file's loci, rounded
up, where that is less."""


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


def joined(first: Profiles, second: Profiles, *, file: str) -> Profiles:
    """The samples of two files in one code book; the loci of the first come first.

    Args:
        first: gives the hash.
        second: its samples come too.
        file: the name of the second file.

    Raises:
        DataRefused: a sample stands in both files and differs.
    """
    loci = tuple(dict.fromkeys((*first.book.loci, *second.book.loci)))
    alleles: dict[str, list[str]] = {locus: [] for locus in loci}
    for of in (first, second):
        for locus, names in zip(of.book.loci, of.book.alleles, strict=True):
            alleles[locus] += names
    book = CodeBook(loci, tuple(tuple(allele_order(set(alleles[locus]))) for locus in loci))
    both = first.sexes.keys() & second.sexes.keys()
    other_sex = {sample for sample in both if first.sexes[sample] is not second.sexes[sample]}
    ids, new = [*first.ids], []
    for at, sample in enumerate(second.ids):
        if first.row(sample) is None:
            ids.append(sample)
            new.append(at)
        elif sample in other_sex or first.profile(sample) != second.profile(sample):
            reason = "the file of profiles has a sample of this name with other genotypes: rename"
            raise DataRefused(Complaint(file, f"{reason} one", 0, "sample_id", sample, sample))
    order = sorted(range(len(ids)), key=ids.__getitem__)
    return Profiles(
        tuple(ids[at] for at in order),
        book,
        np.concatenate([_recoded(first, book), _recoded(second, book)[new]])[order],
        {**second.sexes, **first.sexes},
        (*first.quarantine, *second.quarantine),
        (first.put_aside | second.put_aside) - {*ids},
        (*first.notes, *second.notes),
        first.sha256,
    )


def _recoded(profiles: Profiles, book: CodeBook) -> CodeArray:
    """The codes of profiles in a wider book: uint16 of shape (n_samples, n_loci of the book)."""
    codes = np.tile(book.missing_row(), (len(profiles.ids), 1))
    for at, (locus, names, place) in enumerate(profiles.book.blocks()):
        column = book.loci.index(locus)
        alone = CodeBook((locus,), (names,))
        wide = CodeBook((locus,), (book.alleles[column],))
        within = remap(alone, wide)[profiles.codes[:, at] - place.start]
        codes[:, column] = within + book.offsets[column].astype(np.uint16)
    return codes


def read_profiles(path: Path, checks: Checks, single: Single = "quarantine") -> Profiles:
    """Read a file of profiles; 4.8 million rows take some seconds.

    Put aside with a reason: an unknown marker, an allele that is none or that nobody has seen, one
    allele where `single` does not say what it stands for, more than two, rows of one sample and
    marker that disagree (equal ones are welcome); whole samples whose rows disagree at two markers,
    or with too few loci. Markers on X and Y take no part. `?` as an allele states that it is not
    known.

    Raises:
        DataRefused: the file is damaged as a whole.
    """
    with open_sheet(path, COLUMNS, MORE_ALLELES) as sheet:
        judge = Judge(sheet, checks, single)
        rows = Rows(sheet, judge)
        rows.read()
        return _profiles(sheet, judge, rows)


def _profiles(sheet: Sheet, judge: Judge, rows: Rows) -> Profiles:
    """The matrix of codes from the cells that nothing speaks against."""
    cells = rows.settled()
    is_autosomal = np.array([locus.name != SEX_MARKER for locus in judge.loci])
    is_kept = _kept(rows, cells[:, is_autosomal])
    order = sorted(np.flatnonzero(is_kept).tolist(), key=rows.names.__getitem__)
    ids = tuple(rows.names[at] for at in order)
    cells = cells[order]
    used = [int(at) for at in np.flatnonzero(is_autosomal) if cells[:, at].any()]
    book = CodeBook(
        tuple(judge.loci[at].name for at in used),
        tuple(_alleles(judge.genotypes[at], cells[:, at]) for at in used),
    )
    codes = np.empty((len(ids), len(used)), dtype=np.uint16)
    for column, at in enumerate(used):
        codes[:, column] = _codes_of(book, column, judge.genotypes[at])[cells[:, at]]
    return Profiles(
        ids,
        book,
        codes,
        _sexes(judge, cells, ids),
        tuple(sorted(rows.quarantine, key=lambda complaint: complaint.line)),
        frozenset(compress(rows.names, ~is_kept)),
        (*sheet.notes, *map(str, judge.spellings), *_without_part(sheet, rows)),
        sheet.sha256,
    )


def _kept(rows: Rows, cells: CodeArray) -> NDArray[np.bool_]:
    """Per sample, whether it can be used; complains about the others."""
    is_kept = np.ones(len(cells), dtype=np.bool_)
    for at, markers in rows.clashes().items():
        if markers > 1:
            is_kept[at] = False
            rows.put_sample_aside(
                at,
                f"its rows disagree at {markers} markers, as if it were two people: give each"
                " person a sample_id of their own",
            )
    loci_of_file = int(np.count_nonzero(cells.any(axis=0)))
    least = max(1, min(FEWEST_LOCI, (loci_of_file + 1) // 2))
    usable = np.count_nonzero(cells, axis=1)
    for at in np.flatnonzero(is_kept & (usable < least)).tolist():
        is_kept[at] = False
        rows.put_sample_aside(
            at,
            f"{usable[at]} of its markers can be used and {least} are needed: type it again",
        )
    return is_kept


def _without_part(sheet: Sheet, rows: Rows) -> list[str]:
    """A note for each marker on X or Y."""
    return [
        f"{sheet.name}: marker {shown(marker)} lies on X or Y and takes no part ({count} rows)"
        for marker, count in rows.without_part.items()
    ]


def _alleles(genotypes: list[Genotype], cells: CodeArray) -> tuple[str, ...]:
    """The alleles of the cells that occur, from short to long."""
    seen = (genotypes[cell - 1] for cell in np.unique(cells).tolist() if cell)
    return tuple(allele_order({allele for pair in seen for allele in pair if allele is not None}))


def _codes_of(book: CodeBook, column: int, genotypes: list[Genotype]) -> CodeArray:
    """The code of each cell of a locus: uint16 of shape (n_cells + 1,); the first is not typed.

    A genotype of a sample that was put aside may hold alleles that the book lacks: no cell is left
    that would look it up.
    """
    known = set(book.alleles[column])
    missing = int(book.offsets[column])
    codes = [missing]
    for first, second in genotypes:
        is_known = first in known and (second is None or second in known)
        codes.append(book.code(book.loci[column], first, second) if is_known else missing)
    return np.array(codes, dtype=np.uint16)


def _sexes(judge: Judge, cells: CodeArray, ids: tuple[str, ...]) -> dict[str, Sex]:
    """What the sex marker shows, by sample."""
    shows = {"X": Sex.FEMALE, "Y": Sex.MALE}
    sexes: dict[str, Sex] = {}
    for at, locus in enumerate(judge.loci):
        if locus.name == SEX_MARKER:
            for sample, cell in zip(ids, cells[:, at].tolist(), strict=True):
                if cell:
                    sexes[sample] = shows[judge.genotypes[at][cell - 1][1] or "X"]
    return sexes
