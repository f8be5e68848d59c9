"""PDF files by typst: a template of this folder and values as JSON; nobody's text is a program.

The fonts are that of the pinned package, with Chinese and Latin letters, and those of the folder
`fonts`, with Devanagari: of another script typst prints boxes, without a word.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language, gettext

from reunion.kinship.report.typesetting import typeset

HERE = Path(__file__).parent
FONTS = HERE / "fonts"


def pdf(template: str, data: dict[str, Any], *, day: date, title: str, is_synthetic: bool) -> bytes:
    """A document in the language of the page.

    Args:
        template: name of a file beside this one, without its ending.
        data: values of JSON, which the template reads.
        day: the date of the file; so equal values give equal bytes.
        title: the title of the file; screen readers say it first.
        is_synthetic: each page then says so.

    Raises:
        MissingPackage: the extra `report` is not installed.
    """
    chinese = (get_language() or "").startswith("zh")
    common = {
        "lang": "zh" if chinese else "en",
        "region": "cn" if chinese else "gb",
        "title": title,
        "date": [day.year, day.month, day.day],
        "banner": gettext("All people and data here are synthetic.") if is_synthetic else "",
        "page": gettext("Page"),
    }
    return typeset(_source(template), {**common, **data}, [FONTS])


@cache
def _source(template: str) -> bytes:
    """The template, after what all of them begin with."""
    return (HERE / "page.typ").read_bytes() + (HERE / f"{template}.typ").read_bytes()
