"""Invented pictures with marks in every place that their formats have for notes."""

from __future__ import annotations

import random
import struct
import zlib
from io import BytesIO

from PIL import Image, ImageCms, TiffImagePlugin

from tools.attachment_marks import Marks

_DESCRIPTION = "sRGB built-in".encode("utf-16-be")
_GPS, _EXIF = 0x8825, 0x8769


def picture(rng: random.Random, mode: str = "RGB") -> Image.Image:
    """A small picture of noise and a slope."""
    size = rng.randrange(24, 90), rng.randrange(24, 90)
    noise = Image.effect_noise(size, rng.randrange(10, 90))
    slope = Image.linear_gradient("L").resize(size)
    return Image.merge("RGB", (noise, slope, noise)).convert(mode)


def xmp(mark: str) -> bytes:
    """A packet of XMP with a mark as its author."""
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:source>{mark}</dc:source>'
        "</rdf:Description>"
        "</rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    ).encode()


def iptc(marks: Marks) -> bytes:
    """Photoshop's block with a by-line and a city of IPTC."""
    rows = b""
    for dataset, place in ((80, "IPTC by-line"), (90, "IPTC city")):
        mark = marks.raw(place)
        rows += b"\x1c\x02" + bytes([dataset]) + len(mark).to_bytes(2) + mark
    return b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + len(rows).to_bytes(4) + rows


def exif(marks: Marks) -> bytes:
    """Notes of a camera: who, what, where, and a small picture with a comment."""
    tags = Image.Exif()
    for tag, place in ((0x010E, "description"), (0x013B, "artist"), (0x0110, "model")):
        tags[tag] = marks.new(f"EXIF {place}")
    tags[0x0112] = marks.rng.randrange(1, 9)
    tags.get_ifd(_EXIF)[0x9286] = b"ASCII\0\0\0" + marks.raw("EXIF user comment")
    tags.get_ifd(_EXIF)[0x927C] = marks.raw("EXIF maker note")
    tags.get_ifd(_EXIF)[0xA431] = marks.new("EXIF serial number")
    gps = tags.get_ifd(_GPS)
    gps[1], gps[2] = "N", (31.0, 14.0, 5.5)
    gps[27] = b"ASCII\0\0\0" + marks.raw("GPS method")
    gps[28] = b"ASCII\0\0\0" + marks.raw("GPS area")
    return tags.tobytes()


def profile(marks: Marks) -> bytes:
    """A colour profile that is named after a device."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    name = marks.new("ICC description").ljust(len(_DESCRIPTION) // 2)
    return plain.replace(_DESCRIPTION, name.encode("utf-16-be"))


def segment(marker: int, content: bytes) -> bytes:
    """A segment of a JPEG file."""
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2) + content


def thumbnail(marks: Marks) -> bytes:
    """A small picture within the notes of another one."""
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", comment=marks.raw("thumbnail comment"))
    return b"JFXX\0\x10" + out.getvalue()


def jpeg(marks: Marks) -> bytes:
    rng, out = marks.rng, BytesIO()
    picture(rng, rng.choice(("RGB", "L", "CMYK"))).save(
        out, "JPEG", progressive=rng.random() < 0.5, comment=marks.raw("JPEG comment"),
        exif=exif(marks), icc_profile=profile(marks),
    )  # fmt: skip
    data = out.getvalue()
    more = segment(0xE0, thumbnail(marks))
    more += segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp(marks.new("XMP")))
    more += segment(0xED, iptc(marks))
    more += segment(0xEA, b"CAMERA\0" + marks.raw("unknown segment"))
    more += segment(0xEC, b"Ducky\0\1\0\4" + marks.raw("Ducky"))
    return data[:2] + more + data[2:] + marks.raw("behind the picture") + b"\0" * 9


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG file."""
    return len(content).to_bytes(4) + name + content + zlib.crc32(name + content).to_bytes(4)


