"""Invented files that harm whoever opens them, or are of two kinds, or of a kind not taken.

Each comes with the refusals that are right for it; several limits may be the first to hold.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from random import Random

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from reunion.base.attachments.rules import Refusal
from tools.attachment_marks import Marks
from tools.attachment_office import docx, packed, relations, xlsx
from tools.attachment_pages import layered_pdf, pdf, text
from tools.attachment_pictures import chunk, jpeg, picture, png
from tools.attachment_sounds import mp3, wav

R = Refusal
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MIB = 2**20


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file that must be refused, and with which of the refusals; a heavy one may take seconds."""

    name: str
    data: bytes
    refusals: frozenset[Refusal]
    is_heavy: bool


def hostile() -> Iterator[Hostile]:
    """All of them."""
    for group in (_pictures, _archives, _pages, _two_kinds, _not_taken):
        for name, data, *refusals in group():
            is_heavy = group in {_pictures, _archives, _pages}
            yield Hostile(name, data, frozenset(refusals), is_heavy)


Row = tuple[str, bytes, Refusal] | tuple[str, bytes, Refusal, Refusal]


def _marks(seed: int = 1) -> Marks:
    return Marks(Random(seed))  # noqa: S311 # no secret


def _header(width: int, height: int) -> bytes:
    return chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, 1, 0, 0, 0, 0))


def _flat_png(width: int, height: int) -> bytes:
    """A picture of one colour: packed, a thousandth of its pixels."""
    packer, row = zlib.compressobj(9), bytes(1 + width // 8)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    body = _header(width, height) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _pictures() -> Iterator[Row]:
    yield "PNG of 400 megapixels", _flat_png(20_000, 20_000), R.TOO_MANY_PIXELS
    yield (
        "PNG of 4 gigapixels, by its head",
        _flat_png(8, 8).replace(_header(8, 8), _header(65_535, 65_535)),
        R.TOO_MANY_PIXELS,
    )
    note = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80 * MIB), 9))
    yield (
        "PNG with a note of 80 MB",
        _flat_png(8, 8)[:33] + note + _flat_png(8, 8)[33:],
        (R.DAMAGED_FILE),
        R.TOO_MUCH_INSIDE,
    )
    large = BytesIO()
    Image.new("1", (10_000, 6_000)).save(large, "TIFF", compression="group4")
    yield "TIFF of 60 megapixels", large.getvalue(), R.TOO_MANY_PIXELS
    plain = BytesIO()
    picture(_marks().rng).save(plain, "JPEG")
    size = plain.getvalue().index(b"\xff\xc0") + 5
    wide = plain.getvalue()[:size] + b"\xff\xdc\xff\xdc" + plain.getvalue()[size + 4 :]
    yield "JPEG of 4 gigapixels, by its head", wide, R.TOO_MANY_PIXELS
    bitmap = bytearray(b"BM" + bytes(52))
    bitmap[10], bitmap[14], bitmap[26], bitmap[28] = 54, 40, 1, 24
    bitmap[18:26] = struct.pack("<ii", 2**30, 2**30)
    yield "BMP of an exapixel, by its head", bytes(bitmap), R.TOO_MANY_PIXELS, R.DAMAGED_FILE
    screen = b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\x80\0\0" + bytes(6)
    frame = b"," + struct.pack("<HHHH", 0, 0, 65_535, 65_535) + b"\0\x02\x02\x4c\x01\0"
    yield (
        "GIF of 4 gigapixels in a thousand frames",
        screen + frame * 1_000 + b";",
        (R.TOO_MANY_PIXELS),
    )


