"""What a file is, by its first bytes; and whether it is something else as well."""

from __future__ import annotations

import re

from reunion.base.attachments.cleaning.archive import office_kind
from reunion.base.attachments.cleaning.text import looks_like_text
from reunion.base.attachments.rules import AttachmentRefused, Kind, Refusal

_STARTS = (
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"GIF87a", Kind.GIF),
    (b"GIF89a", Kind.GIF),
    (b"II*\0", Kind.TIFF),
    (b"MM\0*", Kind.TIFF),
    (b"%PDF-", Kind.PDF),
    (b"ID3", Kind.MP3),
    (b"OggS", Kind.OGG),
    (b"#!AMR", Kind.AMR),
    (b"\x1aE\xdf\xa3", Kind.MATROSKA),
)
_REFUSED = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Refusal.OTHER_OFFICE_FILE),
    (b"{\\rtf", Refusal.OTHER_OFFICE_FILE),
    (b"Rar!\x1a\x07", Refusal.ARCHIVE_FILE),
    (b"7z\xbc\xaf\x27\x1c", Refusal.ARCHIVE_FILE),
    (b"\x1f\x8b", Refusal.ARCHIVE_FILE),
    (b"BZh", Refusal.ARCHIVE_FILE),
    (b"\xfd7zXZ\0", Refusal.ARCHIVE_FILE),
    (b"\x28\xb5\x2f\xfd", Refusal.ARCHIVE_FILE),
    (b"MSCF", Refusal.ARCHIVE_FILE),
    (b"\x7fELF", Refusal.PROGRAM_FILE),
    (b"MZ", Refusal.PROGRAM_FILE),
    (b"\xca\xfe\xba\xbe", Refusal.PROGRAM_FILE),
    (b"\xcf\xfa\xed\xfe", Refusal.PROGRAM_FILE),
    (b"dex\n", Refusal.PROGRAM_FILE),
    (b"#!", Refusal.PROGRAM_FILE),
    (b"%!PS", Refusal.PROGRAM_FILE),
    (b"<?php", Refusal.PROGRAM_FILE),
)
_HEIC = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
_TAR = slice(257, 262)
_BLANKS = b"\xef\xbb\xbf \t\r\n"

# Beginnings of other kinds, long enough that pictures and sound do not show them by chance (under
# one in a million files). A ZIP archive is told by its end: the mark and the numbers of its disks.
_OTHERS = {
    "pdf": re.compile(rb"%PDF-[12]\."),
    "archive": re.compile(rb"PK\x05\x06\0\0\0\0|Rar!\x1a\x07[\0\x01]|7z\xbc\xaf\x27\x1c"),
    "page": re.compile(rb"<script|<!doctype|<html[ >]|<\?php[ \r\n]|<iframe", re.IGNORECASE),
}
_ZIPPED = frozenset({Kind.WORD_DOCUMENT, Kind.SPREADSHEET, Kind.PRESENTATION})
_HEAD = 1024  # readers of PDF look for the beginning of one so far into a file


def kind_of(data: bytes) -> Kind:
    """What a file is.

    Raises:
        AttachmentRefused: it is of no kind that is taken, or of two.
    """
    if not data:
        raise AttachmentRefused(Refusal.EMPTY_FILE)
    kind = _by_start(data) or _by_form(data)
    if kind is None:
        raise AttachmentRefused(_reason(data))
    if is_two_kinds(data, kind):
        raise AttachmentRefused(Refusal.TWO_KINDS)
    return kind


def is_two_kinds(data: bytes, kind: Kind) -> bool:
    """Whether a file of a kind would open as another kind too."""
    if kind is Kind.TEXT:
        return _OTHERS["pdf"].search(data, 0, _HEAD) is not None
    mine = {Kind.PDF: "pdf"} | dict.fromkeys(_ZIPPED, "archive")
    # The parts of an office file are compressed: what shows between them is put there.
    return any(
        pattern.search(data) is not None
        for name, pattern in _OTHERS.items()
        if name != mine.get(kind)
    )


def _by_start(data: bytes) -> Kind | None:
    found = next((kind for start, kind in _STARTS if data.startswith(start)), None)
    if found is not None:
        return found
    if data.startswith(b"PK\x03\x04"):
        return office_kind(data)
    if data[:4] == b"RIFF":
        return {b"WAVE": Kind.WAV, b"WEBP": Kind.WEBP}.get(data[8:12])
    if data[4:8] == b"ftyp" and data[8:12] not in _HEIC:
        return Kind.MP4
    return None


def _by_form(data: bytes) -> Kind | None:
    if data[:2] == b"BM" and len(data) > _BMP_HEADER and data[6:10] == bytes(4):
        return Kind.BMP
    # Sound without a tag: eleven bits of a frame, and layer III.
    if data[:1] == b"\xff" and data[1:2] and data[1] & 0xE6 == 0xE2:
        return Kind.MP3
    refused = any(data.startswith(start) for start, _reason in _REFUSED)
    if refused or _is_markup(data) or data[_TAR] == b"ustar":
        return None
    return Kind.TEXT if looks_like_text(data) else None


_BMP_HEADER = 26


def _reason(data: bytes) -> Refusal:
    known = next((reason for start, reason in _REFUSED if data.startswith(start)), None)
    if known is not None:
        return known
    if data[4:8] == b"ftyp":
        return Refusal.HEIC_PICTURE
    if data[:2] == b"PK" or data[_TAR] == b"ustar":
        return Refusal.ARCHIVE_FILE
    return Refusal.WEB_PAGE if _is_markup(data) else Refusal.UNKNOWN_FILE


def _is_markup(data: bytes) -> bool:
    """Whether it is a page, a drawing or another file of tags, in any encoding of letters."""
    head = data[:_HEAD].replace(b"\0", b"")
    return head.lstrip(_BLANKS + b"\xff\xfe").startswith((b"<!", b"<?", b"<h", b"<H", b"<s", b"<S"))
