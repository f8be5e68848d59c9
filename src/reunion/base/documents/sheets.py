"""Tables as files: CSV and XLSX, from a head and any number of rows.

Whoever opens a file in Excel takes XLSX, where texts stay texts: in a CSV file Excel reads a long
number as it likes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, TypeAlias

from django.http import StreamingHttpResponse
from django.utils.translation import gettext

from reunion.base.zone import here

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell

Value: TypeAlias = str | int | float | Decimal | bool | date | datetime | None

FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""A text that begins so would be worked out by the program that opens the file."""

_CHUNK = 64 * 1024
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_SHEET_NAME_LENGTH = 31


class Form(Enum):
    """The forms of a file."""

    CSV = "csv"
    XLSX = "xlsx"


TYPES = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def sheet(
    form: Form,
    head: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    title: str,
    is_synthetic: bool,
) -> Iterator[bytes]:
    r"""The bytes of a table, piece by piece; rows are read one by one.

    Where the data are synthetic the first line says so, and the head is the second one. While an
    XLSX file is made, the computer's folder of temporary files holds it.

    >>> b"".join(sheet(Form.CSV, ["n"], [["=1+1"], [-5]], title="x", is_synthetic=False))
    b"\xef\xbb\xbfn\r\n'=1+1\r\n-5\r\n"
    """
    notes = [gettext("All people and data here are synthetic.")] if is_synthetic else []
    return _csv(notes, head, rows) if form is Form.CSV else _xlsx(notes, head, rows, title)


def sheet_answer(
    form: Form,
    head: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    title: str,
    name: str,
    is_synthetic: bool,
) -> StreamingHttpResponse:
    """The table as a download, called NAME.csv or NAME.xlsx."""
    pieces = sheet(form, head, rows, title=title, is_synthetic=is_synthetic)
    return StreamingHttpResponse(
        pieces,
        content_type=TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}.{form.value}"'},
    )


def _csv(notes: list[str], head: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def lines() -> Iterator[Sequence[Value]]:
        yield from ([note] for note in notes)
        yield head
        yield from rows

    buffer.write("\ufeff")  # by this mark Excel knows UTF-8
    for line in lines():
        writer.writerow([_plain(value) for value in line])
        if buffer.tell() > _CHUNK:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _plain(value: Value) -> object:
    if isinstance(value, datetime):
        return here(value).isoformat(sep=" ", timespec="minutes")
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def _xlsx(
    notes: list[str], head: Sequence[str], rows: Iterable[Sequence[Value]], title: str
) -> Iterator[bytes]:
    # Here, since it takes a third of a second, which every start of the site would wait for.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    book.properties.creator = "Reunion"
    name = _SHEET_NAME.sub(" ", title)[:_SHEET_NAME_LENGTH]
    page = book.create_sheet(name)
    page.freeze_panes = f"A{len(notes) + 2}"

    def cell(value: Value, *, bold: bool = False) -> WriteOnlyCell:
        if isinstance(value, datetime):
            value = here(value).replace(tzinfo=None)  # a cell knows no zone
        if not isinstance(value, str):
            return WriteOnlyCell(page, value)
        made = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value))
        made.data_type = "s"
        made.quotePrefix = value.startswith(FORMULA)  # it stays a text when somebody edits it
        if bold:
            made.font = Font(bold=True)
        return made

    for note in notes:
        page.append([cell(note, bold=True)])
    page.append([cell(word, bold=True) for word in head])
    for row in rows:
        page.append([cell(value) for value in row])
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(_CHUNK):
            yield piece
