"""Measure the cleaner: planted marks that survive, and harmful files that are refused.

    python -m tools.attachment_figures [--each 24]

Writes build/figures/attachments.json. Each file is cleaned in a process of its own, as in use.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from reunion.base.attachments.rules import AttachmentRefused
from reunion.base.attachments.sandbox import clean
from tools.attachment_bombs import hostile
from tools.attachment_corpus import EACH, corpus
from tools.attachment_marks import surviving
from tools.attachment_shapes import wrong_shape
from tools.records import Record, write_records

OUT = Path(__file__).resolve().parent.parent / "build/figures/attachments.json"


def marks_left(each: int) -> tuple[list[Record], list[str]]:
    """How many planted marks survive, and what went wrong."""
    files, kinds, planted, seen, faults = 0, set(), 0, 0, list[str]()
    slowest = 0.0
    for file in corpus(each):
        begun = time.monotonic()
        try:
            cleaned = clean(file.data)
        except AttachmentRefused as refused:
            faults.append(f"{file.name} was refused: {refused.reason}")
            continue
        slowest = max(slowest, time.monotonic() - begun)
        files, planted = files + 1, planted + len(file.marks)
        kinds.add(file.kind)
        seen += len(surviving(file.data, file.marks))
        faults += [f"{file.name}: {place}" for _m, place in surviving(cleaned.data, file.marks)]
        if wrong := wrong_shape(cleaned.kind, cleaned.data):
            faults.append(f"{file.name}: {wrong}")
        if file.visible and file.visible not in cleaned.data.decode():
            faults.append(f"{file.name}: what is shown was lost")
    what = f"planted marks that survive the cleaner, in {files} files of {len(kinds)} kinds"
    enough = files >= 300 and len(kinds) >= 12 and planted >= 1_000 and seen == planted
    rows = [
        Record(what, len(faults), f"of {planted} marks", "0", enough and not faults),
        Record("planted marks that the search finds before cleaning", seen, "marks", "", None),
        Record("cleaning one file, the slowest", round(slowest, 2), "s", "", None),
    ]
    return rows, faults


def harm_refused() -> tuple[list[Record], list[str]]:
    """How many bombs, polyglots and files of other kinds are refused, for the right reason."""
    tried, slowest, faults = 0, 0.0, list[str]()
    for file in hostile():
        begun, answer = time.monotonic(), "taken"
        try:
            clean(file.data)
        except AttachmentRefused as refused:
            answer = refused.reason
        slowest = max(slowest, time.monotonic() - begun)
        tried += 1
        if answer not in file.refusals:
            faults.append(f"{file.name}: {answer}")
    what = "bombs, polyglots and other harmful files that are not refused for the right reason"
    rows = [
        Record(what, len(faults), f"of {tried} files", "0", not faults),
        Record("refusing one of them, the slowest", round(slowest, 2), "s", "", None),
    ]
    return rows, faults


def main() -> None:
    """Measure, print and write; status 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=EACH, help="files of each kind")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    rows, faults = marks_left(arguments.each)
    more, others = harm_refused()
    for row in (*rows, *more):
        print(f"{row.what}: {row.value} {row.unit}", flush=True)
    print(*faults, *others, sep="\n")
    command = "python -m tools.attachment_figures"
    write_records(arguments.out, [*rows, *more], command=command, libraries=("pillow", "pikepdf"))
    sys.exit(bool(faults or others))


if __name__ == "__main__":
    main()
