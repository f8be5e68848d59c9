"""The first pass over a file: whether its bytes are UTF-8 text, and whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from reunion.kinship.formats.complaints import Complaint, DataRefused

_CHUNK = 1 << 20
_FOREIGN = {
    b"PK\x03\x04": "it is an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "it is an old Excel workbook",
    b"\x1f\x8b": "it is compressed with gzip",
    b"%PDF": "it is a PDF",
    b"SQLite format 3": "it is a database",
}


@dataclass(frozen=True, slots=True)
class Soundness:
    """What the first pass over the bytes found out.

    `last_line` and `last_text` are those of the last line that is not blank; `is_ended`: the file
    ends with a line end; `is_plain`: there is no quotation mark in it.
    """

    sha256: str
    last_line: int
    last_text: str
    is_ended: bool
    is_plain: bool


def check_bytes(name: str, stream: BinaryIO, encoding: str = "utf-8-sig") -> Soundness:
    """Read all bytes once; refuse what is no text in this encoding."""
    digest = hashlib.sha256()
    lines = last_line = 0
    is_plain = True
    last = end = b""
    while chunk := stream.read(_CHUNK) + stream.readline(_CHUNK):
        end_of_line = b"\n" if b"\n" in chunk else b"\r"
        if not lines:
            _refuse_foreign(name, chunk)
        if len(chunk) == 2 * _CHUNK:
            raise refused(name, "a line of more than a megabyte: this is no CSV", line=lines + 1)
        digest.update(chunk)
        is_plain = is_plain and b'"' not in chunk
        if b"\0" in chunk:
            at = lines + 1 + chunk.count(end_of_line, 0, chunk.index(b"\0"))
            reason = "a NUL byte: the file is damaged, or no text"
            raise refused(name, reason, line=at, field="byte", value="00")
        try:
            chunk.decode(encoding)
        except UnicodeDecodeError as error:
            at = lines + 1 + chunk.count(end_of_line, 0, error.start)
            byte = f"{chunk[error.start]:02x}"
            reason = _encoding_reason(chunk)
            raise refused(name, reason, line=at, field="byte", value=byte) from None
        if filled := chunk.rstrip(b"\r\n "):
            last = filled[filled.rfind(end_of_line) + 1 :]
            last_line = lines + 1 + filled.count(end_of_line)
        lines += chunk.count(end_of_line)
        end = chunk[-1:]
    if not last_line:
        raise refused(name, "the file is empty")
    is_ended = end in (b"\n", b"\r")
    return Soundness(digest.hexdigest(), last_line, last.decode(encoding), is_ended, is_plain)


def _refuse_foreign(name: str, start: bytes) -> None:
    """Refuse a file whose first bytes show that it is something else than CSV."""
    for mark, what in _FOREIGN.items():
        if start.startswith(mark):
            raise refused(name, f"{what}, not CSV: save it as CSV UTF-8")
    head = start[:400]
    halves = (head[0::2], head[1::2])
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or any(h and not h.strip(b"\0") for h in halves):
        raise refused(
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


def refused(
    name: str, reason: str, *, line: int = 0, field: str = "", value: str = ""
) -> DataRefused:
    """The error for a file that is refused as a whole."""
    return DataRefused(Complaint(name, reason, line, field, value))
