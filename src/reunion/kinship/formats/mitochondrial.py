"""Reads and writes the mitochondrial table of GENis: a row per sequenced range."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from reunion.kinship.formats.complaints import Complaint, DataRefused
from reunion.kinship.formats.dataset import Dataset, MitochondrialRange, Reading, Rules
from reunion.kinship.formats.gathering import Draft, Gathering
from reunion.kinship.formats.genotypes import Doubt
from reunion.kinship.formats.output import whole_file
from reunion.kinship.formats.sheet import Record, Sheet, open_sheet
from reunion.kinship.formats.writing import Losses, is_plain

LENGTH = 16_569
"""Positions of the reference sequence (rCRS)."""

COLUMNS = ("sample name", "range from", "range to", "mut1")
_TITLES = ("Sample Name", "Specimen Category", "UD1", "Range From", "Range To")
_MOST = 50
_MUTATIONS = tuple(f"mut{number}" for number in range(1, _MOST + 1))
_DIFFERENCE = re.compile(r"[ACGT]?(\d{1,5})(\.\d{1,2})?([ACGTRYSWKMBDHVN]|DEL)", re.ASCII)


def read_mitochondrial(path: Path, rules: Rules) -> Reading:
    """Read sequenced ranges and their differences to the reference sequence.

    A range with one difference that cannot be read is put aside as a whole, and so are ranges of a
    sample that overlap and disagree.

    Raises:
        DataRefused: the file is damaged as a whole.
    """
    optional = ("specimen category", "ud1", *_MUTATIONS[1:])
    with open_sheet(path, COLUMNS, optional, encoding=rules.encoding) as sheet:
        for column in sheet.unused:
            # One that is passed over would make a difference vanish.
            if column.startswith("mut"):
                reason = f"the columns of differences are Mut1 to Mut{_MOST}: correct the name"
                raise DataRefused(sheet.complain(reason, "columns", column, line=1))
        gathering = Gathering(sheet.name, rules)
        lines: dict[tuple[str, MitochondrialRange], int] = {}
        for row in sheet.rows:
            if not any(text.strip() for text in row):
                continue
            if len(row) != sheet.width and not _mended(row, sheet):
                complaint = sheet.wrong_width(row)
                gathering.put_aside(complaint.reason, sheet.line, "row", complaint.value)
                continue
            record = sheet.record(row)
            draft = gathering.draft(record["sample name"], record.line)
            if draft is not None:
                _take(record, draft, gathering, lines)
        complaints = sorted(gathering.quarantine, key=lambda complaint: complaint.line)
        dataset = Dataset(samples=gathering.samples())
        return Reading(sheet.name, dataset, tuple(complaints), sheet.notes, sheet.sha256)


def write_mitochondrial(dataset: Dataset, path: Path) -> tuple[Complaint, ...]:
    """Write the sequenced ranges; gives what the table could not hold."""
    losses = Losses(path)
    losses.lose_parts(dataset, ("samples",))
    ranges = [found for sample in dataset.samples for found in sample.mitochondrial]
    width = min(_MOST, max([3, *(len(of.differences) + len(of.homopolymers) for of in ranges)]))
    with whole_file(path) as stream:
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow([*_TITLES, *(f"Mut{number}" for number in range(1, width + 1))])
        for sample in dataset.samples:
            texts = {"role": sample.role, "ud1": sample.fields.get("ud1", "")}
            kept = [name for name, text in texts.items() if is_plain(text)]
            losses.lose_details(sample, ("mitochondrial", *kept))
            about = [text if name in kept else "" for name, text in texts.items()]
            if not sample.mitochondrial:
                losses.lose("no range was sequenced", sample=sample.id)
            for of in sample.mitochondrial:
                notes = [*of.differences, *of.homopolymers]
                if len(notes) > _MOST:
                    reason = f"the format holds {_MOST} differences of a range"
                    losses.lose(reason, f"{of.first}-{of.last}", sample=sample.id)
                else:
                    blanks = [""] * (width - len(notes))
                    writer.writerow([sample.id, *about, of.first, of.last, *notes, *blanks])
    return losses.complaints()


def _mended(row: list[str], sheet: Sheet) -> bool:
    """Bring a row with blanks too many at its end to the right length."""
    is_blank = not any(text.strip() for text in row[sheet.width :])
    del row[sheet.width :]
    return is_blank and len(row) == sheet.width


def _take(
    record: Record,
    draft: Draft,
    gathering: Gathering,
    lines: dict[tuple[str, MitochondrialRange], int],
) -> None:
    """One range more."""
    ud1 = record["ud1"]
    draft.describe(kit="", role=record["specimen category"], fields={"ud1": ud1} if ud1 else {})
    try:
        new = _range(record)
    except Doubt as doubt:
        gathering.put_aside(doubt.reason, record.line, doubt.field, doubt.value, draft.id)
        return
    if new in draft.mitochondrial:
        return
    for old in draft.mitochondrial:
        if _disagree(old, new):
            reason = "the range overlaps one of line {} and disagrees: keep the right one only"
            old_line = lines[draft.id, old]
            for line, other in ((old_line, record.line), (record.line, old_line)):
                gathering.put_aside(reason.format(other), line, "range from", "", draft.id)
            draft.mitochondrial.remove(old)
            return
    draft.mitochondrial.append(new)
    lines[draft.id, new] = record.line


def _range(record: Record) -> MitochondrialRange:
    """The range of a row, or Doubt."""
    first, last = (_position(record, name) for name in ("range from", "range to"))
    if first > last:
        reason = "the range ends before it begins: write the part before and after position 1 apart"
        raise Doubt(reason, "range to", record["range to"])
    differences, homopolymers = [], []
    for name in _MUTATIONS:
        text = record[name]
        if text.startswith("-"):
            homopolymers.append(text)
        elif text:
            match = _DIFFERENCE.fullmatch(text.upper())
            if match is None:
                reason = "no difference to the reference: write it like T16223C, 315.1C, G16047DEL"
                raise Doubt(reason, name, text)
            if not first <= int(match[1]) <= last:
                raise Doubt("the position lies outside the range", name, text)
            differences.append(text.upper())
    return MitochondrialRange(first, last, tuple(differences), tuple(homopolymers))


def _position(record: Record, name: str) -> int:
    """A position of the reference sequence, or Doubt."""
    text = record[name]
    if not re.fullmatch(r"\d{1,5}", text, re.ASCII) or not 1 <= int(text) <= LENGTH:
        raise Doubt(f"a position from 1 to {LENGTH} is wanted", name, text)
    return int(text)


def _disagree(one: MitochondrialRange, other: MitochondrialRange) -> bool:
    """Whether two ranges say different things about the positions that they share."""
    first, last = max(one.first, other.first), min(one.last, other.last)

    def shared(of: MitochondrialRange) -> set[str]:
        places = ((text, re.search(r"\d+", text)) for text in of.differences)
        return {text for text, at in places if at and first <= int(at[0]) <= last}

    return first <= last and shared(one) != shared(other)
