"""Letters as Word files, from a template that an office may edit in Word.

The template's tags stand whole in one run each, because a script makes the first one; Word splits
what somebody types in pieces. A template computes nothing: it is filled in a sandbox.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from zipfile import BadZipFile

from django.utils.formats import date_format
from django.utils.translation import gettext
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from reunion.base.errors import RuleBroken
from reunion.base.zone import here

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

LATIN, EAST_ASIAN = "Arial", "SimSun"
"""Fonts that Word has on an office's computers in China."""

_TAGS = (
    "{{ sender }}",
    "{{ number }}",
    "{{ recipient }}",
    "{%p for text in paragraphs %}",
    "{{ text }}",
    "{%p endfor %}",
)
_TABLE = (
    ("{%tc for cell in head %}", "{{ cell }}", "{%tc endfor %}"),
    ("{%tr for row in rows %}", "", ""),
    ("{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"),
    ("{%tr endfor %}", "", ""),
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of an office.

    Args:
        sender: the office.
        number: under which the office files it.
        rows: a table below the text, perhaps empty, with its head.
        at: its moment; the letter shows the day.
    """

    sender: str
    number: str
    recipient: str
    title: str
    paragraphs: Sequence[str]
    at: datetime
    is_synthetic: bool
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def letter_docx(letter: Letter, template: bytes | None = None) -> bytes:
    """The letter as a Word file, in the office's own template or in the first one.

    Raises:
        RuleBroken: the template is no Word file, or has a tag that letters do not have.
    """
    from docxtpl import DocxTemplate  # here: no start of the site waits for it

    values: dict[str, Any] = asdict(letter)
    values["day"] = date_format(here(letter.at), "DATE_FORMAT")
    values["banner"] = (
        gettext("All people and data here are synthetic.") if letter.is_synthetic else ""
    )
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        made = DocxTemplate(io.BytesIO(template or first_template()))
        made.render(values, jinja_env=environment)
    except (
        TemplateError,
        BadZipFile,
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:
        raise RuleBroken(rule="template_is_of_a_letter") from error
    core = made.docx.core_properties
    core.author, core.title, core.comments = "Reunion", letter.title, values["banner"]
    core.created = core.modified = letter.at.astimezone(UTC)
    return _bytes(made)


def first_template() -> bytes:
    """The template from which an office starts its own."""
    from docx import Document  # here, for the same reason
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt

    made = Document()
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(12)
    # Without its own font for East Asian text Word falls back to any that has the character.
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), EAST_ASIAN)
    banner = made.sections[0].header.paragraphs[0]
    banner.text, banner.alignment = "{{ banner }}", WD_ALIGN_PARAGRAPH.CENTER
    title = made.add_paragraph()
    run = title.add_run("{{ title }}")
    run.bold, run.font.size, title.alignment = True, Pt(18), WD_ALIGN_PARAGRAPH.CENTER
    for tag in _TAGS:
        made.add_paragraph(tag)
    made.add_paragraph("{%p if rows %}")
    table = made.add_table(rows=len(_TABLE), cols=len(_TABLE[0]), style="Table Grid")
    for row, tags in zip(table.rows, _TABLE, strict=True):
        for cell, tag in zip(row.cells, tags, strict=True):
            cell.text = tag
    made.add_paragraph("{%p endif %}")
    made.add_paragraph("{{ day }}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return _bytes(made)


def _bytes(file: Any) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()
