"""Reads tables with a row per sample and marker: GeneMapper, GENis, and our own profiles.

The three differ in the names of their columns only, which a `Layout` gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from reunion.kinship.formats.complaints import DataRefused, shown
from reunion.kinship.formats.dataset import Dataset, Reading, Rules
from reunion.kinship.formats.gathering import Draft, Gathering
from reunion.kinship.formats.sheet import Sheet, open_sheet

_MOST_ALLELES = 99


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one kind of table, by their names as they are written.

    Args:
        sample: the name of the sample.
        marker: the name of the marker.
        allele: the names of the allele columns, with `{}` for their number.
        fewest: allele columns that are always written.
        most: allele columns at most.
        kit: the kit; blank where there is no such column.
        role: the role; blank where there is no such column.
        fields: what is kept beside them, as `Sample.fields`.
        has_all: whether all of the fields are always written.
        sort: which of the fields tells a control or a ladder from a sample; blank for none.
        measured: what the instrument measured, and flags; known, and not carried on.
        has_unknown: whether a ? may stand for an allele that is not known.
        separator: between two columns, where we write.
    """

    sample: str
    marker: str
    allele: str
    fewest: int
    most: int
    kit: str = ""
    role: str = ""
    fields: tuple[str, ...] = ()
    has_all: bool = False
    sort: str = ""
    measured: tuple[str, ...] = ()
    has_unknown: bool = False
    separator: str = "\t"

    def alleles(self, count: int) -> tuple[str, ...]:
        """The names of so many allele columns."""
        return tuple(self.allele.format(number) for number in range(1, count + 1))


PROFILES = Layout(
    "sample_id", "marker", "allele_{}", fewest=2, most=8, has_unknown=True, separator=","
)
GENEMAPPER = Layout(
    "Sample Name",
    "Marker",
    "Allele {}",
    fewest=2,
    most=_MOST_ALLELES,
    kit="Panel",
    role="Specimen Category",
    fields=(
        "Sample File",
        "Sample ID",
        "Sample Type",
        "Run Name",
        *(f"UD{number}" for number in range(1, 10)),
    ),
    sort="Sample Type",
    measured=(
        "Dye",
        *(
            f"{name} {number}"
            for name in ("Size", "Height", "Peak Area", "Data Point", "Mutation", "AE")
            for number in range(1, _MOST_ALLELES + 1)
        ),
        *"ADO AE OS BIN PHR LPH SPK AN OVL GQ".split(),
    ),
)
GENIS = Layout(
    "Sample Name",
    "Marker",
    "Allele {}",
    fewest=8,
    most=8,
    kit="UD2",
    role="Specimen Category",
    fields=("UD1",),
    has_all=True,
)


def read_table(path: Path, rules: Rules, layout: Layout) -> Reading:
    """Read a table of alleles; columns are found by name, in any order.

    Put aside with a reason: what `Checks` doubts, one allele alone where `rules.single` does not
    say what it stands for, more than two alleles, rows of one sample and marker that disagree.
    Rows of ladders and controls are skipped, and listed in the notes.

    Raises:
        DataRefused: the file is damaged as a whole.
    """
    required = (layout.sample, layout.marker, layout.alleles(1)[0])
    optional = (layout.kit, layout.role, *layout.fields, *layout.alleles(_MOST_ALLELES)[1:])
    with open_sheet(
        path,
        tuple(map(str.lower, required)),
        tuple(name.lower() for name in (*optional, *layout.measured) if name),
        encoding=rules.encoding,
    ) as sheet:
        for column in sheet.unused:
            # One that is passed over would leave one allele of two, and on Y nobody would see it.
            if column.startswith("allele"):
                reason = "the columns of alleles are numbered from 1: correct the name"
                raise DataRefused(sheet.complain(reason, "columns", column, line=1))
        table = _Table(sheet, layout, rules)
        table.read()
        gathering = table.gathering
        dataset = Dataset(samples=gathering.samples())
        complaints = sorted(gathering.quarantine, key=lambda complaint: complaint.line)
        notes = (*sheet.notes, *map(str, gathering.spellings), *table.notes())
        return Reading(sheet.name, dataset, tuple(complaints), notes, sheet.sha256)


