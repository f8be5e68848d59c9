"""Plants typos in the files of a pack: one at a time, in each kind of place that a file has.

A kind of place is a key of a TOML file under one heading, or a column of a table. Cells and texts
that may say anything, such as names and notes, are left alone: no program can see a typo there.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEADING = re.compile(r"^\[+([^\]]+)\]+")
_KEY = re.compile(r'^("[^"]+"|[A-Za-z_.]+) = (.+)$')
_INLINE = re.compile(r"\b([a-z_]+) = ")

FREE_COLUMNS = (
    *("name", "note", "source", "publisher", "measure", "authority", "condition", "aims"),
    *("results", "scheme", "plan", "number", "composition", "surname", "point"),
)
"""Columns, or what they begin with, in which anything may stand."""


@dataclass(frozen=True)
class Typo:
    """A file with one typo: which file, what was done, and what the file holds then."""

    file: Path
    what: str
    text: str


def planted_typos(folder: Path) -> Iterator[Typo]:
    """All typos for the files of a pack."""
    for file in sorted(folder.rglob("*")):
        if file.suffix == ".toml":
            yield from _in_toml(file)
        elif file.suffix == ".csv":
            yield from _in_table(file)
        elif file.suffix == ".topojson":
            yield from _in_map(file)


def _in_toml(file: Path) -> Iterator[Typo]:
    """Keys with a letter too many, values of another type, and text that is no TOML."""
    lines = file.read_text(encoding="utf-8").splitlines()
    heading, seen = "", set[tuple[str, str]]()
    for at, line in enumerate(lines):
        if found := _HEADING.match(line):
            heading = found[1]
            if ("", heading) not in seen:
                seen.add(("", heading))
                yield _typo(file, lines, at, line.replace(heading, f"{heading}x"), "heading")
        if not (found := _KEY.match(line)) or (heading, found[1]) in seen:
            continue
        key, value = found[1], found[2]
        seen.add((heading, key))
        wrong = f'{key[:-1]}x" = ' if key.endswith('"') else f"{key}x = "
        yield _typo(file, lines, at, wrong + value, f"unknown key {heading}.{key}x")
        yield _typo(file, lines, at, f"{key} = [[1]]", f"wrong type {heading}.{key}")
        if value.startswith("{") and (inner := _INLINE.search(value)):
            inside = value.replace(inner[0], f"{inner[1]}x = ", 1)
            yield _typo(file, lines, at, f"{key} = {inside}", f"unknown key {key}.{inner[1]}x")
    yield Typo(file, "no TOML", "\n".join([*lines, "[[broken"]))


def _in_table(file: Path) -> Iterator[Typo]:
    """Another header, rows that are broken, and cells that are not what the column holds."""
    with file.open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    yield Typo(file, "wrong header", _table([[header[0] + "x", *header[1:]], *rows]))
    yield Typo(file, "lost column", _table([header[:-1], *rows]))
    yield Typo(file, "a row too many", _table([header, *rows, ["x"]]))
    if not rows:
        return
    yield Typo(file, "a cell is lost", _table([header, rows[0][:-1], *rows[1:]]))
    yield Typo(file, "a cell too many", _table([header, *rows[:-1], [*rows[-1], "x"]]))
    yield Typo(file, "a row twice", _table([header, *rows, rows[-1]]))
    text = file.read_text(encoding="utf-8")
    yield Typo(file, "an open quote", text.rstrip("\n") + '\n"')
    for column, name in enumerate(header):
        if not name.startswith(FREE_COLUMNS) or name == "point_basis":
            row = [*rows[0][:column], "?!", *rows[0][column + 1 :]]
            yield Typo(file, f"wrong {name}", _table([header, row, *rows[1:]]))


def _in_map(file: Path) -> Iterator[Typo]:
    """An id, a coordinate, or a key that is another one, and text that is no JSON."""
    text = file.read_text(encoding="utf-8")
    first = json.loads(text)["objects"]["units"]["geometries"][0]["id"]
    yield Typo(file, "another id", text.replace(f'"id":"{first}"', f'"id":"{first}x"', 1))
    yield Typo(file, "another key", text.replace('"arcs"', '"arc"', 1))
    yield Typo(file, "another coordinate", text.replace("[[[", "[[[1,1],[", 1))
    yield Typo(file, "no JSON", text[:-9])


def _typo(file: Path, lines: list[str], at: int, line: str, what: str) -> Typo:
    return Typo(file, what, "\n".join([*lines[:at], line, *lines[at + 1 :], ""]))


def _table(rows: list[list[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()
