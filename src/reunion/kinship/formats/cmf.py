"""Reads CODIS CMF 3.2 (XML): a specimen at a time, so that a file of any length passes.

Elements are matched by local name, with or without a namespace. A document type declaration is
refused before anything of it is looked at, and with it every entity that a file could define.

Source: structure as OSIRIS (public domain) writes it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from reunion.kinship.formats.complaints import Complaint, DataRefused, shown
from reunion.kinship.formats.dataset import Dataset, Reading, Rules
from reunion.kinship.formats.gathering import Gathering
from reunion.kinship.formats.genotypes import Single
from reunion.kinship.formats.sheet import BLANKS
from reunion.kinship.formats.text import open_bytes

ROOT = "CODISImportFile"
HEADER = (
    "HEADERVERSION",
    "MESSAGETYPE",
    "DESTINATIONORI",
    "SOURCELAB",
    "SUBMITBYUSERID",
    "SUBMITDATETIME",
    "BATCHID",
    "KIT",
)
READING = ("READINGBY", "READINGDATETIME")
_CHUNK = 1 << 18
_LONGEST_TEXT = 10_000
_DEEPEST = 16
_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1"}


def read_cmf(path: Path, rules: Rules) -> Reading:
    """Read a CMF file; 100,000 specimens take less than a minute.

    One allele alone is the same allele twice, unless the specimen is PARTIAL: then it is put
    aside, or, where `rules.single` says so, its second allele is taken as not known.

    Raises:
        DataRefused: no well-formed XML, a document type declaration, or no CMF.
    """
    with open_bytes(path) as stream:
        reader = _CmfReader(str(path), rules)
        digest = reader.read(stream)
    gathering = reader.gathering
    complaints = sorted(gathering.quarantine, key=lambda complaint: complaint.line)
    dataset = Dataset(samples=gathering.samples(), kept=reader.kept)
    return Reading(str(path), dataset, tuple(complaints), tuple(reader.notes()), digest)


@dataclass(slots=True, eq=False)
class _Element:
    """An element at one place of the tree, and what is done where it begins and ends.

    `inside` are the elements that it may hold, by tag; one that is not known is added when it
    comes, and counted.
    """

    path: tuple[str, ...]
    begins: Callable[[dict[str, str]], None] | None = None
    ends: Callable[[str], None] | None = None
    has_text: bool = False
    inside: dict[str, _Element] = field(default_factory=dict)

    def holds(
        self,
        name: str,
        *,
        begins: Callable[[dict[str, str]], None] | None = None,
        ends: Callable[[str], None] | None = None,
        has_text: bool = False,
    ) -> _Element:
        """One element more that it may hold."""
        self.inside[name] = _Element((*self.path, name), begins, ends, has_text)
        return self.inside[name]


class _CmfReader:
    """Takes the events of the parser and gathers specimens."""

    def __init__(self, file: str, rules: Rules) -> None:
        self.gathering = Gathering(file, rules)
        self.kept: dict[str, str] = {}
        self._file = file
        self._partial: Single = "partial" if rules.single == "partial" else "quarantine"
        self._parser = expat.ParserCreate("iso-8859-1" if rules.encoding == "latin-1" else None)
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.XmlDeclHandler = self._check_declaration
        self._not_carried: Counter[str] = Counter()
        self._differing: Counter[str] = Counter()
        self._specimen: dict[str, str] = {}
        self._loci: list[tuple[str, tuple[str, ...], int]] = []
        self._line = 0
        self._marker: str | None = None
        self._alleles: list[str] = []
        self._is_filled = False
        self._handle(self._tree())

    def _tree(self) -> _Element:
        """The elements that are understood."""
        top = _Element(())
        root = top.holds(ROOT, begins=lambda _attributes: None)
        for name in HEADER:
            root.holds(name, ends=partial(self._keep_header, name), has_text=True)
        specimen = root.holds("SPECIMEN", begins=self._begin_specimen, ends=self._finish_specimen)
        specimen.holds("SPECIMENID", ends=self._take_id, has_text=True)
        for name in ("SPECIMENCATEGORY", "SPECIMENCOMMENT"):
            specimen.holds(name, ends=partial(self._take_detail, name), has_text=True)
        locus = specimen.holds("LOCUS", begins=self._begin_locus, ends=self._finish_locus)
        locus.holds("LOCUSNAME", ends=self._take_marker, has_text=True)
        for name in READING:
            locus.holds(name, ends=partial(self._take_detail, name), has_text=True)
        allele = locus.holds("ALLELE", ends=self._finish_allele)
        allele.holds("ALLELEVALUE", ends=self._take_allele, has_text=True)
        return top

    def _handle(self, element: _Element) -> None:
        """Give the parser its handlers, which start at this element.

        They run some 25 times per locus, so their state is in local variables.
        """
        outer: list[_Element] = []
        text = ""

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal element, text
            outer.append(element)
            element = element.inside.get(tag) or self._learned(element, tag)
            text = ""
            if element.begins is not None:
                element.begins(attributes)
            elif attributes:
                names = (f"{element.path[-1]} {name}" for name in attributes)
                self._not_carried.update(names)

        def take(more: str) -> None:
            nonlocal text
            text += more
            if len(text) > _LONGEST_TEXT:
                raise self._refused("a text of more than 10,000 characters", element.path[-1])

        def end(_tag: str) -> None:
            nonlocal element, text
            if element.ends is not None:
                element.ends(text)
            element = outer.pop()
            text = ""

        self._parser.StartElementHandler = start
        self._parser.CharacterDataHandler = take
        self._parser.EndElementHandler = end

    def read(self, stream: BinaryIO) -> str:
        """Read all; gives the SHA-256 of the bytes."""
        digest = hashlib.sha256()
        fed = 0
        try:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                fed += len(chunk)
                self._parser.Parse(chunk)
                # The parser keeps what it cannot finish: a tag that never ends fills the memory.
                if fed - self._parser.CurrentByteIndex > 4 * _CHUNK:
                    raise self._refused("a tag or comment of more than a megabyte: this is no CMF")
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            reason = f"no well-formed XML ({expat.ErrorString(error.code)}): export the file again"
            raise DataRefused(Complaint(self._file, reason, error.lineno)) from error
        return digest.hexdigest()

    def notes(self) -> list[str]:
        """What was not carried on."""
        notes = list(map(str, self.gathering.spellings))
        if self.kept.get("HEADERVERSION") != "3.2":
            version = shown(self.kept.get("HEADERVERSION", "")) or "none"
            notes.append(f"{self._file}: the version is {version}, read as if it were 3.2")
        notes += [
            f"{self._file}: {shown(name)} is not understood and not carried on ({count} times)"
            for name, count in self._not_carried.items()
        ]
        notes += [
            f"{self._file}: {shown(name)} differs in a specimen; the first counts ({count} times)"
            for name, count in self._differing.items()
        ]
        return notes

    def _refused(self, reason: str, value: str = "") -> DataRefused:
        """The error for a file that is no CMF, at the place of the parser."""
        line = self._parser.CurrentLineNumber
        return DataRefused(Complaint(self._file, reason, line, "element" if value else "", value))

    def _twice(self, name: str, parent: str) -> DataRefused:
        return self._refused(f"{name} stands twice in one {parent}: this is no CMF", name)

    def _refuse_doctype(self, name: str, *_rest: object) -> None:
        raise self._refused("a document type declaration is refused: take it out", name)

    def _check_declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in _ENCODINGS:
            raise self._refused(f"the encoding {shown(encoding)} is refused: save it as UTF-8")

    def _learned(self, element: _Element, tag: str) -> _Element:
        """The element of a tag that comes for the first time inside another one."""
        name = tag.rpartition(":")[2]
        if element.has_text:
            raise self._refused(f"an element inside {element.path[-1]}, which holds text", name)
        if not element.path and name != ROOT:
            raise self._refused(f"the first element of a CMF file is {ROOT}", name)
        if len(element.path) >= _DEEPEST:
            raise self._refused(f"more than {_DEEPEST} elements inside one another", name)
        if name in element.inside:
            element.inside[tag] = element.inside[name]
            return element.inside[tag]
        if element.path[1:] == ("SPECIMEN",):
            return element.holds(tag, ends=partial(self._take_detail, name))
        keeps = element.path == (ROOT,)
        return element.holds(
            tag, ends=partial(self._count, "/".join((*element.path[2:], name)), keeps)
        )

    def _count(self, where: str, keeps: bool, text: str) -> None:
        """An element that is not understood; above the specimens its text is kept."""
        self._not_carried[where] += 1
        if keeps and text.strip():
            self.kept.setdefault(where, text.strip())

    def _keep_header(self, name: str, text: str) -> None:
        """A text above the specimens."""
        if name in self.kept:
            raise self._twice(name, ROOT)
        self.kept[name] = text.strip()

    def _begin_specimen(self, attributes: dict[str, str]) -> None:
        self._specimen = {name: text for name, text in attributes.items() if name != "SPECIMENID"}
        self._loci = []
        self._line = self._parser.CurrentLineNumber

    def _take_id(self, text: str) -> None:
        if "SPECIMENID" in self._specimen:
            raise self._twice("SPECIMENID", "SPECIMEN")
        self._specimen["SPECIMENID"] = text

    def _take_detail(self, name: str, text: str) -> None:
        """Something that is said about the specimen, once or at each locus."""
        known = self._specimen.get(name)
        if known is None:
            self._specimen[name] = text
        elif known != text:
            self._differing[name] += 1

    def _begin_locus(self, attributes: dict[str, str]) -> None:
        self._marker, self._alleles = None, []
        for name, text in attributes.items():
            self._take_detail(name, text)

    def _take_marker(self, text: str) -> None:
        if self._marker is not None:
            raise self._twice("LOCUSNAME", "LOCUS")
        self._marker = text

    def _take_allele(self, text: str) -> None:
        if self._is_filled:
            raise self._twice("ALLELEVALUE", "ALLELE")
        self._is_filled = True
        self._alleles.append(text)

    def _finish_allele(self, _text: str) -> None:
        self._is_filled = False

    def _finish_locus(self, _text: str) -> None:
        line = self._parser.CurrentLineNumber
        self._loci.append((self._marker or "", tuple(self._alleles), line))

    def _finish_specimen(self, _text: str) -> None:
        """Gather the specimen that was read."""
        texts = {name: text.strip(BLANKS) for name, text in self._specimen.items()}
        draft = self.gathering.draft(texts.pop("SPECIMENID", ""), self._line)
        if draft is None:
            return
        role = texts.pop("SPECIMENCATEGORY", "")
        kit = texts.pop("KIT", "") or self.kept.get("KIT", "")
        fields = {name.lower(): text for name, text in texts.items() if text}
        self._differing.update(draft.describe(kit=kit, role=role, fields=fields))
        is_partial = texts.get("PARTIAL", "false").lower() not in ("false", "0")
        single: Single = self._partial if is_partial else "homozygote"
        for marker, alleles, line in self._loci:
            self.gathering.take(draft, marker, alleles, line, single)
