"""The rows of a file of profiles, gathered by sample; what speaks against a row is kept."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from operator import methodcaller

import numpy as np

from reunion.kinship.book import CodeArray
from reunion.kinship.formats.complaints import Complaint
from reunion.kinship.formats.sheet import BLANKS, Sheet
from reunion.kinship.formats.verdicts import COLUMNS, NOT_TYPED, Judge, Rest, WithoutPart

_ALLELES = ",".join(COLUMNS[2:])


class Rows:
    """Cells of a file: per sample and locus, the number of the genotype that stands there.

    `names` are the samples in the order of the file.
    """

    def __init__(self, sheet: Sheet, judge: Judge) -> None:
        """Start without samples."""
        self.names: list[str] = []
        self.quarantine: list[Complaint] = []
        self.without_part: Counter[str] = Counter()
        self._sheet = sheet
        self._judge = judge
        self._width = len(judge.loci)
        self._bases: dict[str, int] = {}
        self._cells = array("H")
        self._lines = array("I")
        self._starts: list[int] = []
        self._doubtful: set[int] = set()
        self._clashes: dict[int, list[tuple[int, str]]] = {}

    def read(self) -> None:
        """Read all rows. The loop is written out: it runs some five million times."""
        cells, lines = self._cells, self._lines
        verdicts: dict[Rest, int] = {}
        last, base = None, None
        for line, (sample, _, rest) in self._numbered():
            if sample != last or base is None:
                last, base = sample, self._base(sample, line)
                if base is None:
                    self._put_nameless_aside(sample, rest, line)
                    continue
            verdict = verdicts.get(rest)
            if verdict is None:
                verdict = verdicts[rest] = self._judge.verdict(rest, line)
            if verdict > 0:
                at = base + (verdict >> 16)
                number = verdict & 0xFFFF
                if not cells[at]:
                    cells[at] = number
                    lines[at] = line
                elif cells[at] != number:
                    self._clashes.setdefault(at, []).append((line, self._text(at, number)))
            elif verdict != NOT_TYPED:
                self._take_special(verdict, base, line)

    def settled(self) -> CodeArray:
        """The cells that nothing speaks against: uint16 of shape (n_samples, n_loci)."""
        cells = np.array(self._cells, dtype=np.uint16)
        for at, others in self._clashes.items():
            line, here = self._lines[at], self._text(at, self._cells[at])
            self._put_cell_aside(at, line, here, f"line {others[0][0]} says {others[0][1]}")
            for other_line, text in others:
                self._put_cell_aside(at, other_line, text, f"line {line} says {here}")
            cells[at] = NOT_TYPED
        for at in self._doubtful:
            if cells[at]:
                here = self._text(at, self._cells[at])
                self._put_cell_aside(at, self._lines[at], here, "another row is in quarantine")
            cells[at] = NOT_TYPED
        return cells.reshape(len(self.names), self._width)

    def clashes(self) -> Counter[int]:
        """For each sample whose rows disagree, by position: at how many markers."""
        return Counter(at // self._width for at in self._clashes)

    def put_sample_aside(self, position: int, reason: str) -> None:
        """Complain about a whole sample."""
        name, line = self.names[position], self._starts[position]
        reason = f"the whole sample is put aside: {reason}"
        self.quarantine.append(Complaint(self._sheet.name, reason, line, "sample_id", name, name))

    def _numbered(self) -> Iterable[tuple[int, tuple[str, str, Rest]]]:
        """The rows with their lines, each as sample, separator and rest.

        Where there are no quotes and the sample stands first, no Python code runs between two rows.
        """
        sheet = self._sheet
        if sheet.is_plain and sheet.columns["sample_id"] == 0:
            return enumerate(map(methodcaller("partition", sheet.separator), sheet.text), 2)
        return self._numbered_by_csv()

    def _numbered_by_csv(self) -> Iterator[tuple[int, tuple[str, str, Rest]]]:
        """The same for any other file."""
        at = self._sheet.columns["sample_id"]
        for row in self._sheet.rows:
            sample = row.pop(at) if at < len(row) else ""
            yield self._sheet.line, (sample, "", tuple(row))

    def _base(self, sample: str, line: int) -> int | None:
        """Where the cells of a sample begin; None where the text is no sample id."""
        name = sample.strip(BLANKS)
        if name not in self._bases:
            if not name or not name.isprintable():
                return None
            self._bases[name] = len(self._cells)
            self.names.append(name)
            self._cells.extend([NOT_TYPED] * self._width)
            self._lines.extend([0] * self._width)
            self._starts.append(line)
        return self._bases[name]

    def _take_special(self, verdict: int, base: int, line: int) -> None:
        """Count a marker that takes no part; put a doubtful row aside."""
        special = self._judge.special(verdict)
        if isinstance(special, WithoutPart):
            self.without_part[special.marker] += 1
            return
        # Where the locus is known, no other row counts for it in this sample either.
        if special.column is not None:
            self._doubtful.add(base + special.column)
        doubt, sample = special.doubt, self.names[base // self._width]
        self.quarantine.append(
            Complaint(
                self._sheet.name,
                doubt.reason,
                line,
                doubt.field,
                doubt.value,
                sample,
                special.marker,
            )
        )

    def _put_nameless_aside(self, sample: str, rest: Rest, line: int) -> None:
        """A row whose sample nobody can name; blank lines are welcome."""
        if sample.strip() or any(text.strip(f" \r\n{self._sheet.separator}") for text in rest):
            reason = "this is no sample id: give one that can be read"
            self.quarantine.append(Complaint(self._sheet.name, reason, line, "sample_id", sample))

    def _put_cell_aside(self, at: int, line: int, value: str, why: str) -> None:
        """A row that was read before something spoke against its locus."""
        sample, marker = self.names[at // self._width], self._judge.loci[at % self._width].name
        reason = f"the marker is put aside for this sample, since {why}: keep the right row only"
        self.quarantine.append(
            Complaint(self._sheet.name, reason, line, _ALLELES, value, sample, marker)
        )

    def _text(self, at: int, number: int) -> str:
        """A genotype as a row would give it."""
        return self._judge.text(at % self._width, number)
