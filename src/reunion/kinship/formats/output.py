"""Writes result files: whole or not at all.

Ids are written as the laboratory gave them, also where one begins with `=`, `+`, `-` or `@`: they
are read by programs, and a changed id would lead to the wrong person. Free text is another matter:
where the quarantine file quotes a field that a spreadsheet would take for a formula, an apostrophe
stands before it (the untouched text is in the file and line named beside it).
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from reunion.kinship.formats.complaints import Complaint

LEAD_COLUMNS = (
    "family_id",
    "sought_id",
    "sample_id",
    "rank",
    "log10_lr",
    "log10_lr_min_population",
    "markers",
    "inconsistent_markers",
    "posterior",
    "expected_false_leads",
)
TRUTH_COLUMNS = ("family_id", "sought_id", "sample_id")
QUARANTINE_COLUMNS = ("file", "line", "sample_id", "marker", "field", "value", "reason")


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """A file to write, UTF-8: it takes its place under `path` only when all went well.

    A device or a pipe is written to directly.
    """
    place = Path(os.path.realpath(path))
    if place.exists() and not place.is_file():
        with place.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file with one header line; numbers read back the same."""
    with whole_file(path) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def write_quarantine(path: Path, complaints: Iterable[Complaint]) -> None:
    """Write what was put aside, and why."""
    rows = (
        (c.file, c.line or "", c.sample, c.marker, c.field, _harmless(c.value), c.reason)
        for c in complaints
    )
    write_csv(path, QUARANTINE_COLUMNS, rows)


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