class _Table:
    """The rows of one table."""

    def __init__(self, sheet: Sheet, layout: Layout, rules: Rules) -> None:
        self.gathering = Gathering(sheet.name, rules)
        self._sheet = sheet
        self._layout = layout
        self._marker_at = sheet.columns[layout.marker.lower()]
        self._skipped: Counter[tuple[str, str]] = Counter()
        self._differing: Counter[str] = Counter()
        about = (layout.sample, layout.kit, layout.role, *layout.fields)
        self._about = [name.lower() for name in about if name.lower() in sheet.columns]
        self._fields = [name.lower() for name in layout.fields if name.lower() in sheet.columns]

    def read(self) -> None:
        """Read all rows. The loop is written out: it runs some two million times."""
        sheet, layout = self._sheet, self._layout
        rows, width, take = sheet.rows, sheet.width, self.gathering.take
        marker_at = self._marker_at
        names = (name.lower() for name in layout.alleles(_MOST_ALLELES))
        alleles_of = _picked([sheet.columns[name] for name in names if name in sheet.columns])
        about_of = _picked([sheet.columns[name] for name in self._about])
        last: tuple[str, ...] | None = None
        draft: Draft | None = None
        for row in rows:
            if len(row) != width and not self._mend(row):
                continue
            about = about_of(row)
            if about != last:
                if not any(map(str.strip, row)):
                    continue
                last, draft = about, self._draft(dict(zip(self._about, about, strict=True)))
            if draft is not None:
                take(draft, row[marker_at], alleles_of(row), rows.line_num + 1)
            elif self._sort(row):
                self._skipped[about[0].strip(), self._sort(row)] += 1
            else:
                last = None  # the next row without a name is put aside as well

    def notes(self) -> list[str]:
        """What was not carried on."""
        name = self._sheet.name
        notes = [
            f"{name}: sample {shown(sample)} is a {shown(sort)}: skipped ({rows} rows)"
            for (sample, sort), rows in self._skipped.items()
        ]
        notes += [
            f"{name}: rows of a sample differ in {field!r}; the first one counts ({count} times)"
            for field, count in self._differing.items()
        ]
        known = {column.lower(): column for column in self._layout.measured}
        if measured := [known[column] for column in self._sheet.columns if column in known]:
            names = ", ".join(measured)
            notes.append(f"{name}: measurements and flags are not carried on: {names}")
        return notes

    def _mend(self, row: list[str]) -> bool:
        """Bring a row with blanks too few or too many at its end to the right length.

        Blank rows are welcome; any other one is put aside.
        """
        width = self._sheet.width
        named = max(self._sheet.columns.values()) + 1
        if len(row) >= named and not any(text.strip() for text in row[width:]):
            row[:] = (row + [""] * width)[:width]
            return True
        if not any(text.strip() for text in row):
            return False
        complaint = self._sheet.wrong_width(row)
        sample, marker = (
            row[at] if at < len(row) else ""
            for at in (self._sheet.columns[self._layout.sample.lower()], self._marker_at)
        )
        self.gathering.put_aside(
            complaint.reason, complaint.line, complaint.field, complaint.value, sample.strip()
        )
        if sample.strip().isprintable() and (
            draft := self.gathering.draft(sample, self._sheet.line)
        ):
            self.gathering.spoil(draft, marker, self._sheet.line)
        return False

    def _sort(self, row: list[str]) -> str:
        """The sort of a row that is a control or a ladder; blank for a sample."""
        at = self._sheet.columns.get(self._layout.sort.lower())
        text = "" if at is None else row[at].strip()
        return text if is_control(text) else ""

    def _draft(self, about: dict[str, str]) -> Draft | None:
        """The sample of rows that say this about it; None where it is none, or a control."""
        layout = self._layout
        if is_control(about.get(layout.sort.lower(), "")):
            return None
        draft = self.gathering.draft(about[layout.sample.lower()], self._sheet.line)
        if draft is None:
            return None
        texts = {key: text.strip() for key, text in about.items()}
        fields = {key: texts[key] for key in self._fields if texts[key]}
        kit, role = (texts.get(name.lower(), "") for name in (layout.kit, layout.role))
        self._differing.update(draft.describe(kit=kit, role=role, fields=fields))
        return draft


def is_control(sort: str) -> bool:
    """Whether a text in the column `sort` tells a ladder or a control from a sample.

    >>> is_control("Allelic Ladder"), is_control("Sample")
    (True, False)
    """
    return any(word in sort.lower() for word in ("ladder", "control"))


def _picked(places: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    """The fields at these places of a row, as a tuple."""
    if len(places) == 1:
        at = places[0]
        return lambda row: (row[at],)
    return itemgetter(*places)
