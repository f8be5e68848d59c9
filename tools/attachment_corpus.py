"""Invented files of thirteen kinds with marks planted in them: the corpus of the cleaner.

The same seed makes the same files. All of their contents are synthetic.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from reunion.base.attachments.rules import Kind
from tools.attachment_marks import Marks, Planted
from tools.attachment_office import docx, pptx, xlsx
from tools.attachment_pages import SHOWN, pdf, text
from tools.attachment_pictures import bmp, gif, jpeg, png, tiff, webp
from tools.attachment_sounds import mp3, wav

BUILDERS: dict[Kind, Callable[[Marks], bytes]] = {
    Kind.JPEG: jpeg,
    Kind.PNG: png,
    Kind.WEBP: webp,
    Kind.GIF: gif,
    Kind.TIFF: tiff,
    Kind.BMP: bmp,
    Kind.PDF: pdf,
    Kind.TEXT: text,
    Kind.WORD_DOCUMENT: docx,
    Kind.SPREADSHEET: xlsx,
    Kind.PRESENTATION: pptx,
    Kind.WAV: wav,
    Kind.MP3: mp3,
}
_WITH_WORDS = frozenset({Kind.TEXT, Kind.WORD_DOCUMENT, Kind.SPREADSHEET, Kind.PRESENTATION})
EACH = 24
SEED = 20_260_302


def corpus(each: int = EACH, seed: int = SEED) -> Iterator[Planted]:
    """So many files of each kind."""
    for kind, build in BUILDERS.items():
        for number in range(each):
            marks = Marks(random.Random(f"{seed} {kind} {number}"))  # noqa: S311 # no secret
            data = build(marks)
            shown = SHOWN if kind in _WITH_WORDS else ""
            yield Planted(f"{kind}-{number}", kind, data, tuple(marks.planted), shown)