def _archives() -> Iterator[Row]:
    types = {"[Content_Types].xml": ""}
    words = f"<w:document {_W}><w:p><w:r><w:t>{'A' * 40 * MIB}</w:t></w:r></w:p></w:document>"
    yield (
        "word document of 40 MB, packed",
        packed({**types, "word/document.xml": words}),
        (R.TOO_MUCH_INSIDE),
    )
    many = {f"word/{number}.xml": "" for number in range(20_000)}
    yield (
        "word document of 20,000 parts",
        packed({**types, "word/document.xml": "", **many}),
        (R.TOO_MUCH_INSIDE),
    )
    yield (
        "word document that gives a part a small size",
        _with_small_size(words[: 4 * MIB]),
        (R.DAMAGED_FILE),
        R.TOO_MUCH_INSIDE,
    )
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    laughing = f'<!DOCTYPE w [<!ENTITY a0 "ha">{laughs}]><w:document {_W}>&a11;</w:document>'
    yield (
        "word document with entities of entities",
        packed({**types, "word/document.xml": laughing}),
        R.DAMAGED_FILE,
    )
    entity = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    outside = f"{entity}<w:document {_W}>&a;</w:document>"
    yield (
        "word document that reads a file",
        packed({**types, "word/document.xml": outside}),
        (R.DAMAGED_FILE),
    )
    deep = f"<w:document {_W}>{'<w:p>' * 1_000_000}"
    yield (
        "word document nested a million deep",
        packed({**types, "word/document.xml": deep}),
        (R.TOO_MUCH_INSIDE),
    )
    row = '<row><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>' * 20_000
    sheet = '<worksheet xmlns="s"><sheetData>' + row + "</sheetData></worksheet>"
    parts = {
        **types,
        "xl/workbook.xml": '<workbook xmlns:r="r"><sheet name="x" r:id="r1"/></workbook>',
        "xl/_rels/workbook.xml.rels": relations({"r1": "worksheets/sheet1.xml"}),
        "xl/worksheets/sheet1.xml": sheet,
    }
    yield "sheet with a cell at the far end of each row", packed(parts), R.TOO_MUCH_INSIDE


def _with_small_size(words: str) -> bytes:
    """A part whose place in the list says that it has ten bytes."""
    data = bytearray(packed({"[Content_Types].xml": "", "word/document.xml": words}))
    listed = data.rindex(b"word/document.xml") - 46
    data[listed + 24 : listed + 28] = struct.pack("<I", 10)
    return bytes(data)


def _pages() -> Iterator[Row]:
    yield (
        "PDF with a stream of 400 MB",
        _pdf_with(bytes(400 * MIB), packs=2),
        (R.TOO_MUCH_INSIDE),
        R.DAMAGED_FILE,
    )
    yield (
        "PDF with instructions of 30 million words",
        _pdf_with(b"q Q " * 15_000_000, packs=1),
        (R.TOO_MUCH_INSIDE),
        R.TOOK_TOO_LONG,
    )
    deep = _plain_pdf(b"[" * 100_000 + b"]" * 100_000)
    yield "PDF with arrays nested 100,000 deep", deep, R.DAMAGED_FILE
    yield (
        "PDF whose pages hold themselves",
        _plain_pdf(b"[3 0 R]", pages=b"[2 0 R 2 0 R]"),
        (R.DAMAGED_FILE),
    )
    yield "PDF with a hidden layer", layered_pdf("HIDDEN"), R.HIDDEN_LAYERS
    locked = BytesIO()
    with Pdf.open(BytesIO(pdf(_marks()))) as file:
        file.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))
    yield "PDF with a password", locked.getvalue(), R.LOCKED_FILE
    yield "PDF with a JPEG 2000 picture", _pdf_with_jpx(), R.PICTURES_IN_PDF


def _pdf_with(content: bytes, *, packs: int) -> bytes:
    """A page whose instructions are packed so many times."""
    for _ in range(packs):
        content = zlib.compress(content, 9)
    with Pdf.new() as file:
        file.add_blank_page()
        filters = Array([Name.FlateDecode] * packs)
        file.pages[0].obj.Contents = file.make_stream(content, Filter=filters)
        out = BytesIO()
        file.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def _plain_pdf(resources: bytes, pages: bytes = b"[3 0 R]") -> bytes:
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids " + pages + b">>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</Font " + resources + b">>>>",
    ]
    data, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 4\n0000000000 65535 f \n" + table + b"trailer<</Size 4/Root 1 0 R>>\n"
    return data + head + b"startxref\n%d\n%%%%EOF\n" % len(data)


