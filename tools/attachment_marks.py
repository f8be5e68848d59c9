"""Marks that are planted in invented files, and the search for them in what the cleaner makes."""

from __future__ import annotations

import random
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image

from reunion.base.attachments.cleaning.text import decoded
from reunion.base.attachments.rules import Kind

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 12
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_INFLATED = 64 * 2**20
_BLANKS = re.compile(r"[ \t]+$", re.MULTILINE)
_TAGS = 0xE0000
_SELECTORS = 0xE0100


@dataclass(slots=True)
class Marks:
    """The marks of one file, each with the place where it was planted."""

    rng: random.Random
    planted: list[tuple[str, str]] = field(default_factory=list)

    def new(self, place: str) -> str:
        """Another mark; twelve letters, so that none appears by chance."""
        mark = "".join(self.rng.choices(LETTERS, k=LENGTH))
        self.planted.append((mark, place))
        return mark

    def raw(self, place: str) -> bytes:
        """Another mark, as bytes."""
        return self.new(place).encode()


@dataclass(frozen=True, slots=True)
class Planted:
    """An invented file with its marks; `visible` is a text that must stay, where there is one."""

    name: str
    kind: Kind
    data: bytes
    marks: tuple[tuple[str, str], ...]
    visible: str = ""


def surviving(data: bytes, marks: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """The marks that are in a file: as letters of one or two bytes, packed, or hidden in text."""
    layers = list(layers_of(data))
    return [
        (mark, place)
        for mark, place in marks
        if any(spelling in layer for layer in layers for spelling in spellings(mark))
    ]


def spellings(mark: str) -> tuple[bytes, ...]:
    """How a mark may be written."""
    plain = mark.encode()
    return (
        plain,
        mark.encode("utf-16-le"),
        mark.encode("utf-16-be"),
        plain.hex().encode(),
        plain.hex().upper().encode(),
        plain[::-1],
    )


def layers_of(data: bytes) -> Iterator[bytes]:
    """A file, all that is packed in it, and all that is hidden in its text."""
    yield data
    yield from _inflated(data)
    if b"PK\x05\x06" in data:
        yield from _unzipped(data)
    yield from _pixels(data)
    text = decoded(data)
    if text is not None:
        yield text.encode()
        yield from (hidden.encode("latin-1", errors="ignore") for hidden in _hidden(text))


def _inflated(data: bytes) -> Iterator[bytes]:
    """Every stream of zlib, wherever it begins, and once more what is inside."""
    for start in _ZLIB.finditer(data):
        unpacker = zlib.decompressobj()
        try:
            inner = unpacker.decompress(data[start.start() :], _INFLATED)
        except zlib.error:
            continue
        if len(inner) >= LENGTH:
            yield inner
            if b"\x78" in inner[:4]:
                yield from _inflated(inner)


def _pixels(data: bytes) -> Iterator[bytes]:
    """The colours of a picture, without and with what is transparent."""
    try:
        with Image.open(BytesIO(data), formats=["PNG", "BMP"]) as image:
            yield image.convert("RGB").tobytes()
            yield image.convert("RGBA").tobytes()
    except (OSError, ValueError, SyntaxError):
        return


def _unzipped(data: bytes) -> Iterator[bytes]:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError):
        return
    for entry in archive.infolist():
        inner = archive.read(entry)
        yield inner
        yield from _inflated(inner)


def in_no_width(text: str) -> str:
    """Letters as bits of two characters without width."""
    bits = "".join(f"{byte:08b}" for byte in text.encode())
    return bits.replace("0", "\u200b").replace("1", "\u200c")


def in_controls(text: str) -> str:
    """Letters as bits of two control characters."""
    bits = "".join(f"{byte:08b}" for byte in text.encode())
    return bits.replace("0", "\x01").replace("1", "\x02")


def in_tags(text: str) -> str:
    """Letters as tag characters."""
    return "".join(chr(_TAGS + ord(letter)) for letter in text)


def in_selectors(text: str) -> str:
    """Letters as selectors of variants."""
    return "".join(chr(_SELECTORS + ord(letter)) for letter in text)


def in_line_ends(text: str) -> str:
    """Lines that end in blanks and tabs, which are the bits of letters."""
    bits = "".join(f"{byte:08b}" for byte in text.encode())
    ends = (bits[at : at + 8].replace("0", " ").replace("1", "\t") for at in range(0, len(bits), 8))
    return "".join(f"line{end}\n" for end in ends)


def _hidden(text: str) -> Iterator[str]:
    yield _letters("".join("01"[c == "\u200c"] for c in text if c in "\u200b\u200c"))
    yield _letters("".join("01"[c == "\x02"] for c in text if c in "\x01\x02"))
    for first in (_TAGS, _SELECTORS):
        yield "".join(chr(ord(c) - first) for c in text if first <= ord(c) < first + 128)
    ends = "".join(_BLANKS.findall(text))
    yield _letters(ends.replace(" ", "0").replace("\t", "1"))


def _letters(bits: str) -> str:
    return "".join(chr(int(bits[at : at + 8], 2)) for at in range(0, len(bits) - 7, 8))
