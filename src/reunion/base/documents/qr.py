"""QR codes of ids and addresses, as SVG. They hold no name and no date of birth."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

from reunion.base.errors import RuleBroken

if TYPE_CHECKING:
    import segno

PREFIX = "REUNION"
ID = re.compile(r"[A-Z0-9][A-Z0-9-]{2,39}")
KIND = re.compile(r"[A-Z]{2,12}")

QUIET = 4
"""Modules of white around a code; scanners want four."""


@dataclass(frozen=True, slots=True)
class Code:
    """What a label's code says: the kind of thing, and its public id with its check digit."""

    kind: str
    public_id: str

    def __post_init__(self) -> None:
        if not KIND.fullmatch(self.kind) or not ID.fullmatch(self.public_id):
            raise RuleBroken(rule="code_is_an_id")

    @property
    def text(self) -> str:
        """What a scanner reads.

        >>> Code("KIT", "7F3K-22Q-X").text
        'REUNION:KIT:7F3K-22Q-X'
        """
        return f"{PREFIX}:{self.kind}:{self.public_id}"


def qr_code(text: str) -> segno.QRCode:
    """The code of a text: level M or better, and never a Micro QR, which many scanners miss.

    Raises:
        RuleBroken: there are other letters than those that every scanner reads in the same way.
    """
    if not text.isascii() or not text.isprintable():
        raise RuleBroken(rule="code_is_plain")
    import segno  # its tables are slow to load: few pages need them

    code: segno.QRCode = segno.make(text, error="m", micro=False)
    return code


def qr_svg(text: str, *, title: str) -> SafeString:
    """The code as SVG with a title, black on white, to be set at any size."""
    out = io.BytesIO()
    qr_code(text).save(
        out, kind="svg", border=QUIET, light="#fff", xmldecl=False, nl=False, omitsize=True,
        svgclass=None, lineclass=None, title=title,
    )  # fmt: skip
    return SafeString(out.getvalue().decode().replace("<svg ", '<svg role="img" ', 1))
