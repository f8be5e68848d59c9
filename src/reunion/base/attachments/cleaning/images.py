"""Pictures: decoded, turned as their camera was held, and drawn anew from their pixels alone."""

from __future__ import annotations

from io import BytesIO

# Each reader is named here, as a plug-in that is looked for later would need a file to be opened.
from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from reunion.base.attachments.rules import (
    PIXELS,
    AttachmentRefused,
    Cleaned,
    Kind,
    Note,
    Refusal,
)

QUALITY = 90
READERS = (
    BmpImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
_LOSSY = frozenset({Kind.JPEG, Kind.WEBP})
_OF_MANY = frozenset({Kind.GIF, Kind.TIFF})  # counting would mean to decode them

Image.preinit()  # otherwise it looks for further readers when it opens the first picture
# The library only warns of large pictures; `_open` refuses them.
Image.MAX_IMAGE_PIXELS = None


def clean_image(data: bytes, kind: Kind) -> Cleaned:
    """The first picture of a file, as JPEG or PNG.

    Raises:
        AttachmentRefused: it cannot be decoded, or has too many pixels.
    """
    try:
        return _clean(data, kind)
    except (AttachmentRefused, MemoryError):
        raise
    except Exception as error:  # decoders raise anything on a damaged file
        raise AttachmentRefused(Refusal.DAMAGED_FILE) from error


def _clean(data: bytes, kind: Kind) -> Cleaned:
    image = _open(data, kind)
    many = kind in _OF_MANY or bool(getattr(image, "is_animated", False))
    notes = (Note.FIRST_PICTURE_ONLY,) if many and not _is_mpo(image) else ()
    upright = _upright(image)
    if upright.has_transparency_data:
        upright, notes = _filled(upright), (*notes, Note.TRANSPARENCY_FILLED)
    target = Kind.JPEG if kind in _LOSSY else Kind.PNG
    return Cleaned(kind, target, _drawn(upright, target), notes)


def _open(data: bytes, kind: Kind) -> Image.Image:
    """The picture, after its size was checked and before anything of it is decoded."""
    formats = {Kind.JPEG: ["JPEG", "MPO"]}.get(kind, [kind.value.upper()])
    image = Image.open(BytesIO(data), formats=formats)
    if image.width * image.height > PIXELS:
        raise AttachmentRefused(Refusal.TOO_MANY_PIXELS)
    image.load()
    if image.width * image.height > PIXELS:  # some readers learn the size as they decode
        raise AttachmentRefused(Refusal.TOO_MANY_PIXELS)
    return image


def _is_mpo(image: Image.Image) -> bool:
    """A photograph with a second view or a depth map: what is seen is the first."""
    return image.format == "MPO"


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera was held; a picture whose notes on that are damaged stays as it is."""
    try:
        return ImageOps.exif_transpose(image)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 # the notes are not needed
        return image


def _filled(image: Image.Image) -> Image.Image:
    """On white: what is transparent may hide a picture, or a text."""
    layered = image.convert("RGBA")
    ground = Image.new("RGB", layered.size, "white")
    ground.paste(layered, mask=layered.getchannel("A"))
    return ground


def _drawn(image: Image.Image, target: Kind) -> bytes:
    """A new file of nothing but pixels."""
    mode = "L" if image.mode in {"1", "L"} else "RGB"
    pixels = image.convert(mode)
    fresh = Image.new(mode, pixels.size)
    fresh.paste(pixels)
    out = BytesIO()
    if target is Kind.JPEG:
        fresh.save(out, "JPEG", quality=QUALITY)
    else:
        fresh.save(out, "PNG")
    return out.getvalue()