def _pdf_with_jpx() -> bytes:
    with Pdf.new() as file:
        file.add_blank_page()
        image = file.make_stream(
            b"\0\0\0\x0cjP  \r\n\x87\n",
            Subtype=Name.Image,
            Width=1,
            Height=1,
            Filter=Name.JPXDecode,
        )
        file.pages[0].obj.Resources = Dictionary(XObject=Dictionary(I=image))
        out = BytesIO()
        file.save(out)
    return out.getvalue()


def _two_kinds() -> Iterator[Row]:
    archive = packed({"note.txt": "synthetic"})
    script = b"<script>alert(1)</script>"
    builders = {"JPEG": jpeg, "PNG": png, "WAV": wav, "MP3": mp3, "PDF": pdf}
    for name, build in builders.items():
        yield f"{name} and archive", build(_marks()) + archive, R.TWO_KINDS
        yield f"{name} and page", build(_marks()) + script, R.TWO_KINDS
    for name in ("JPEG", "PNG", "WAV"):
        yield f"{name} and PDF", builders[name](_marks()) + pdf(_marks()), R.TWO_KINDS
        yield f"{name} and RAR", builders[name](_marks()) + b"Rar!\x1a\x07\0", R.TWO_KINDS
    yield "GIF and script", b"GIF89a/*" + script + b"*/=1;", R.TWO_KINDS
    yield "text and PDF", b"a synthetic text\n%PDF-1.7\n", R.TWO_KINDS
    both = {"[Content_Types].xml": "", "word/document.xml": "", "xl/workbook.xml": ""}
    yield "word document and spreadsheet", packed(both), R.TWO_KINDS
    yield "word document and page", docx(_marks()) + script, R.TWO_KINDS, R.DAMAGED_FILE
    twice = BytesIO()
    with zipfile.ZipFile(twice, "w") as file:
        for name in ("[Content_Types].xml", "word/document.xml", "word/document.xmk"):
            file.writestr(name, "")
    same = twice.getvalue().replace(b"word/document.xmk", b"word/document.xml")
    yield "word document with two texts", same, R.TWO_KINDS


def _not_taken() -> Iterator[Row]:
    yield "nothing", b"", R.EMPTY_FILE
    yield "SVG", b'<svg xmlns="http://www.w3.org/2000/svg"/>', R.WEB_PAGE
    yield "SVG in UTF-16", "<?xml version='1.0'?><svg/>".encode("utf-16"), R.WEB_PAGE
    yield "HTML", b"<!DOCTYPE html><p>synthetic</p>", R.WEB_PAGE
    yield "ZIP", packed({"note.txt": "synthetic"}), R.ARCHIVE_FILE
    yield "RAR", b"Rar!\x1a\x07\x01\0" + bytes(99), R.ARCHIVE_FILE
    yield "7z", b"7z\xbc\xaf\x27\x1c" + bytes(99), R.ARCHIVE_FILE
    yield "gzip", b"\x1f\x8b\x08" + bytes(99), R.ARCHIVE_FILE
    yield "tar", b"note.txt".ljust(257, b"\0") + b"ustar\0" + bytes(300), R.ARCHIVE_FILE
    yield "Windows program", b"MZ\x90\0" + bytes(99), R.PROGRAM_FILE
    yield "Linux program", b"\x7fELF\x02" + bytes(99), R.PROGRAM_FILE
    yield "shell script", b"#!/bin/sh\necho synthetic\n", R.PROGRAM_FILE
    yield "HEIC", b"\0\0\0\x18ftypheic" + bytes(99), R.HEIC_PICTURE
    yield "old office file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), R.OTHER_OFFICE_FILE
    yield "OpenDocument", packed({"mimetype": "application/x"}), R.OTHER_OFFICE_FILE
    yield "RTF", b"{\\rtf1 synthetic}", R.OTHER_OFFICE_FILE
    yield "noise", Random(7).randbytes(5_000), R.UNKNOWN_FILE  # noqa: S311 # no secret
    yield "cut-off PNG", png(_marks())[:200], R.DAMAGED_FILE
    yield "cut-off spreadsheet", xlsx(_marks())[:900], R.DAMAGED_FILE
    yield "text with zeros", text(_marks()).replace(b" ", b"\0"), R.UNKNOWN_FILE
