"""Invented office files with marks in their properties, hidden parts, comments and pictures."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

from tools.attachment_marks import Marks
from tools.attachment_pages import SHOWN
from tools.attachment_pictures import jpeg

_OFFICE = "http://schemas.openxmlformats.org"
_W = f'xmlns:w="{_OFFICE}/wordprocessingml/2006/main"'
_S = f'xmlns="{_OFFICE}/spreadsheetml/2006/main"'
_P = f'xmlns:p="{_OFFICE}/presentationml/2006/main" xmlns:a="{_OFFICE}/drawingml/2006/main"'
_R = f'xmlns:r="{_OFFICE}/officeDocument/2006/relationships"'
_TYPES = f'<Types xmlns="{_OFFICE}/package/2006/content-types"/>'


def packed(parts: Mapping[str, str | bytes], marks: Marks | None = None) -> bytes:
    """An archive of parts; with marks, one in its comment and one beside a part."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        if marks is not None:
            entry = zipfile.ZipInfo(f"media/{marks.new('name of a part')}.txt")
            mark = marks.raw("field beside a part")
            entry.extra = b"\xfe\xca" + len(mark).to_bytes(2, "little") + mark
            archive.writestr(entry, marks.raw("unknown part"))
            archive.comment = marks.raw("comment of the archive")
    return out.getvalue()


def properties(marks: Marks) -> dict[str, str | bytes]:
    """What every office file says of its author, and a photograph."""
    names = "creator lastModifiedBy title subject keywords description".split()
    core = "".join(f"<{name}>{marks.new(f'core {name}')}</{name}>" for name in names)
    app = f"<Company>{marks.new('company')}</Company><Manager>{marks.new('manager')}</Manager>"
    custom = f"<property><lpwstr>{marks.new('custom property')}</lpwstr></property>"
    return {
        "[Content_Types].xml": _TYPES,
        "docProps/core.xml": f"<coreProperties>{core}</coreProperties>",
        "docProps/app.xml": f"<Properties>{app}</Properties>",
        "docProps/custom.xml": f"<Properties>{custom}</Properties>",
        "customXml/item1.xml": f"<root><id>{marks.new('custom XML')}</id></root>",
        "docProps/thumbnail.jpeg": jpeg(marks),
    }


def docx(marks: Marks) -> bytes:
    who = marks.new("author of a change")
    hidden = f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{marks.new('hidden text')}</w:t></w:r>"
    gone = f"<w:del><w:r><w:delText>{marks.new('deleted text')}</w:delText></w:r></w:del>"
    field = f"<w:r><w:instrText>INCLUDE {marks.new('instruction of a field')}</w:instrText></w:r>"
    picture = f'<w:docPr descr="{marks.new("words for a picture")}"/>'
    body = (
        f'<w:p w:rsidR="{marks.new("id of a session")}"><w:r><w:t>{SHOWN}</w:t></w:r>{hidden}{gone}'
        f'<w:ins w:author="{who}"><w:r><w:t> 合成</w:t></w:r></w:ins>{field}{picture}</w:p>'
        f"<!-- {marks.new('comment in the XML')} -->"
    )
    comments = f"<w:comments {_W}><w:t>{marks.new('comment')}</w:t></w:comments>"
    parts = properties(marks) | {
        "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
        "word/comments.xml": comments,
        "word/people.xml": f"<people><person>{marks.new('person')}</person></people>",
        "word/settings.xml": f"<settings><docVar>{marks.new('variable')}</docVar></settings>",
    }
    return packed(parts, marks)


def relations(targets: Mapping[str, str]) -> str:
    """The list of the files behind ids."""
    rows = (f'<Relationship Id="{name}" Target="{target}"/>' for name, target in targets.items())
    space = f"{_OFFICE}/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{"".join(rows)}</Relationships>'


def _inline(reference: str, value: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'


def xlsx(marks: Marks) -> bytes:
    state = marks.rng.choice(("hidden", "veryHidden"))
    sheets = (
        '<sheet name="One" sheetId="1" r:id="r1"/>'
        f'<sheet name="Two" sheetId="2" state="{state}" r:id="r2"/>'
    )
    names = f"<definedNames><n>{marks.new('defined name')}</n></definedNames>"
    shown = (
        '<cols><col min="3" max="3" hidden="1"/></cols><sheetData>'
        f'<row r="1"><c r="A1" t="s"><v>0</v></c>{_inline("B1", "=1+1")}'
        f"{_inline('C1', marks.new('hidden column'))}</row>"
        f'<row r="2" hidden="1">{_inline("A2", marks.new("hidden row"))}</row>'
        f'<row r="3"><c r="A3"><f>HYPERLINK("{marks.new("formula")}")</f><v>7</v></c></row>'
        "</sheetData>"
    )
    secret = f'<sheetData><row r="1">{_inline("A1", marks.new("hidden sheet"))}</row></sheetData>'
    strings = f"<si><t>{SHOWN}</t><rPh><t>{marks.new('pronunciation')}</t></rPh></si>"
    unused = f"<si><t>{marks.new('text of no cell')}</t></si>"
    parts = properties(marks) | {
        "xl/workbook.xml": f"<workbook {_S} {_R}><sheets>{sheets}</sheets>{names}</workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            {"r1": "worksheets/sheet1.xml", "r2": "worksheets/sheet2.xml"}
        ),
        "xl/worksheets/sheet1.xml": f"<worksheet {_S}>{shown}</worksheet>",
        "xl/worksheets/sheet2.xml": f"<worksheet {_S}>{secret}</worksheet>",
        "xl/sharedStrings.xml": f"<sst {_S}>{strings}{unused}</sst>",
        "xl/comments1.xml": f"<comments><t>{marks.new('comment')}</t></comments>",
        "xl/externalLinks/externalLink1.xml": f"<link>{marks.new('file elsewhere')}</link>",
    }
    return packed(parts, marks)


def _shape(value: str, *, hidden: bool = False) -> str:
    flag = ' hidden="1"' if hidden else ""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="x"{flag}/></p:nvSpPr><p:txBody><a:p><a:r>'
        f"<a:t>{value}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def pptx(marks: Marks) -> bytes:
    described = f'<p:cNvPr id="3" descr="{marks.new("words for a picture")}"/>'
    words = f"<p:pic><p:nvPicPr>{described}</p:nvPicPr></p:pic>"
    first = _shape(SHOWN) + _shape(marks.new("hidden shape"), hidden=True) + words
    ids = '<p:sldId id="256" r:id="r1"/><p:sldId id="257" r:id="r2"/>'
    slides = f"<p:sldIdLst>{ids}</p:sldIdLst>"
    secret = _shape(marks.new("hidden slide"))
    author = f'<p:cmAuthor name="{marks.new("author of comments")}"/>'
    parts = properties(marks) | {
        "ppt/presentation.xml": f"<p:presentation {_P} {_R}>{slides}</p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            {"r1": "slides/slide1.xml", "r2": "slides/slide2.xml"}
        ),
        "ppt/slides/slide1.xml": f"<p:sld {_P}>{first}</p:sld>",
        "ppt/slides/slide2.xml": f'<p:sld {_P} show="0">{secret}</p:sld>',
        "ppt/notesSlides/notesSlide1.xml": f"<p:notes {_P}>{_shape(marks.new('notes'))}</p:notes>",
        "ppt/comments/comment1.xml": f"<c>{marks.new('comment')}</c>",
        "ppt/commentAuthors.xml": f"<p:cmAuthorLst {_P}>{author}</p:cmAuthorLst>",
    }
    return packed(parts, marks)
