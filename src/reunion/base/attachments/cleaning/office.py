"""Office files, read as text: documents, the visible slides of presentations, visible sheets.

What the page shows stays; comments, notes, hidden parts, changes that were struck out, properties,
pictures and everything that computes are left behind.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from reunion.base.attachments.cleaning.archive import Archive
from reunion.base.attachments.cleaning.markup import Reader
from reunion.base.attachments.cleaning.sheets import Sheet, Strings
from reunion.base.attachments.cleaning.text import visible
from reunion.base.attachments.rules import AttachmentRefused, Cleaned, Kind, Note, Refusal

SHEETS = 200
SLIDES = 1_000
CHARACTERS = 16_000_000
_FALSE = frozenset({"0", "false", "off", "none"})


def clean_office(data: bytes, kind: Kind) -> Cleaned:
    """The text of an office file.

    Raises:
        AttachmentRefused: it is damaged or locked, or holds too much.
    """
    archive = Archive(data)
    match kind:
        case Kind.WORD_DOCUMENT:
            text = _document(archive)
        case Kind.SPREADSHEET:
            text = _spreadsheet(archive)
        case _:
            text = _presentation(archive)
    return Cleaned(kind, Kind.TEXT, visible(text).encode(), (Note.TEXT_ONLY,))


class _Document(Reader):
    """The text of a document that is seen on its pages."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._is_text = False
        self._is_hidden = False

    def skip(self, name: str, attributes: Mapping[str, str]) -> bool:
        return name in {"del", "moveFrom", "Fallback", "instrText", "sectPr"}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "r":
                self._is_hidden = False
            case "vanish" | "specVanish" | "webHidden":
                self._is_hidden = attributes.get("val", "1") not in _FALSE
            case "t":
                self._is_text = True
            case "tab":
                self.words.append("\t")
            case "br" | "cr":
                self.words.append("\n")

    def end(self, name: str) -> None:
        match name:
            case "t":
                self._is_text = False
            case "r":
                self._is_hidden = False
            case "p":
                self.words.append("\n")
            case "tc":
                self.words.append("\t")

    def text(self, text: str) -> None:
        if self._is_text and not self._is_hidden:
            self.words.append(text)


class _Slide(_Document):
    """The text of a slide; shapes that are not shown are left out."""

    def __init__(self) -> None:
        super().__init__()
        self._shape = len(self.words)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in _SHAPES:
            self._shape = len(self.words)
            self._hidden_shape = False
        elif name == "cNvPr":
            self._hidden_shape = attributes.get("hidden", "0") not in _FALSE
        super().start(name, attributes)

    _hidden_shape = False

    def end(self, name: str) -> None:
        super().end(name)
        if name in _SHAPES and self._hidden_shape:
            del self.words[self._shape :]


_SHAPES = frozenset({"sp", "graphicFrame", "pic", "cxnSp"})


@dataclass(frozen=True, slots=True)
class _Part:
    """A sheet or slide: its name, and the id by which the list of parts names its file."""

    name: str
    relation: str
    is_hidden: bool


class _Parts(Reader):
    """The sheets or slides that an office file lists."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[_Part] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in {"sheet", "sldId"}:
            is_hidden = attributes.get("state", "visible") != "visible"
            relation = attributes.get(_RELATION, "")
            self.found.append(_Part(attributes.get("name", ""), relation, is_hidden))


_RELATION = "id"


class _Relations(Reader):
    """Which file stands behind an id."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _IsShown(Reader):
    """Whether a slide says that it is not shown."""

    answer = True

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self.depth == 1:
            self.answer = attributes.get("show", "1") not in _FALSE


def _document(archive: Archive) -> str:
    reader = _Document()
    reader.read(archive.part("word/document.xml"))
    return "".join(reader.words)


def _spreadsheet(archive: Archive) -> str:
    strings = Strings()
    if shared := archive.part("xl/sharedStrings.xml"):
        strings.read(shared)
    texts, size = [], 0
    for part, path in _parts(archive, "xl/workbook.xml", SHEETS):
        sheet = Sheet(strings.found, CHARACTERS - size)
        sheet.read(archive.part(path))
        size += sheet.size
        texts.append(f"[{part.name}]\n{sheet.lines()}")
    return "\n".join(texts)


def _presentation(archive: Archive) -> str:
    texts = []
    for _part, path in _parts(archive, "ppt/presentation.xml", SLIDES):
        data = archive.part(path)
        shown, slide = _IsShown(), _Slide()
        shown.read(data)
        if shown.answer:
            slide.read(data)
            texts.append("".join(slide.words))
    return "\n".join(texts)


def _parts(archive: Archive, listing: str, most: int) -> list[tuple[_Part, str]]:
    """The shown sheets or slides with the paths of their files, in their order."""
    parts, relations = _Parts(), _Relations()
    parts.read(archive.part(listing))
    folder, name = posixpath.split(listing)
    relations.read(archive.part(f"{folder}/_rels/{name}.rels"))
    shown = [part for part in parts.found if not part.is_hidden]
    if len(shown) > most:
        raise AttachmentRefused(Refusal.TOO_MUCH_INSIDE)
    targets = ((part, relations.targets.get(part.relation, "")) for part in shown)
    paths = [
        (part, posixpath.normpath(posixpath.join(f"/{folder}", to))[1:]) for part, to in targets
    ]
    # A file that is listed more than once would be read as often.
    if len({path for _part, path in paths}) != len(paths) or not archive.names() >= {
        path for _part, path in paths
    }:
        raise AttachmentRefused(Refusal.DAMAGED_FILE)
    return paths