def png(marks: Marks) -> bytes:
    rng, out = marks.rng, BytesIO()
    mode = rng.choice(("RGB", "L", "RGBA", "P", "1"))
    image = picture(rng).convert(mode)
    if mode == "RGBA":
        hide(image, marks.raw("under transparency"))
    image.save(out, "PNG", icc_profile=profile(marks) if mode != "1" else None)
    data = out.getvalue()
    notes = chunk(b"tEXt", b"Author\0" + marks.raw("tEXt"))
    notes += chunk(b"zTXt", b"Comment\0\0" + zlib.compress(marks.raw("zTXt")))
    notes += chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp(marks.new("iTXt XMP")))
    notes += chunk(b"eXIf", exif(marks).removeprefix(b"Exif\0\0"))
    notes += chunk(b"prVt", marks.raw("private chunk"))
    head = data.index(b"IDAT") - 4
    end = data.rindex(b"IEND") - 4
    later = chunk(b"tEXt", b"Title\0" + marks.raw("tEXt behind the pixels"))
    return data[:head] + notes + data[head:end] + later + data[end:] + marks.raw("behind IEND")


def hide(image: Image.Image, mark: bytes) -> None:
    """Write a mark as colours of pixels that are wholly transparent."""
    row = [(*mark[at : at + 3], 0) for at in range(0, len(mark), 3)]
    for x, pixel in enumerate(row):
        image.putpixel((x, 1), pixel)


def webp(marks: Marks) -> bytes:
    rng, out = marks.rng, BytesIO()
    picture(rng, rng.choice(("RGB", "RGBA"))).save(
        out, "WEBP", lossless=rng.random() < 0.5, exif=exif(marks), xmp=xmp(marks.new("XMP")),
        icc_profile=profile(marks),
    )  # fmt: skip
    data = out.getvalue()[12:] + b"NOTE\x0c\0\0\0" + marks.raw("unknown chunk")
    return b"RIFF" + (len(data) + 4).to_bytes(4, "little") + b"WEBP" + data + marks.raw("behind")


def blocks(content: bytes) -> bytes:
    """The blocks of an extension of a GIF file."""
    parts = (content[at : at + 255] for at in range(0, len(content), 255))
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def gif(marks: Marks) -> bytes:
    rng, out = marks.rng, BytesIO()
    frames = [picture(rng, "P") for _ in range(rng.randrange(1, 5))]
    frames[0].save(
        out, "GIF", save_all=True, append_images=frames[1:], comment=marks.raw("comment")
    )
    data = out.getvalue()
    before = b"!\xfe" + blocks(marks.raw("second comment"))
    before += b"!\xff\x0bXMP DataXMP" + blocks(xmp(marks.new("XMP")))
    before += b"!\xff\x0bSYNTHETIC01" + blocks(marks.raw("application block"))
    after = b"!\xfe" + blocks(marks.raw("comment behind the picture"))
    screen = 13 + 3 * 2 ** ((data[10] & 7) + 1) * (data[10] >> 7)
    return data[:screen] + before + data[screen:-1] + after + b";" + marks.raw("behind")


def tiff(marks: Marks) -> bytes:
    rng, out = marks.rng, BytesIO()
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    for tag, place in ((270, "description"), (315, "artist"), (33432, "copyright"), (316, "host")):
        tags[tag] = marks.new(f"TIFF {place}")
    tags[700] = xmp(marks.new("XMP"))
    tags.tagtype[700] = 1
    tags[33723] = iptc(marks)
    tags.tagtype[33723] = 7
    tags[65000] = marks.new("private tag")
    second = TiffImagePlugin.ImageFileDirectory_v2()
    second[270] = marks.new("description of the second page")
    page = picture(rng)
    page.encoderinfo = {"tiffinfo": second}
    picture(rng, rng.choice(("RGB", "L", "1"))).save(
        out, "TIFF", tiffinfo=tags, icc_profile=profile(marks), save_all=True,
        append_images=[page], compression=rng.choice((None, "tiff_lzw", "tiff_adobe_deflate")),
    )  # fmt: skip
    return out.getvalue() + marks.raw("behind the pages")


def bmp(marks: Marks) -> bytes:
    out = BytesIO()
    picture(marks.rng, marks.rng.choice(("RGB", "L"))).save(out, "BMP")
    data = bytearray(out.getvalue())
    head = int.from_bytes(data[10:14], "little")
    gap = marks.raw("between head and pixels") + marks.raw("in the gap") + bytes(8)
    data[10:14] = struct.pack("<I", head + len(gap))
    return bytes(data[:head]) + gap + bytes(data[head:]) + marks.raw("behind the pixels")
