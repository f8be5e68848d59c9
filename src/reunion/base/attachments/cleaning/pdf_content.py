"""The drawing instructions of a PDF page, written anew: known operators with what they take."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pikepdf
from pikepdf import ContentStreamInlineImage, ContentStreamInstruction, Name, Object, Pdf

from reunion.base.attachments.rules import AttachmentRefused, Refusal

LARGEST = 32 * 2**20
"""Bytes of the instructions of one page: a map with a million lines has half of it."""

_NUMBERS = {
    0: "q Q h S s f F f* B B* b b* n W W* BT ET T*",
    1: "w J j M i Tc Tw Tz TL Tr Ts G g",
    2: "m l Td TD d0",
    3: "RG rg",
    4: "v y re K k",
    6: "cm c Tm d1",
}
_FIXED = {operator: count for count, names in _NUMBERS.items() for operator in names.split()}
_NAMED = {"ri": 1, "gs": 1, "Tf": 2, "CS": 1, "cs": 1, "sh": 1, "Do": 1}
_COLOURS = frozenset({"SC", "SCN", "sc", "scn"})
_SPOKEN = {"Tj": 1, "'": 1, '"': 3}
_MOST_COLOURS = 33
_IMAGE_KEYS = "/Width /Height /BitsPerComponent /ColorSpace /Decode /ImageMask /Interpolate".split()
_PACKING = ("/Filter", "/DecodeParms")
_COMPONENTS = {
    "/DeviceGray": 1,
    "/CalGray": 1,
    "/Indexed": 1,
    "/Separation": 1,
    "/DeviceRGB": 3,
    "/CalRGB": 3,
    "/Lab": 3,
    "/DeviceCMYK": 4,
}
_CMAP_COMMENT = re.compile(rb"%[^\r\n]*")


def rewrite(pdf: Pdf, holder: Object | pikepdf.Page) -> bytes:
    """The instructions of a page, form, pattern or glyph, without marks, comments and the unknown.

    Raises:
        AttachmentRefused: they are too long, or hold a picture that cannot be cleaned.
        PdfError: they cannot be read.
    """
    if sum(len(part.read_bytes()) for part in _parts(holder)) > LARGEST:
        raise AttachmentRefused(Refusal.TOO_MUCH_INSIDE)
    written: list[bytes] = []
    run: list[ContentStreamInstruction] = []
    for instruction in pikepdf.parse_content_stream(holder):
        if isinstance(instruction, ContentStreamInlineImage):
            picture = _inline_image(pdf, instruction.iimage)
            written += (pikepdf.unparse_content_stream(run), picture)
            run = []
        elif _is_known(str(instruction.operator), instruction):
            run.append(instruction)
    return b"\n".join((*written, pikepdf.unparse_content_stream(run)))


def _parts(holder: Object | pikepdf.Page) -> Iterator[Object]:
    """The streams of the instructions: one of a form, any number of a page."""
    content = holder.obj.get("/Contents") if isinstance(holder, pikepdf.Page) else holder
    parts = content if isinstance(content, pikepdf.Array) else [content]
    yield from (part for part in parts if isinstance(part, pikepdf.Stream))


def without_comments(cmap: bytes) -> bytes:
    """A table from characters to Unicode without its comments."""
    return _CMAP_COMMENT.sub(b"", cmap)


def _is_known(operator: str, instruction: ContentStreamInstruction) -> bool:
    """Whether an operator draws something and has exactly the operands that it takes."""
    operands = list(instruction.operands)
    count = len(operands)
    if operator in _FIXED:
        return count == _FIXED[operator] and all(map(_is_number, operands))
    if operator in _NAMED:
        return count == _NAMED[operator] and all(map(_is_plain, operands))
    if operator in _COLOURS:
        return count <= _MOST_COLOURS and all(map(_is_plain, operands))
    if operator in _SPOKEN:
        return count == _SPOKEN[operator] and isinstance(operands[-1], pikepdf.String)
    if operator == "d":
        return count == 2 and all(map(_is_number, [*_items(operands[0]), operands[1]]))
    return operator == "TJ" and count == 1 and all(map(_is_shown, _items(operands[0])))


def _items(value: object) -> Iterator[object]:
    yield from value if isinstance(value, pikepdf.Array) else [value]


def _is_number(value: object) -> bool:
    return not isinstance(value, Object | bool | str | bytes)


def _is_plain(value: object) -> bool:
    return _is_number(value) or isinstance(value, Name)


def _is_shown(value: object) -> bool:
    return _is_number(value) or isinstance(value, pikepdf.String)


def _inline_image(pdf: Pdf, image: pikepdf.PdfInlineImage) -> bytes:
    """A small picture among the instructions, decoded, and written in hexadecimal digits."""
    known = image.obj
    packed = pdf.make_stream(
        image.read_raw_bytes(), {key: known[key] for key in _PACKING if key in known}
    )
    try:
        pixels = packed.read_bytes(pikepdf.StreamDecodeLevel.generalized)
    except pikepdf.PdfError as error:
        raise AttachmentRefused(Refusal.PICTURES_IN_PDF) from error
    kept = pikepdf.Dictionary({key: known[key] for key in _IMAGE_KEYS if key in known})
    pixels = pixels[: size_of(kept)]
    words = kept.unparse().strip()[2:-2]
    return b"BI\n" + words + b"/Filter /ASCIIHexDecode\nID\n" + pixels.hex().encode() + b">\nEI"


def size_of(image: Object) -> int | None:
    """How many bytes the pixels of a picture have; None where its colours are named elsewhere."""
    width, height = int(image.get("/Width", 0)), int(image.get("/Height", 0))
    if image.get("/ImageMask", False):
        return (width + 7) // 8 * height
    components = _components(image.get("/ColorSpace"))
    bits = int(image.get("/BitsPerComponent", 8))
    return None if components is None else (width * components * bits + 7) // 8 * height


def _components(colours: object) -> int | None:
    """How many numbers a colour has; None where they are named elsewhere."""
    if isinstance(colours, pikepdf.Array) and len(colours):
        is_profile = colours[0] == Name.ICCBased
        return int(colours[1].N) if is_profile else _COMPONENTS.get(str(colours[0]))
    return _COMPONENTS.get(str(colours))
