"""Opens a CSV file: everything that can be wrong with the file as a whole is found here.

Comma, semicolon or tab: the separator is the one under which the first line names all wanted
columns, so nothing is guessed.
"""

from __future__ import annotations

import csv
import io
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, TextIO

from reunion.kinship.formats.complaints import Complaint, DataRefused, shown
from reunion.kinship.formats.soundness import check_bytes, refused

BLANKS = " \t\r\n\xa0\u3000"
"""What may stand around a value. A damaged byte is none: "15" must not become "5" by it."""

_SEPARATORS = (",", ";", "\t")


class Reader(Protocol):
    """What the csv module calls a reader."""

    @property
    def line_num(self) -> int:
        """Lines read so far."""

    def __iter__(self) -> Iterator[list[str]]:
        """The rows."""

    def __next__(self) -> list[str]:
        """The next row."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """An open CSV file whose outer shape is sound.

    Args:
        name: the file as the caller named it.
        columns: position of each known column that is there.
        width: number of columns.
        separator: the character between two fields.
        sha256: of the whole file.
        text: the lines after the first one.
        rows: the same as rows, each a list of texts; read from one of the two.
        is_plain: there is no quotation mark in the file, so that each line is a row.
        notes: what a person should know about the file, though nothing is refused.
        unused: names of columns that nobody asked for.
    """

    name: str
    columns: dict[str, int]
    width: int
    separator: str
    sha256: str
    text: TextIO
    rows: Reader
    is_plain: bool
    notes: tuple[str, ...]
    unused: tuple[str, ...]

    @property
    def line(self) -> int:
        """Line in the file of the row that was read last."""
        return 1 + self.rows.line_num

    def complain(
        self, reason: str, field: str = "", value: str = "", *, line: int = 0
    ) -> Complaint:
        """A complaint about the row that was read last, or about another line."""
        return Complaint(self.name, reason, line or self.line, field, value)

    def records(self) -> Iterator[Record]:
        """The rows that hold anything.

        Raises:
            DataRefused: a row that has more or fewer fields than the first line.
        """
        for row in self.rows:
            if not any(text.strip() for text in row):
                continue
            if len(row) != self.width:
                raise DataRefused(self.wrong_width(row))
            yield self.record(row)

    def record(self, row: list[str]) -> Record:
        """A row of the right length, by the names of its columns."""
        texts = {name: row[at].strip(BLANKS) for name, at in self.columns.items()}
        return Record(self, self.line, texts)

    def width_reason(self, fields: int) -> str:
        """What is wrong with a row of so many fields."""
        reason = f"the row has {fields} fields and the first line {self.width}: "
        if fields < self.width:
            return reason + "complete it"
        if self.separator == ",":
            return reason + "write decimals with a point, and put a text with a comma into quotes"
        return reason + "take the surplus out"

    def wrong_width(self, row: list[str]) -> Complaint:
        """The complaint about the row that was read last, of another length than the first line."""
        return self.complain(self.width_reason(len(row)), "row", self.separator.join(row))


@dataclass(frozen=True, slots=True)
class Record:
    """One row by the names of its columns, values without outer blanks."""

    sheet: Sheet
    line: int
    texts: dict[str, str]

    def __getitem__(self, field: str) -> str:
        """The text of a field; blank where the file has no such column."""
        return self.texts.get(field, "")

    def fraction(self, field: str) -> float:
        """A number from 0 to 1; its decimals may follow a comma where commas do not separate."""
        text = self[field] if self.sheet.separator == "," else self[field].replace(",", ".")
        try:
            value = float(text)
        except ValueError:
            value = -1
        if not 0 <= value <= 1:
            raise self.refused(field, "a number from 0 to 1 is wanted, like 0.25")
        return value

    def complaint(self, field: str, reason: str) -> Complaint:
        """A complaint about a field of this row."""
        return self.sheet.complain(reason, field, self[field], line=self.line)

    def refused(self, field: str, reason: str) -> DataRefused:
        """The error for a field that makes the whole file useless."""
        return DataRefused(self.complaint(field, reason))


@contextmanager
def open_sheet(
    path: Path,
    required: tuple[str, ...],
    optional: tuple[str, ...] = (),
    *,
    encoding: str = "utf-8",
) -> Iterator[Sheet]:
    """Open a CSV file for reading: UTF-8 with or without byte order mark, any line end.

    Args:
        path: the file, or a pipe.
        required: columns that must be there, in any order.
        optional: columns that are known and may be absent.
        encoding: another one only where the sender says so.

    Raises:
        DataRefused: not readable, no UTF-8 text, a column missing or named twice, no rows, a last
            line that breaks off, or, while the rows are read, a quote that is never closed.
    """
    name = str(path)
    with closing(_opened(path)) as stream:
        encoding = encoding.replace("utf-8", "utf-8-sig")
        check = check_bytes(name, stream, encoding)
        stream.seek(0)
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        header, separator = _header(name, text.readline(), required)
        columns, extra = _columns(name, header, required, optional)
        if check.last_line == 1:
            raise refused(
                name, "there is no row below the first line: the file is cut off or not filled"
            )
        fields = _split(check.last_text, separator)
        # A blank name at the end comes from a separator after the last name: no column.
        if 0 < len(fields) < len(header) - (not header[-1]):
            raise refused(
                name,
                f"the last line breaks off: {len(fields)} of {len(header)} fields. The file is cut"
                " off: make or copy it again",
                line=check.last_line,
                field="row",
                value=check.last_text,
            )
        notes = [f"{name}: the column {column!r} is not used" for column in extra]
        if not check.is_ended:
            notes.append(f"{name}: the last line has no line end; make sure that the file is whole")
        reader = csv.reader(text, delimiter=separator, strict=True)
        sheet = Sheet(
            name,
            columns,
            len(header),
            separator,
            check.sha256,
            text,
            reader,
            check.is_plain,
            tuple(notes),
            extra,
        )
        try:
            yield sheet
        except csv.Error as error:
            reason = f"the row cannot be read ({shown(str(error))}): check the quotes above it"
            raise DataRefused(sheet.complain(reason)) from error


def _opened(path: Path) -> BinaryIO:
    """The file as bytes that can be read twice; a pipe is read into memory."""
    try:
        stream = path.open("rb")
        if stat.S_ISREG(path.stat().st_mode):
            return stream
        with stream:
            return io.BytesIO(stream.read())
    except FileNotFoundError:
        raise refused(str(path), "there is no such file: check the name") from None
    except IsADirectoryError:
        raise refused(str(path), "this is a folder: name a file in it") from None
    except PermissionError:
        raise refused(
            str(path), "this user may not read the file: change its permissions"
        ) from None


def _split(line: str, separator: str) -> list[str]:
    """The fields of one line; none where the line cannot stand alone."""
    try:
        return next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        return []


def _header(name: str, first: str, required: tuple[str, ...]) -> tuple[list[str], str]:
    """The names of the first line and the separator under which all wanted ones are there."""
    found: set[str] = set()
    for separator in _SEPARATORS:
        fields = [field.strip().lower() for field in _split(first.rstrip("\r\n"), separator)]
        if set(required) <= set(fields):
            return fields, separator
        found |= set(fields)
    missing = ", ".join(column for column in required if column not in found)
    raise refused(
        name,
        f"missing: {missing or 'one separator for all columns'}. The first line must name the"
        f" columns {','.join(required)}: add what is missing",
        line=1,
        field="columns",
        value=first.strip(),
    )


def _columns(
    name: str, header: list[str], required: tuple[str, ...], optional: tuple[str, ...]
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Positions of the known columns, and the names of the others."""
    known = (*required, *optional)
    for column in header:
        if column in known and header.count(column) > 1:
            reason = "the column is there twice: keep one"
            raise refused(name, reason, line=1, field="columns", value=column)
    columns = {column: header.index(column) for column in known if column in header}
    return columns, tuple(column for column in header if column and column not in known)
