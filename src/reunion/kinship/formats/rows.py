"""The rows of a file of profiles: each distinct text is judged once, then counted in by look-up."""

from __future__ import annotations

from array import array
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from reunion.kinship.book import CodeArray
from reunion.kinship.formats.complaints import Complaint, shown
from reunion.kinship.formats.genotypes import SEX_MARKER, Checks, Doubt, is_aside
from reunion.kinship.formats.sheet import Sheet
from reunion.kinship.markers import Genotype

COLUMNS = ("sample_id", "marker", "allele_1", "allele_2")
MORE_ALLELES = tuple(f"allele_{n}" for n in range(3, 9))

_ALLELES = "allele_1,allele_2"
_NOTHING = 0
_ASIDE = -1
_FIRST_DOUBT = -2


class Rows:
    """Cells of a file: per sample and locus, the number of the genotype that stands there.

    `genotypes[locus][cell - 1]` is the genotype of a cell; cell 0 is "not typed". `samples` gives
    the position of each sample, in the order of the file.
    """

    def __init__(self, sheet: Sheet, checks: Checks) -> None:
        """Start with no sample; the columns are the loci of the catalogue that take part."""
        self.loci = [locus for locus in checks.catalogue.loci if not is_aside(locus)]
        self.genotypes: list[list[Genotype]] = [[] for _ in self.loci]
        self.samples: dict[str, int] = {}
        self.quarantine: list[Complaint] = []
        self._sheet = sheet
        self._checks = checks
        self._column = {locus.name: at for at, locus in enumerate(self.loci)}
        self._number: list[dict[Genotype, int]] = [{} for _ in self.loci]
        self._cells = array("H")
        self._lines = array("I")
        self._starts = array("I")
        self._doubts: list[tuple[Doubt, int | None]] = []
        self._doubtful: set[int] = set()
        self._clashes: dict[int, list[tuple[int, str]]] = {}
        self._set_aside: dict[str, int] = {}
        self._spellings: dict[str, None] = {}

    def read(self) -> None:
        """Read all rows. The loop is written out: it runs some five million times."""
        sheet, rows, width = self._sheet, self._sheet.rows, self._sheet.width
        pick = itemgetter(*(sheet.columns[name] for name in COLUMNS))
        more = [sheet.columns[name] for name in MORE_ALLELES if name in sheet.columns]
        cells, lines = self._cells, self._lines
        judged: dict[tuple[str, str, str], int] = {}
        last, base = None, None
        for row in rows:
            if len(row) != width or (more and any(row[at].strip() for at in more)):
                self._odd(row)
                continue
            sample, marker, first, second = pick(row)
            if sample != last:
                last, base = sample, self._base(sample)
            cell = judged.get((marker, first, second))
            if cell is None:
                cell = judged[marker, first, second] = self._judge(marker, first, second)
            if base is None:
                self._nameless(row)
            elif cell > 0:
                at = base + (cell >> 16)
                genotype = cell & 0xFFFF
                if not cells[at]:
                    cells[at] = genotype
                    lines[at] = rows.line_num
                elif cells[at] != genotype:
                    self._clashes.setdefault(at, []).append((sheet.line, f"{first},{second}"))
            elif cell == _ASIDE:
                self._set_aside[marker] = self._set_aside.get(marker, 0) + 1
            elif cell:
                self._doubt(base, marker, *self._doubts[_FIRST_DOUBT - cell])

    def settled(self) -> CodeArray:
        """The cells that nothing speaks against: uint16 of shape (n_samples, n_loci)."""
        cells = np.array(self._cells, dtype=np.uint16)
        for at, others in self._clashes.items():
            line = 1 + self._lines[at]
            here = self._text(at)
            self._put_aside(at, line, here, f"line {others[0][0]} says {shown(others[0][1])}")
            for other, text in others:
                self._put_aside(at, other, text, f"line {line} says {here}")
            cells[at] = 0
        for at in self._doubtful:
            if cells[at] and at not in self._clashes:
                why = "another row of it is in quarantine"
                self._put_aside(at, 1 + self._lines[at], self._text(at), why)
            cells[at] = 0
        return cells.reshape(len(self.samples), len(self.loci))

    def agreeing(self) -> NDArray[np.bool_]:
        """Per sample, whether its rows agree; those that clash at two markers or more are put aside."""
        clashing = np.zeros(len(self.samples), dtype=np.int64)
        for at in self._clashes:
            clashing[at // len(self.loci)] += 1
        for at in np.flatnonzero(clashing > 1):
            self.put_sample_aside(
                int(at),
                f"its rows disagree at {clashing[at]} markers, so they may be of two people: give each"
                " its own sample_id",
            )
        return clashing < 2

    def put_sample_aside(self, at: int, reason: str) -> None:
        """Complain about a whole sample, by its position."""
        sample = list(self.samples)[at]
        self.quarantine.append(
            self._sheet.complain(
                f"the whole sample is put aside: {reason}",
                "sample_id",
                sample,
                line=1 + self._starts[at],
            )
        )

    def notes(self) -> list[str]:
        """Markers that take no part, and texts that were read as another spelling."""
        notes = [
            f"{self._sheet.name}: marker {shown(marker)} lies on X or Y and takes no part"
            f" ({count} rows)"
            for marker, count in self._set_aside.items()
        ]
        return notes + list(self._spellings)

    def _base(self, sample: str) -> int | None:
        """Where the cells of a sample begin; None for a text that is no sample id."""
        name = sample.strip()
        if not name or not name.isprintable():
            return None
        if name not in self.samples:
            self.samples[name] = len(self.samples)
            self._cells.frombytes(bytes(self._cells.itemsize * len(self.loci)))
            self._lines.frombytes(bytes(self._lines.itemsize * len(self.loci)))
            self._starts.append(self._sheet.rows.line_num)
        return self.samples[name] * len(self.loci)

    def _judge(self, marker: str, first: str, second: str) -> int:
        """One number for what a row says: locus and genotype, nothing, aside, or a doubt."""
        column = None
        try:
            locus = self._checks.locus(marker)
            if locus is None:
                return _ASIDE
            column = self._column[locus.name]
            genotype = self._checks.genotype(locus, first, second)
        except Doubt as doubt:
            self._doubts.append((doubt, column))
            return _FIRST_DOUBT + 1 - len(self._doubts)
        if genotype is None:
            return _NOTHING
        if locus.name != SEX_MARKER:
            self._note_spelling(marker, {"allele_1": first, "allele_2": second}, genotype)
        numbers = self._number[column]
        if genotype not in numbers:
            numbers[genotype] = len(numbers) + 1
            self.genotypes[column].append(genotype)
        return column << 16 | numbers[genotype]

    def _note_spelling(self, marker: str, texts: dict[str, str], genotype: Genotype) -> None:
        """Remember an allele that was written in another way than ours."""
        for field, text in texts.items():
            if text.strip() and text.strip() not in (*genotype, "?"):
                names = [name for name in genotype if name is not None]
                meant = min(names, key=lambda name: abs(float(name) - float(text.replace(",", "."))))
                note = self._sheet.complain(f"read as {meant}, as in all other rows", field, text)
                self._spellings[str(note)] = None

    def _doubt(self, base: int, marker: str, doubt: Doubt, column: int | None) -> None:
        """Put the row that was read last aside; its locus cannot be used for this sample."""
        at = None if column is None else base + column
        if at is not None:
            self._doubtful.add(at)
        sample = self._name(base)
        self._complain(self._sheet.line, sample, marker, doubt.field, doubt.value, doubt.reason)
