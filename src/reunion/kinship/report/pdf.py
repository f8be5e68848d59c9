"""The report of a lead as PDF, set by typst; needs the extra `report`.

Equal values give equal bytes, with one version of typst: the date is that of the report, and the
only font is the one of the pinned package.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

from reunion.kinship.errors import MissingPackage
from reunion.kinship.report.lead import LeadReport
from reunion.kinship.report.page import page
from reunion.kinship.report.words import Language

PACKAGES = ("typst", "manimgx_fonts_cjk")
TEMPLATE = Path(__file__).with_name("report.typ")


def check_packages() -> None:
    """MissingPackage where a PDF cannot be made here."""
    for package in PACKAGES:
        if find_spec(package) is None:
            raise MissingPackage(package=package, what="a PDF", extra="report")


def as_pdf(report: LeadReport, *, language: Language = "en") -> bytes:
    """The PDF of a report (PDF/UA-1: it can be read by a screen reader).

    Raises:
        MissingPackage: the extra `report` is not installed.
    """
    check_packages()
    import manimgx_fonts_cjk
    import typst

    folder = str(Path(manimgx_fonts_cjk.__file__).parent)
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )
    data = json.dumps(page(report, language), ensure_ascii=False)
    pdf: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards="ua-1",
    )
    return pdf
