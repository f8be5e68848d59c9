"""Documents as values, and as PDF: a dossier, a poster, a sheet of labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import ClassVar, TypeAlias

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from reunion.base.documents.pdf import pdf
from reunion.base.documents.qr import Code, qr_svg
from reunion.base.errors import RuleBroken
from reunion.base.zone import here
from reunion.kinship.report.blocks import picture_block


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text."""

    kind: ClassVar[str] = "text"
    text: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names and their values."""

    kind: ClassVar[str] = "pairs"
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Rows:
    """A table."""

    kind: ClassVar[str] = "rows"
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of our own, as SVG, and what it shows in words."""

    kind: ClassVar[str] = "picture"
    svg: SafeString
    alt: str


Part: TypeAlias = Paragraph | Pairs | Rows | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a dossier under its own heading."""

    heading: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is printed about one matter, and who printed it, when and why; all four are on it.

    Args:
        by: the person and the office, in words.
        why: the stated purpose, in words.

    Raises:
        RuleBroken: nobody, or nothing, is named as the one who prints or the reason.
    """

    title: str
    sections: Sequence[Section]
    by: str
    at: datetime
    why: str
    is_synthetic: bool

    def __post_init__(self) -> None:
        if not self.title.strip() or not self.by.strip() or not self.why.strip():
            raise RuleBroken(rule="printer_and_reason_given")

    @property
    def printed(self) -> str:
        """The line at the foot of each page."""
        local = here(self.at)
        return gettext("Printed by %(by)s on %(day)s, %(time)s. Reason: %(why)s") % {
            "by": self.by,
            "day": date_format(local, "DATE_FORMAT"),
            "time": f"{local:%H:%M}",
            "why": self.why,
        }

    @property
    def pdf(self) -> bytes:
        """The dossier as PDF/UA-1, in the language of the page."""
        sections = [
            {"heading": section.heading, "parts": [_part(part) for part in section.parts]}
            for section in self.sections
        ]
        return pdf(
            "dossier",
            {"printed": self.printed, "sections": sections},
            day=here(self.at).date(),
            title=self.title,
            is_synthetic=self.is_synthetic,
        )


@dataclass(frozen=True, slots=True)
class Side:
    """What a poster says in one language."""

    heading: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Poster:
    """A sheet for a wall, in each language of the country, with one code to scan.

    Args:
        sides: by language, such as zh and en, in the order in which they stand.
        address: what the code holds; it stands below it in letters as well.
        source: who hangs it out, and since when.
    """

    sides: Mapping[str, Side]
    address: str
    source: str
    at: datetime
    is_synthetic: bool

    @property
    def title(self) -> str:
        """The headings of all languages."""
        return " / ".join(side.heading for side in self.sides.values())

    @property
    def svg(self) -> SafeString:
        """The code."""
        return qr_svg(self.address, title=self.address)

    @property
    def pdf(self) -> bytes:
        """The poster as PDF/UA-1, one page of A4."""
        sides = [
            {"lang": language, "heading": side.heading, "lines": list(side.lines)}
            for language, side in self.sides.items()
        ]
        return pdf(
            "poster",
            {
                "sides": sides,
                "code": self.svg,
                "alt": gettext("QR code: %(address)s") % {"address": self.address},
                "reads": self.address,
                "source": self.source,
            },
            day=here(self.at).date(),
            title=self.title,
            is_synthetic=self.is_synthetic,
        )


def labels_pdf(
    codes: Sequence[tuple[Code, str]], *, title: str, at: datetime, is_synthetic: bool
) -> bytes:
    """Sheets of labels, 40 on a page of A4: a code, the word for its thing, and its id."""
    labels = [
        {"code": qr_svg(code.text, title=code.text), "reads": code.text, "what": word,
         "id": code.public_id}
        for code, word in codes
    ]  # fmt: skip
    return pdf(
        "labels",
        {"labels": labels},
        day=here(at).date(),
        title=title,
        is_synthetic=is_synthetic,
    )


def _part(part: Part) -> dict[str, object]:
    """A part as the template reads it."""
    if isinstance(part, Picture):
        return picture_block(part.svg, part.alt)
    return {"kind": part.kind, **asdict(part)}
