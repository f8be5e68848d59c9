"""Opens files that are no CSV: as bytes, or as a whole text of a limited length."""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from reunion.kinship.formats.complaints import Complaint, DataRefused

LARGEST = 4 << 30
"""Bytes that are read at most, from any file."""

LARGEST_TEXT = 256 << 20
"""Bytes of a file that is read as a whole."""


_DAMAGED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
"""Characters that no text file of a laboratory holds, and that Python may take for blanks."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text file.

    Args:
        name: the file as the caller named it.
        lines: without their ends.
        sha256: of the file.
    """

    name: str
    lines: tuple[str, ...]
    sha256: str

    def refused(self, reason: str, line: int = 0, field: str = "", value: str = "") -> DataRefused:
        """The error for a file that is refused as a whole."""
        return DataRefused(Complaint(self.name, reason, line, field, value))


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """A file to read, or a pipe.

    Raises:
        DataRefused: no such file, not readable, or too large.
    """
    name = str(path)
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        reason = "there is no such file: check the name"
        raise DataRefused(Complaint(name, reason)) from None
    except IsADirectoryError:
        raise DataRefused(Complaint(name, "this is a folder: name a file in it")) from None
    except PermissionError:
        reason = "this user may not read the file: change its permissions"
        raise DataRefused(Complaint(name, reason)) from None
    with stream:
        status = path.stat()
        if stat.S_ISREG(status.st_mode) and status.st_size > LARGEST:
            raise DataRefused(Complaint(name, f"the file has more than {LARGEST >> 30} GiB"))
        yield stream


def read_text(path: Path, encoding: str) -> Text:
    """Read a text file: UTF-8 with or without byte order mark unless told otherwise, any line end.

    Raises:
        DataRefused: not readable, too large, empty, or no text.
    """
    name = str(path)
    with open_bytes(path) as stream:
        data = stream.read(LARGEST_TEXT + 1)
    if len(data) > LARGEST_TEXT:
        raise DataRefused(Complaint(name, f"the file has more than {LARGEST_TEXT >> 20} MiB"))
    try:
        text = data.decode(encoding.replace("utf-8", "utf-8-sig"))
    except UnicodeDecodeError as error:
        line = 1 + data.count(b"\n", 0, error.start)
        reason = "the file is not UTF-8: save it as UTF-8"
        byte = f"{data[error.start]:02x}"
        raise DataRefused(Complaint(name, reason, line, "byte", byte)) from None
    if damaged := _DAMAGED.search(text):
        line = 1 + text.count("\n", 0, damaged.start())
        reason = "a control character: the file is damaged, or no text"
        raise DataRefused(Complaint(name, reason, line, "character", damaged[0]))
    if not text.strip():
        raise DataRefused(Complaint(name, "the file is empty"))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Text(name, tuple(lines), hashlib.sha256(data).hexdigest())
