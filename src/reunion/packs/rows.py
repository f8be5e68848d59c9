"""Strict reading of CSV: the wanted columns, whole rows, and cells that are what they should be."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from reunion.packs.errors import BadFile, BadValue, PackError, raise_all
from reunion.packs.shape import CODE, check_columns

_T = TypeVar("_T")
_R = TypeVar("_R")
_E = TypeVar("_E", bound=StrEnum)

_ABOUT = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, and where it stands."""

    file: Path
    line: int
    cells: Mapping[str, str]

    def wrong(self, column: str, reason: str) -> BadValue:
        """What to raise about a cell."""
        return BadValue(file=self.file, path=f"line {self.line}, {column}", reason=reason)

    def text(self, column: str) -> str:
        """A text that is not blank."""
        if not self.cells[column]:
            raise self.wrong(column, "missing")
        return self.cells[column]

    def optional(self, column: str) -> str:
        """A text; blank where there is none."""
        return self.cells[column]

    def code(self, column: str) -> str:
        """A code, as other files refer to it."""
        value = self.text(column)
        if CODE.fullmatch(value) is None:
            raise self.wrong(column, f"{value!r} is no code: small letters, digits, _, - and .")
        return value

    def codes(self, column: str) -> tuple[str, ...]:
        """Some words with ; between them, perhaps none."""
        values = tuple(self.cells[column].split(";")) if self.cells[column] else ()
        if not all(values) or len(set(values)) < len(values):
            raise self.wrong(column, "words with one ; between them are wanted, each one once")
        return values

    def member(self, column: str, of: type[_E]) -> _E:
        """One of a closed list of words."""
        value = self.cells[column]
        if value not in tuple(of):
            raise self.wrong(column, f"{value!r} is not one of {', '.join(of)}")
        return of(value)

    def day(self, column: str) -> date:
        """A date, as in 2026-03-02."""
        try:
            return date.fromisoformat(self.text(column))
        except ValueError:
            raise self.wrong(column, f"{self.cells[column]!r} is no date") from None

    def optional_day(self, column: str) -> date | None:
        """A date; none where the cell is blank."""
        return self.day(column) if self.cells[column] else None

    def about_day(self, column: str) -> str:
        """A year, a month or a day, as precise as the source is; blank where none is known."""
        value = self.cells[column]
        if value and _ABOUT.fullmatch(value) is None:
            raise self.wrong(column, f"{value!r} is no year, month or day")
        if value:
            try:
                date.fromisoformat((value + "-01-01")[:10])
            except ValueError:
                raise self.wrong(column, f"{value!r} is no date") from None
        return value

    def decimal(self, column: str) -> Decimal:
        """A number that is not below 0."""
        try:
            value = Decimal(self.text(column))
        except InvalidOperation:
            raise self.wrong(column, f"{self.cells[column]!r} is no number") from None
        if not value.is_finite() or value < 0:
            raise self.wrong(column, f"{value} is no number from 0")
        return value

    def degrees(self, column: str, most: int) -> float:
        """Degrees from -`most` to `most`."""
        try:
            value = float(self.text(column))
        except ValueError:
            raise self.wrong(column, f"{self.cells[column]!r} is no number") from None
        if not -most <= value <= most:
            raise self.wrong(column, f"{value} is not from -{most} to {most}")
        return value

    def whole(self, column: str) -> int:
        """A whole number from 0."""
        value = self.cells[column]
        if not (value.isascii() and value.isdecimal()):
            raise self.wrong(column, f"{value!r} is no whole number")
        return int(value)

    def translated(self, column: str, languages: tuple[str, ...]) -> dict[str, str]:
        """A text in each language, from columns such as name_en."""
        return {language: self.text(f"{column}_{language}") for language in languages}


def in_each(column: str, languages: Iterable[str]) -> tuple[str, ...]:
    """The columns of a text in each language.

    >>> in_each("name", ("zh", "en"))
    ('name_zh', 'name_en')
    """
    return tuple(f"{column}_{language}" for language in languages)


def read_table(file: Path, columns: tuple[str, ...], parse: Callable[[Row], _R]) -> tuple[_R, ...]:
    """Every line of a CSV file, parsed; line n of the file is the result at n - 2.

    Raises:
        PackError: what is wrong; `Faults` with all of it where several lines are.
    """
    check_columns(file, columns)
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            lines = list(reader)[1:]
    except csv.Error as error:
        raise BadFile(file=file, reason=f"line {reader.line_num}: {error}") from error
    except UnicodeDecodeError as error:
        raise BadFile(file=file, reason=str(error)) from error

    def parsed(numbered: tuple[int, list[str]]) -> _R:
        number, cells = numbered
        row = Row(file, number, dict(zip(columns, cells, strict=False)))
        if len(cells) != len(columns):
            raise row.wrong("row", f"{len(columns)} fields are wanted, not {len(cells)}")
        for column, cell in row.cells.items():
            if cell != cell.strip() or "\n" in cell:
                raise row.wrong(column, "a blank or a line break at the edge, or within")
        return parse(row)

    return each(parsed, enumerate(lines, 2))


def each(parse: Callable[[_T], _R], items: Iterable[_T]) -> tuple[_R, ...]:
    """What becomes of each item.

    Raises:
        PackError: what is wrong; `Faults` with all of it where several items are.
    """
    results: list[_R] = []
    faults: list[PackError] = []
    for item in items:
        try:
            results.append(parse(item))
        except PackError as error:
            faults.append(error)
    raise_all(faults)
    return tuple(results)
