"""PDF files: their pages are copied into a new file, and of each page what is drawn.

Everything is left behind that is not on a short list: notes on the file, scripts, forms, files
inside, comments, layers, colour profiles. docs/attachments.md says what can remain.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from reunion.base.attachments.cleaning import jpeg
from reunion.base.attachments.cleaning.pdf_content import rewrite, size_of, without_comments
from reunion.base.attachments.rules import AttachmentRefused, Cleaned, Kind, Note, Refusal

PAGES = 2_000
OBJECTS = 200_000
"""Most objects that are drawn: a book of 2,000 pages has some 20,000."""

INSIDE = 200 * 2**20
"""Most bytes of one part, unpacked: a page scanned in colour at 600 dots an inch has 105 MB."""

_PAGE = frozenset("/Type /Parent /MediaBox /CropBox /Rotate /UserUnit /Resources /Contents".split())
_RESOURCES = "/Font /XObject /ExtGState /ColorSpace /Pattern /Shading".split()
_DRAWN = frozenset(
    (
        "/Type /Subtype /BaseFont /FirstChar /LastChar /Widths /FontDescriptor /Encoding /ToUnicode"
        " /DescendantFonts /CIDSystemInfo /Registry /Ordering /Supplement /DW /W /DW2 /W2"
        " /CIDToGIDMap /FontBBox /FontMatrix /CharProcs /Resources /FontName /FontFamily"
        " /FontStretch /FontWeight /Flags /ItalicAngle /Ascent /Descent /Leading /CapHeight"
        " /XHeight /StemV /StemH /AvgWidth /MaxWidth /MissingWidth /CharSet /FontFile /FontFile2"
        " /FontFile3 /Length1 /Length2 /Length3 /BaseEncoding /Differences /UseCMap /CMapName"
        " /WMode /LW /LC /LJ /ML /D /RI /OP /op /OPM /Font /BG /BG2 /UCR /UCR2 /TR /TR2 /HT /FL"
        " /SM /SA /BM /SMask /CA /ca /AIS /TK /S /G /BC /K /I /CS /Group /BBox /Matrix /FormType"
        " /PatternType /PaintType /TilingType /XStep /YStep /Shading /ExtGState /ShadingType"
        " /ColorSpace /Background /AntiAlias /Coords /Domain /Function /Extend /BitsPerCoordinate"
        " /BitsPerComponent /BitsPerFlag /Decode /VerticesPerRow /FunctionType /Range /Size"
        " /BitsPerSample /Order /Encode /C0 /C1 /N /Functions /Bounds /Width /Height /ImageMask"
        " /Mask /Interpolate /Intent /Matte /WhitePoint /BlackPoint /Gamma /Colorants /Process"
        " /Components /MixingHints"
    ).split()
)
_MAPS = frozenset({*_RESOURCES, "/CharProcs", "/Colorants"})
_STRINGS = frozenset({"/Registry", "/Ordering", "/FontFamily", "/CharSet"})
_FAMILIES = frozenset({"/Indexed", "/I", "/Separation", "/DeviceN"})
_FUNCTIONS = frozenset({"/Function", "/Functions", "/TR", "/TR2"})
_DEVICES = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
_WITHOUT = ("/Filter", "/DecodeParms", "/Length")

pikepdf.settings.set_qpdf_limits(
    doc_max_warnings=100,
    parser_max_nesting=100,
    parser_max_container_size=1_000_000,
    max_stream_filters=3,
    flate_max_memory=INSIDE,
    run_length_max_memory=INSIDE,
    png_max_memory=INSIDE,
    tiff_max_memory=INSIDE,
)


def clean_pdf(data: bytes, kind: Kind) -> Cleaned:
    """The pages of a file, as they are seen.

    Raises:
        AttachmentRefused: it is damaged or locked, has hidden layers, or pictures in a form that
            cannot be cleaned, or too much of anything.
    """
    try:
        with pikepdf.open(BytesIO(data), attempt_recovery=False) as source, Pdf.new() as target:
            return Cleaned(kind, Kind.PDF, _cleaned(source, target), (Note.PAGES_ONLY,))
    except pikepdf.PasswordError as error:
        raise AttachmentRefused(Refusal.LOCKED_FILE) from error
    except (AttachmentRefused, MemoryError):
        raise
    except Exception as error:  # any value of a hostile file may be of any type
        raise AttachmentRefused(Refusal.DAMAGED_FILE) from error


def _cleaned(source: Pdf, target: Pdf) -> bytes:
    if len(source.pages) > PAGES or len(source.objects) > OBJECTS:
        raise AttachmentRefused(Refusal.TOO_MUCH_INSIDE)
    if _may_hide_layers(source):
        raise AttachmentRefused(Refusal.HIDDEN_LAYERS)
    if "/AcroForm" in source.Root and source.Root.AcroForm.get("/NeedAppearances", False):
        source.generate_appearance_streams()
    # What was filled in and stamped becomes part of the page; hidden notes do not.
    source.flatten_annotations("screen")
    if "/AcroForm" in source.Root:
        del source.Root.AcroForm
    for page in source.pages:
        if "/Annots" in page.obj:
            del page.obj.Annots
    target.pages.extend(source.pages)
    _Pruning(target).prune()
    out = BytesIO()
    target.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
        min_version="1.7",
    )
    return out.getvalue()


def _may_hide_layers(source: Pdf) -> bool:
    """Whether some layer may be off: without the table of layers it would appear."""
    layers = source.Root.get("/OCProperties")
    if layers is None:
        return False
    shown = layers.get("/D", Dictionary())
    is_on = str(shown.get("/BaseState", "/ON")) == "/ON" and not len(shown.get("/OFF", Array()))
    return (
        not is_on
        or "/AS" in shown
        or any(
            isinstance(thing, Dictionary) and thing.get("/Type") == Name.OCMD
            for thing in source.objects
        )
    )


@dataclass(slots=True)
class _Pruning:
    """One walk over all that the pages of a file draw."""

    pdf: Pdf
    seen: set[tuple[int, int]] = field(default_factory=set)
    waiting: list[tuple[Object, str]] = field(default_factory=list)
    count: int = 0

    def prune(self) -> None:
        """Leave what is drawn."""
        for page in self.pdf.pages:
            for key in set(page.obj.keys()) - _PAGE:
                del page.obj[key]
            content = rewrite(self.pdf, page)
            page.obj.Contents = self.pdf.make_stream(content)
            self._wait_for(page.obj.get("/Resources"), "/Resources")
        while self.waiting:
            self._visit(*self.waiting.pop())

    def _wait_for(self, value: object, role: str) -> None:
        """Come to a value later, once; `role` is the key that led to it."""
        if not isinstance(value, Array | Dictionary | Stream):
            return
        if value.is_indirect:
            if value.objgen in self.seen:
                return
            self.seen.add(value.objgen)
        self.count += 1
        if self.count > OBJECTS:
            raise AttachmentRefused(Refusal.TOO_MUCH_INSIDE)
        self.waiting.append((value, role))

    def _visit(self, value: Object, role: str) -> None:
        if isinstance(value, Array):
            self._visit_array(value, role)
            return
        is_map = role in _MAPS and isinstance(value, Dictionary) and "/Type" not in value
        if isinstance(value, Stream):
            self._rewrite(value, role)
        for key in list(value.keys()):
            self._visit_entry(value, key, role, is_map=is_map)

    def _visit_entry(self, holder: Object, key: str, role: str, *, is_map: bool) -> None:
        if isinstance(holder, Stream) and key in _WITHOUT:
            return
        known = is_map or key in (_RESOURCES if role == "/Resources" else _DRAWN)
        value = holder[key]
        if not known or (isinstance(value, pikepdf.String) and key not in _STRINGS):
            del holder[key]
        elif (device := _device(value)) is not None:
            holder[key] = device
        else:
            self._wait_for(value, f"in {role}" if is_map else key)

    def _visit_array(self, array: Array, role: str) -> None:
        family = str(array[0]) if len(array) else ""
        texts = family in {"/Indexed", "/I"}
        streams = family in _FAMILIES or role in _FUNCTIONS
        for place, value in reversed(list(enumerate(array))):
            if (isinstance(value, pikepdf.String) and not texts) or (
                isinstance(value, Stream) and not streams
            ):
                del array[place]
            elif (device := _device(value)) is not None:
                array[place] = device
            else:
                self._wait_for(value, role)

    def _rewrite(self, stream: Stream, role: str) -> None:
        """Write the bytes of a stream anew, so that nothing lies behind or between them."""
        if stream.get("/Subtype") == Name.Image:
            self._rewrite_image(stream)
        elif _is_content(stream, role):
            _write(stream, rewrite(self.pdf, stream))
        elif role == "in /XObject":
            raise AttachmentRefused(Refusal.DAMAGED_FILE)
        else:
            plain = stream.read_bytes(pikepdf.StreamDecodeLevel.generalized)
            _write(stream, without_comments(plain) if role == "/ToUnicode" else plain)

    def _rewrite_image(self, image: Stream) -> None:
        filters = list(_filters(image))
        if filters == ["/DCTDecode"]:
            parms = image.get("/DecodeParms")
            transform = parms.get("/ColorTransform") if isinstance(parms, Dictionary) else None
            kept = None if transform is None else Dictionary(ColorTransform=int(transform))
            picture = jpeg.stripped(image.read_raw_bytes())
            image.write(picture, filter=Name.DCTDecode, decode_parms=kept)
            return
        if not set(filters) <= _PLAIN_FILTERS:
            raise AttachmentRefused(Refusal.PICTURES_IN_PDF)
        pixels = image.read_bytes(pikepdf.StreamDecodeLevel.generalized)
        if pixels.startswith(_PACKED):  # no pixels: what packed them is not named
            raise AttachmentRefused(Refusal.DAMAGED_FILE)
        _write(image, pixels[: size_of(image)])


_PACKED = (b"\xff\xd8\xff", b"\0\0\0\x0cjP", b"\xff\x4f\xff\x51", b"\x89PNG")
_PLAIN_FILTERS = frozenset(
    "/FlateDecode /LZWDecode /RunLengthDecode /ASCII85Decode /ASCIIHexDecode".split()
)


def _filters(stream: Stream) -> Iterator[str]:
    filters = stream.get("/Filter", Array())
    yield from map(str, filters if isinstance(filters, Array) else [filters])


def _is_content(stream: Stream, role: str) -> bool:
    """Whether a stream holds drawing instructions: a form, a pattern or a glyph."""
    is_form = stream.get("/Subtype") == Name.Form
    return is_form or stream.get("/PatternType") == 1 or role == "in /CharProcs"


def _device(value: object) -> Name | None:
    """The plain colours in place of a profile, which may name a device or its owner."""
    if not isinstance(value, Array) or len(value) < 2 or value[0] != Name.ICCBased:
        return None
    return _DEVICES[int(value[1].N)]


def _write(stream: Stream, plain: bytes) -> None:
    stream.write(zlib.compress(plain, 6), filter=Name.FlateDecode)
