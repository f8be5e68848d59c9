"""Opens a CSV file: everything that can be wrong with the file as a whole is found here.

Comma, semicolon or tab: the separator is the one under which the first line names all wanted
columns, so nothing is guessed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn, Protocol

from reunion.kinship.formats.complaints import Complaint, DataRefused

_CHUNK = 1 << 20
_SEPARATORS = (",", ";", "\t")
_FOREIGN = {
    b"PK\x03\x04": "it is an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "it is an old Excel workbook",
    b"\x1f\x8b": "it is compressed with gzip",
    b"%PDF": "it is a PDF",
    b"SQLite format 3": "it is a database",
}


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
        extra: names of the columns that nobody knows.
        width: number of columns.
        separator: the character between two fields.
        sha256: of the whole file.
        rows: the rows after the first line, each a list of texts; blank lines are empty lists.
        notes: what a person should know about the file, though nothing is refused.
    """

    name: str
    columns: dict[str, int]
    extra: tuple[str, ...]
    width: int
    separator: str
    sha256: str
    rows: Reader
    notes: tuple[str, ...]

    @property
    def line(self) -> int:
        """Line in the file of the row that was read last."""
        return 1 + self.rows.line_num

    def complain(self, reason: str, field: str = "", value: str = "", *, line: int = 0) -> Complaint:
        """A complaint about the row that was read last, or about another line."""
        return Complaint(self.name, reason, line or self.line, field, value)

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows that hold anything, with their lines; values without outer blanks.

        Raises:
            DataRefused: a row that has more or fewer fields than the first line.
        """
        for row in self.rows:
            if not any(row):
                continue
            if len(row) != self.width:
                raise DataRefused(self.wrong_width(row))
            yield self.line, {name: row[at].strip() for name, at in self.columns.items()}

    def wrong_width(self, row: list[str]) -> Complaint:
        """The complaint about a row that has not as many fields as the first line."""
        reason = f"the row has {len(row)} fields and the first line {self.width}: "
        if len(row) < self.width:
            reason += "complete it"
        elif self.separator == ",":
            reason += "write decimals with a point, and put a text that holds a comma into quotes"
        else:
            reason += "take the surplus out"
        return self.complain(reason, "row", self.separator.join(row))


@contextmanager
def open_sheet(
    path: Path, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> Iterator[Sheet]:
    """Open a CSV file for reading: UTF-8 with or without byte order mark, any line end.

    Args:
        path: the file, or a pipe.
        required: columns that must be there, in any order.
        optional: columns that are known and may be absent.

    Raises:
        DataRefused: not readable, no UTF-8 text, a column missing or named twice, no rows, a last
            line that breaks off, or, while the rows are read, a quote that is never closed.
    """
    name = str(path)
    with closing(_opened(path)) as stream:
        check = _checked(name, stream)
        stream.seek(0)
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        header, separator = _header(name, text.readline(), required)
        columns, extra = _columns(name, header, required, optional)
        if check.last_line == 1:
            _refuse(name, "there is no row below the first line: the file is cut off or not filled")
        fields = _split(check.last_text, separator)
        if 0 < len(fields) < len(header):
            _refuse(
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
            name, columns, extra, len(header), separator, check.sha256, reader, tuple(notes)
        )
        try:
            yield sheet
        except csv.Error as error:
            raise DataRefused(
                sheet.complain(f"the row cannot be read ({error}): check the quotes above this line")
            ) from error


def _opened(path: Path) -> BinaryIO:
    """The file as bytes that can be read twice; a pipe is read into memory."""
    try:
        stream = path.open("rb")
        if stat.S_ISREG(path.stat().st_mode):
            return stream
        with stream:
            return io.BytesIO(stream.read())
    except FileNotFoundError:
        _refuse(str(path), "there is no such file: check the name")
    except IsADirectoryError:
        _refuse(str(path), "this is a folder: name a file in it")
    except PermissionError:
        _refuse(str(path), "this user may not read the file: change its permissions")


@dataclass(frozen=True, slots=True)
class _Check:
    """What the first pass over the bytes found out."""

    sha256: str
    last_line: int
    last_text: str
    is_ended: bool


def _checked(name: str, stream: BinaryIO) -> _Check:
    """Read all bytes once; refuse what is no UTF-8 text."""
    digest = hashlib.sha256()
    lines = last_line = 0
    last = end = b""
    while chunk := stream.read(_CHUNK) + stream.readline(_CHUNK):
        if not lines:
            _refuse_foreign(name, chunk)
        if len(chunk) == 2 * _CHUNK:
            _refuse(name, "a line of more than a megabyte: this is no CSV", line=lines + 1)
        digest.update(chunk)
        if b"\0" in chunk:
            at = lines + 1 + chunk.count(b"\n", 0, chunk.index(b"\0"))
            reason = "a NUL byte: the file is damaged, or no text"
            _refuse(name, reason, line=at, field="byte", value="00")
        try:
            chunk.decode()
        except UnicodeDecodeError as error:
            at = lines + 1 + chunk.count(b"\n", 0, error.start)
            value = f"{chunk[error.start]:02x}"
            _refuse(name, _encoding_reason(chunk), line=at, field="byte", value=value)
        if filled := chunk.rstrip():
            last = filled[filled.rfind(b"\n") + 1 :]
            last_line = lines + 1 + filled.count(b"\n")
        lines += chunk.count(b"\n")
        end = chunk[-1:]
    if not last_line:
        _refuse(name, "the file is empty")
    return _Check(digest.hexdigest(), last_line, last.decode("utf-8-sig"), end in (b"\n", b"\r"))


def _refuse_foreign(name: str, start: bytes) -> None:
    """Refuse a file whose first bytes show that it is something else than CSV."""
    for mark, what in _FOREIGN.items():
        if start.startswith(mark):
            _refuse(name, f"{what}, not CSV: save it as CSV UTF-8")
    head = start[:400]
    halves = (head[0::2], head[1::2])
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or any(h and not h.strip(b"\0") for h in halves):
        _refuse(
            name,
            'the file is UTF-16 (Excel calls it "Unicode text"), not UTF-8: save it as CSV UTF-8',
            line=1,
            field="byte",
            value=f"{start[0]:02x}",
        )


def _encoding_reason(chunk: bytes) -> str:
    """Why bytes that are not UTF-8 are refused, with the likely encoding where one stands out."""
    try:
        chunk.decode("gb18030")
    except UnicodeDecodeError:
        return "the file is not UTF-8: save it as CSV UTF-8"
    return "the file is not UTF-8, it looks like GB18030 (GBK): save it as CSV UTF-8"


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
    _refuse(
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
            _refuse(name, reason, line=1, field="columns", value=column)
    columns = {column: header.index(column) for column in known if column in header}
    return columns, tuple(column for column in header if column and column not in known)


def _refuse(name: str, reason: str, *, line: int = 0, field: str = "", value: str = "") -> NoReturn:
    raise DataRefused(Complaint(name, reason, line, field, value))
