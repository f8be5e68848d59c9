"""What a clean file consists of, told by plain walks that use nothing of the cleaner."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from io import BytesIO

import pikepdf

from reunion.base.attachments.rules import Kind

_PNG = b"\x89PNG\r\n\x1a\n"
_FRAME_BYTES = {0xC0, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD, 0xE0}
_HIDDEN = (
    *(range(0x00, 0x09), range(0x0B, 0x20), range(0x7F, 0xA0), range(0x200B, 0x2010)),
    *(range(0x202A, 0x202F), range(0x2060, 0x2070), range(0xFE00, 0xFE10)),
    *(range(0xE0000, 0xE01F0), range(0xFEFF, 0xFF00)),
)


def wrong_shape(kind: Kind, data: bytes) -> str:
    """What a clean file has that it should not have; blank where all is right."""
    walk = _WALKS.get(kind)
    if walk is None:
        return f"the cleaner wrote {kind}"
    try:
        return next(walk(data), "")
    except (IndexError, KeyError, ValueError, struct.error, pikepdf.PdfError) as error:
        return f"no {kind}: {type(error).__name__}"


def _png(data: bytes) -> Iterator[str]:
    if not data.startswith(_PNG):
        yield "start"
    at, names = len(_PNG), []
    while at < len(data):
        size = int.from_bytes(data[at : at + 4])
        names.append(data[at + 4 : at + 8])
        at += 12 + size
    if set(names) != {b"IHDR", b"IDAT", b"IEND"} or names[-1] != b"IEND" or at != len(data):
        yield f"chunks {sorted(set(names))}"


def _jpeg(data: bytes) -> Iterator[str]:
    if not data.startswith(b"\xff\xd8") or not data.endswith(b"\xff\xd9"):
        yield "start or end"
    at = 2
    while data[at + 1] != 0xD9:
        if data[at] != 0xFF or data[at + 1] not in _FRAME_BYTES:
            yield f"segment {data[at + 1]:x}"
            return
        is_scan, size = data[at + 1] == 0xDA, int.from_bytes(data[at + 2 : at + 4])
        if data[at + 1] == 0xE0 and data[at + 4 : at + 9] != b"JFIF\0":
            yield "APP0"
        at += 2 + size
        while is_scan and not (data[at] == 0xFF and data[at + 1] not in _IN_SCAN):
            at += 1
    if at + 2 != len(data):
        yield "bytes behind the end"


_IN_SCAN = {0, *range(0xD0, 0xD8)}


def _wav(data: bytes) -> Iterator[str]:
    size = int.from_bytes(data[40:44], "little")
    if (data[:4], data[8:16], data[36:40]) != (b"RIFF", b"WAVEfmt ", b"data"):
        yield "chunks"
    if len(data) != 44 + size + size % 2 or data[4:8] != (len(data) - 8).to_bytes(4, "little"):
        yield "length"
    if data[16:20] != b"\x10\0\0\0":
        yield "form"


def _mp3(data: bytes) -> Iterator[str]:
    at = 0
    while at < len(data):
        if data[at] != 0xFF or data[at + 1] & 0xE6 != 0xE2:
            yield f"no frame at {at}"
            return
        first = data[at + 1] & 0x18 == 0x18
        kilobits = (_FIRST if first else _SECOND)[data[at + 2] >> 4]
        rate = (44_100, 48_000, 32_000)[data[at + 2] >> 2 & 3] >> _HALVES[data[at + 1] >> 3 & 3]
        at += (144 if first else 72) * kilobits * 1_000 // rate + (data[at + 2] >> 1 & 1)
    if at != len(data):
        yield "length"


_FIRST = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_SECOND = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_HALVES = {3: 0, 2: 1, 0: 2}


def _text(data: bytes) -> Iterator[str]:
    hidden = [c for c in set(data.decode()) if any(ord(c) in of for of in _HIDDEN)]
    if hidden:
        yield f"hidden characters {hidden!r}"


def _pdf(data: bytes) -> Iterator[str]:
    if not data.endswith(b"%%EOF\n"):
        yield "bytes behind the end"
    with pikepdf.open(BytesIO(data), attempt_recovery=False) as file:
        if set(file.Root.keys()) != {"/Type", "/Pages"} or "/Info" in file.trailer:
            yield "catalogue"
        for thing in file.objects:
            keys = set(thing.keys()) if isinstance(thing, pikepdf.Dictionary) else set()
            if keys & {"/JS", "/AA", "/A", "/Metadata", "/PieceInfo", "/EF", "/Annots"}:
                yield f"keys {sorted(keys)}"


_WALKS: dict[Kind, Callable[[bytes], Iterator[str]]] = {
    Kind.PNG: _png,
    Kind.JPEG: _jpeg,
    Kind.WAV: _wav,
    Kind.MP3: _mp3,
    Kind.TEXT: _text,
    Kind.PDF: _pdf,
}
