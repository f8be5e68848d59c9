"""The parts of an office file: a ZIP archive, read within narrow limits and never unpacked."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from reunion.base.attachments.rules import AttachmentRefused, Kind, Refusal

ENTRIES = 5_000
"""Most parts of an archive: a presentation of 500 slides has some 2,000."""

INSIDE = 400 * 2**20
"""Most bytes of all parts, as the archive gives them; pictures make up most of it."""

PART = 32 * 2**20
"""Most bytes of one part that is read: 30 million characters of text with their tags."""

_KINDS = {
    "word/document.xml": Kind.WORD_DOCUMENT,
    "xl/workbook.xml": Kind.SPREADSHEET,
    "ppt/presentation.xml": Kind.PRESENTATION,
}
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


class Archive:
    """An archive whose parts are read one by one.

    Raises:
        AttachmentRefused: it is damaged or locked, has a part twice, or holds too much.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _UNREADABLE as error:
            raise AttachmentRefused(Refusal.DAMAGED_FILE) from error
        entries = self._zip.infolist()
        self._entries = {entry.filename: entry for entry in entries}
        if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > INSIDE:
            raise AttachmentRefused(Refusal.TOO_MUCH_INSIDE)
        if any(entry.flag_bits & 1 for entry in entries):
            raise AttachmentRefused(Refusal.LOCKED_FILE)
        if len(self._entries) != len(entries):  # programs would read different ones
            raise AttachmentRefused(Refusal.TWO_KINDS)

    def names(self) -> frozenset[str]:
        """The names of all parts."""
        return frozenset(self._entries)

    def part(self, name: str) -> bytes:
        """The bytes of a part; none where there is no such part.

        Raises:
            AttachmentRefused: it is damaged or too large, whatever its size is said to be.
        """
        if name not in self._entries:
            return b""
        try:
            with self._zip.open(self._entries[name]) as stream:
                data = stream.read(PART + 1)
        except (*_UNREADABLE, RuntimeError) as error:
            raise AttachmentRefused(Refusal.DAMAGED_FILE) from error
        if len(data) > PART:
            raise AttachmentRefused(Refusal.TOO_MUCH_INSIDE)
        return data


def office_kind(data: bytes) -> Kind:
    """Which office file an archive is.

    Raises:
        AttachmentRefused: it is another archive, or more than one of them.
    """
    names = Archive(data).names()
    kinds = [kind for name, kind in _KINDS.items() if name in names]
    if len(kinds) > 1:
        raise AttachmentRefused(Refusal.TWO_KINDS)
    if kinds and "[Content_Types].xml" in names:
        return kinds[0]
    is_office = "mimetype" in names or any(
        name.startswith(("word/", "xl/", "ppt/")) for name in names
    )
    raise AttachmentRefused(Refusal.OTHER_OFFICE_FILE if is_office else Refusal.ARCHIVE_FILE)
