"""The report of a lead as PDF; needs the extra `report`. Its date is that of the report."""

from __future__ import annotations

from pathlib import Path

from reunion.kinship.report.lead import LeadReport
from reunion.kinship.report.page import page
from reunion.kinship.report.typesetting import typeset
from reunion.kinship.report.words import Language

TEMPLATE = Path(__file__).with_name("report.typ")


def as_pdf(report: LeadReport, *, language: Language = "en") -> bytes:
    """The PDF of a report.

    Raises:
        MissingPackage: the extra `report` is not installed.
    """
    return typeset(TEMPLATE.read_bytes(), page(report, language))
