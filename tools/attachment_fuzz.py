"""Fuzzing of the cleaner: files changed at random are refused, or come out clean; nothing else.

    python -m tools.attachment_fuzz [--files 100000] [--seed 1] [--only KIND ...]

The files are shared out over the kinds. Each must be answered within two seconds, by a child that
stays alive, with a refusal or with a file that has the parts of a clean one and none of the marks
that were planted in it. The same seed makes the same files. Writes
build/figures/attachment-fuzz.json; files that went wrong lie in build/fuzz/.
"""

from __future__ import annotations

import argparse
import random
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from reunion.base.attachments.rules import AttachmentRefused, Cleaned, Kind
from reunion.base.attachments.sandbox import Child, ChildDied
from tools.attachment_corpus import BUILDERS, corpus
from tools.attachment_marks import Planted, surviving
from tools.attachment_pictures import chunk
from tools.attachment_shapes import wrong_shape
from tools.records import Record, write_records

ROOT = Path(__file__).resolve().parent.parent
FAULTS = ROOT / "build/fuzz"
OUT = ROOT / "build/figures/attachment-fuzz.json"
SECONDS = 2.0
SEEDS = 6
"""Seed files of each kind."""
TURNS = 200
"""Files that one child cleans; its time of the processor is limited."""
_NASTY = (b"\0", b"\xff", b"\x7f", b"\x80", b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff")
_LONG = (
    b"A" * 5_000,
    b"[" * 2_000,
    b"<<" * 900,
    b"<a>" * 900,
    b"(",
    b")",
    b"%",
    b"&x;",
    b"9" * 400,
)

# A change of these files may make a mark visible (a hidden row becomes a row), or make it a sample
# or a colour: then it is what the file shows, and only the parts of the clean file are checked.
_SHOWABLE = frozenset(
    (
        "hidden text,deleted text,hidden column,hidden row,hidden sheet,hidden shape,hidden slide,"
        "pronunciation,text of no cell,formula,title of a terminal,instruction of a field"
    ).split(",")
)
_BY_SHAPE = frozenset({Kind.WAV, Kind.BMP, Kind.TIFF, Kind.PNG, Kind.GIF, Kind.MP3})


@dataclass(slots=True)
class Result:
    """How many files of one kind ended how, and what went wrong."""

    ends: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Children:
    """One child after another: the next when one is used up, or was taken down."""

    def __init__(self) -> None:
        self._child: Child | None = None
        self._turns = 0

    def ask(self, data: bytes) -> Cleaned:
        """As `Child.ask`."""
        if self._child is None or self._turns >= TURNS:
            self.end()
            self._child, self._turns = Child(many=True), 0
            self._child.ask(b"wakes it up", seconds=60)
        self._turns += 1
        try:
            return self._child.ask(data, seconds=SECONDS)
        except (TimeoutError, ChildDied):
            self.end()
            raise

    def end(self) -> None:
        """Stop the child."""
        if self._child is not None:
            self._child.end()
        self._child = None


def changed(planted: Planted, other: bytes, rng: random.Random) -> bytes:
    """A seed with one to four changes: of its bytes, or of what is packed in it."""
    data = planted.data
    for _ in range(rng.choice((1, 1, 2, 2, 3, 4))):
        inside = _INSIDE.get(planted.kind) if rng.random() < 0.6 else None
        data = (inside or _bytes)(data, other, rng)
    return data


def _bytes(data: bytes, other: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    size = rng.choice((1, 2, 4, 16, 200))
    match rng.randrange(10):
        case 0 | 1 | 2:
            return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
        case 3 | 4:
            nasty = rng.choice(_NASTY)
            return data[:at] + nasty + data[at + len(nasty) :]
        case 5:
            return data[:at] + data[at + size :]
        case 6:
            return data[:at] + rng.choice(_LONG) + data[at:]
        case 7:
            return data[:at]
        case 8:
            start = rng.randrange(len(data) + 1)
            return data[:at] + data[start : start + size] + data[at:]
    return data[:at] + other[rng.randrange(len(other) + 1) :]


def _in_archive(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """A change of one part of an archive, which is packed again."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError):
        return data
    names = [name for name in parts if name.startswith(("word", "xl", "ppt"))] or list(parts)
    if not names:
        return data
    name = rng.choice(names)
    parts[name] = _bytes(parts[name], rng.choice([*parts.values()]), rng)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return out.getvalue()


def _in_chunk(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """A change of one chunk of a PNG file, whose checksum is right again."""
    chunks, at = [], 8
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4])
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
        at += 12 + size
    if not chunks:
        return data
    number = rng.randrange(len(chunks))
    name, content = chunks[number]
    chunks[number] = name, _bytes(content, other, rng)
    return data[:8] + b"".join(chunk(each, inner) for each, inner in chunks)


_INSIDE = {
    Kind.PNG: _in_chunk,
    Kind.WORD_DOCUMENT: _in_archive,
    Kind.SPREADSHEET: _in_archive,
    Kind.PRESENTATION: _in_archive,
}


def fuzz(kind: Kind, files: int, seed: int, seeds: Sequence[Planted]) -> Result:
    """Clean so many changed files of one kind."""
    mine = [planted for planted in seeds if planted.kind is kind]
    result, children = Result(), Children()
    for number in range(files):
        rng = random.Random(f"{seed} {kind} {number}")  # noqa: S311 # no secret
        planted = rng.choice(mine)
        data = changed(planted, rng.choice(seeds).data, rng)
        end = _end_of(children, planted, data)
        result.ends[end.partition(":")[0]] += 1
        if end.startswith("fault"):
            result.faults.append(f"{kind}, file {number} of seed {seed}{end[5:]}")
            FAULTS.mkdir(parents=True, exist_ok=True)
            (FAULTS / f"attachment-{kind}-{seed}-{number}").write_bytes(data)
    children.end()
    return result


def _end_of(children: Children, planted: Planted, data: bytes) -> str:
    """How one file ended: refused, cleaned, kept as it is, or a fault and which."""
    try:
        cleaned = children.ask(data)
    except AttachmentRefused:
        return "refused"
    except TimeoutError:
        return f"fault: more than {SECONDS} seconds"
    except ChildDied as died:
        return f"fault: the child ended with {died.ended}"
    except ValueError as error:
        return f"fault: {error}"
    if not cleaned.data:
        return "kept as it is"
    if wrong := wrong_shape(cleaned.kind, cleaned.data):
        return f"fault: {wrong}"
    if cleaned.source is not planted.kind or planted.kind in _BY_SHAPE:
        return "cleaned"
    marks = tuple(each for each in planted.marks if each[1] not in _SHOWABLE)
    left = [place for _mark, place in surviving(cleaned.data, marks)]
    return f"fault: a mark is left of {left}" if left else "cleaned"


def main() -> None:
    """Fuzz, print and write; status 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=100_000, help="changed files, of all kinds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", type=Kind, default=list(BUILDERS))
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    kinds, seeds = list(arguments.only), list(corpus(SEEDS))
    each = -(-arguments.files // len(kinds))
    total, faults = Counter[str](), list[str]()
    for kind in kinds:
        result = fuzz(kind, each, arguments.seed, seeds)
        total += result.ends
        faults += result.faults
        print(f"{kind}: {dict(result.ends)}", *result.faults[:20], sep="\n", flush=True)
    done = total.total()
    ends = ", ".join(f"{count} {end}" for end, count in sorted(total.items()))
    what = f"changed attachments that take the cleaner down, hang, or come out with a mark ({ends})"
    met = not faults and done >= 100_000
    row = Record(what, len(faults), f"of {done} files", "0 of at least 100000", met)
    command = f"python -m tools.attachment_fuzz --files {arguments.files} --seed {arguments.seed}"
    write_records(arguments.out, [row], command=command, libraries=("pillow", "pikepdf"))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
