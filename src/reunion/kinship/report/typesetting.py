"""A template and its values as a PDF, set by typst; needs the extra `report`.

Equal values give equal bytes, with one version of typst: a template sets its date from its values,
and the only fonts are that of the pinned package and those that the caller brings.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from reunion.kinship.errors import MissingPackage

PACKAGES = ("typst", "manimgx_fonts_cjk")


def check_packages() -> None:
    """MissingPackage where a PDF cannot be made here."""
    for package in PACKAGES:
        if find_spec(package) is None:
            raise MissingPackage(package=package, what="a PDF", extra="report")


def typeset(template: bytes, data: dict[str, Any], fonts: Sequence[Path] = ()) -> bytes:
    """The PDF (PDF/UA-1: it can be read by a screen reader) of a template.

    Args:
        template: a program of typst; no text of a person may stand in it.
        data: values of JSON, which the template reads from `sys.inputs.data`.
        fonts: folders of fonts beside the one for Chinese.

    Raises:
        MissingPackage: the extra `report` is not installed.
    """
    check_packages()
    import manimgx_fonts_cjk
    import typst

    folders = [Path(manimgx_fonts_cjk.__file__).parent, *fonts]
    known = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[*map(str, folders)]
    )
    pdf: bytes = typst.compile(
        template,
        font_paths=known,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards="ua-1",
    )
    return pdf
