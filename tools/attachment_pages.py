"""Invented PDF files and texts with marks where nobody sees them."""

from __future__ import annotations

import zlib
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from tools.attachment_marks import (
    Marks,
    in_controls,
    in_line_ends,
    in_no_width,
    in_selectors,
    in_tags,
)
from tools.attachment_pictures import jpeg, profile, xmp

SHOWN = "A synthetic statement"


def pdf(marks: Marks) -> bytes:
    """A file of one to three pages with pictures, a form, notes, scripts and files inside."""
    with Pdf.new() as file:
        for _ in range(marks.rng.randrange(1, 4)):
            file.add_blank_page(page_size=(300, 200))
            _draw(file, file.pages[-1], marks)
        _catalogue(file, marks)
        _notes(file, marks)
        out = BytesIO()
        file.save(out, compress_streams=marks.rng.random() < 0.7)
    return out.getvalue() + b"\n%" + marks.raw("behind the end of the file") + b"\n"


def _draw(file: Pdf, page: pikepdf.Page, marks: Marks) -> None:
    """A page with a text, two pictures and a form, all with marks beside what is drawn."""
    secret = f"/Span <</ActualText ({marks.new('marked content')})>> BDC EMC"
    inline = f"BI /W 2 /H 2 /BPC 8 /CS /G /Note ({marks.new('inline picture')}) ID abcd EI"
    content = f"""q % {marks.new("comment among instructions")}
BT /F1 12 Tf 20 100 Td ({SHOWN}) Tj ET {secret} {inline} ({marks.new("odd operand")}) gs
50 0 0 50 10 10 cm /Im1 Do Q q 20 0 0 20 100 10 cm /Im2 Do Q /Fm1 Do
({marks.new("unknown operator")}) XX"""
    page.obj.Contents = file.make_stream(content.encode())
    page.obj.PieceInfo = Dictionary(Synthetic=Dictionary(Private=String(marks.new("PieceInfo"))))
    page.obj.Metadata = file.make_stream(xmp(marks.new("XMP of a page")))
    page.obj.AA = Dictionary(O=_script(marks, "page action"))
    page.obj.Thumb = file.make_stream(marks.raw("page thumbnail"), Width=1, Height=1)
    page.obj["/SyntheticKey"] = String(marks.new("unknown key of a page"))
    page.obj.Resources = Dictionary(
        Font=Dictionary(F1=_font(marks)),
        XObject=Dictionary(
            Im1=_photograph(file, marks), Im2=_scan(file, marks), Fm1=_form(file, marks)
        ),
        Properties=Dictionary(P1=Dictionary(Author=String(marks.new("property list")))),
    )


def _font(marks: Marks) -> Dictionary:
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type1,
        BaseFont=Name.Helvetica,
        SyntheticNote=String(marks.new("unknown key of a font")),
    )


def _photograph(file: Pdf, marks: Marks) -> pikepdf.Stream:
    return file.make_stream(
        jpeg(marks),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=10,
        Height=10,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
        Metadata=file.make_stream(xmp(marks.new("XMP of a picture"))),
    )


def _scan(file: Pdf, marks: Marks) -> pikepdf.Stream:
    colours = Array([Name.ICCBased, file.make_stream(profile(marks), N=3)])
    return file.make_stream(
        zlib.compress(bytes(range(48))) + marks.raw("behind packed pixels"),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=4,
        Height=4,
        ColorSpace=colours,
        BitsPerComponent=8,
        Filter=Name.FlateDecode,
        Scanner=String(marks.new("unknown key of a picture")),
    )


def _form(file: Pdf, marks: Marks) -> pikepdf.Stream:
    return file.make_stream(
        f"0 0 10 10 re f % {marks.new('comment in a form')}".encode(),
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, 10, 10]),
        LastModified=String(marks.new("date of a form")),
        PieceInfo=Dictionary(Key=String(marks.new("PieceInfo of a form"))),
    )


def _script(marks: Marks, place: str) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{marks.new(place)}')"))


def _catalogue(file: Pdf, marks: Marks) -> None:
    """Notes on the whole file."""
    for key in ("/Title", "/Author", "/Creator", "/Producer", "/Synthetic"):
        file.docinfo[key] = String(marks.new(f"information {key}"))
    root = file.Root
    root.Metadata = file.make_stream(xmp(marks.new("XMP")), Type=Name.Metadata, Subtype=Name.XML)
    root.OpenAction = _script(marks, "open action")
    root.AA = Dictionary(WC=_script(marks, "close action"))
    root.URI = Dictionary(Base=String(marks.new("base address")))
    root["/SyntheticKey"] = String(marks.new("unknown key of the catalogue"))
    root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String(marks.new("page label")))]))
    root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("s"), _script(marks, "script of the file")]))
    )
    file.attachments["note.txt"] = marks.raw("file inside")
    file.attachments[marks.new("name of a file inside") + ".txt"] = b"nothing"
    with file.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(marks.new("bookmark"), 0))


def _notes(file: Pdf, marks: Marks) -> None:
    """Annotations and a form on the first page; none of them is seen."""
    page = file.pages[0]
    note = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Text,
        Rect=Array([0, 0, 10, 10]),
        Contents=String(marks.new("annotation")),
        T=String(marks.new("author of an annotation")),
        A=_script(marks, "action of an annotation"),
    )
    hidden = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Tx,
        F=2,
        Rect=Array([0, 0, 10, 10]),
        T=String(marks.new("name of a field")),
        V=String(marks.new("value of a hidden field")),
    )
    page.obj.Annots = Array([file.make_indirect(note), file.make_indirect(hidden)])
    file.Root.AcroForm = Dictionary(
        Fields=Array([page.obj.Annots[1]]), XFA=file.make_stream(marks.raw("XFA"))
    )


def layered_pdf(mark: str) -> bytes:
    """A page with a layer that is off."""
    with Pdf.new() as file:
        file.add_blank_page()
        layer = file.make_indirect(Dictionary(Type=Name.OCG, Name=String("Synthetic layer")))
        page = file.pages[0].obj
        page.Contents = file.make_stream(f"/OC /L BDC BT ({mark}) Tj ET EMC".encode())
        page.Resources = Dictionary(Properties=Dictionary(L=layer))
        file.Root.OCProperties = Dictionary(
            OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), Order=Array([layer]))
        )
        out = BytesIO()
        file.save(out)
    return out.getvalue()


def text(marks: Marks) -> bytes:
    """A text in Chinese and English with marks between its characters."""
    rng = marks.rng
    pieces = [
        in_no_width(marks.new("characters of no width")),
        in_tags(marks.new("tag characters")),
        in_selectors(marks.new("selectors of variants")),
        in_controls(marks.new("control characters")),
        f"\x1b]0;{marks.new('title of a terminal')}\x07",
    ]
    rng.shuffle(pieces)
    filler = f"{SHOWN}, 合成的陈述 {rng.randrange(10**6)}. " * 500
    step = len(filler) // len(pieces)
    body = "".join(filler[step * at : step * (at + 1)] + piece for at, piece in enumerate(pieces))
    whole = f"{in_line_ends(marks.new('blanks at line ends'))}{body}\r\n"
    return whole.encode(rng.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16")))
