"""Which part of the cleaner does which kind of file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from reunion.base.attachments.rules import Cleaned, Kind, Note

Cleaner: TypeAlias = Callable[[bytes, Kind], Cleaned]


def cleaner_of(kind: Kind) -> Cleaner:
    """The part for a kind, with the libraries that it needs, and no others: each takes a while."""
    match kind:
        case Kind.JPEG | Kind.PNG | Kind.WEBP | Kind.GIF | Kind.TIFF | Kind.BMP:
            from reunion.base.attachments.cleaning.images import clean_image

            return clean_image
        case Kind.PDF:
            from reunion.base.attachments.cleaning.pdf import clean_pdf

            return clean_pdf
        case Kind.WORD_DOCUMENT | Kind.SPREADSHEET | Kind.PRESENTATION:
            from reunion.base.attachments.cleaning.office import clean_office

            return clean_office
        case Kind.TEXT:
            from reunion.base.attachments.cleaning.text import clean_text

            return clean_text
        case Kind.WAV:
            from reunion.base.attachments.cleaning.wave import clean_wave

            return clean_wave
        case Kind.MP3:
            from reunion.base.attachments.cleaning.mp3 import clean_mp3

            return clean_mp3
        case _:
            return _kept_as_it_is


def _kept_as_it_is(_data: bytes, kind: Kind) -> Cleaned:
    return Cleaned(kind, kind, b"", (Note.NOT_CLEANED,))
