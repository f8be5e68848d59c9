"""Kinds of attachments, what is refused, what a record may hold, and the states of an original."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from reunion.base.errors import RuleBroken
from reunion.base.transitions import Machine, Move

LARGEST = 50 * 2**20
"""Bytes of one file. Two minutes of video on a telephone; all of it is held in memory once."""

LARGEST_CLEAN = 160 * 2**20
"""Bytes of a cleaned file: a picture of `PIXELS` that does not compress, and some more."""

PIXELS = 40_000_000
"""Most pixels of a picture: a telephone's camera has up to 50 million, but sends 12 million by
default; decoded, this many need 120 MB."""

FILES_OF_A_RECORD = 100
"""Most attachments of one record. A case file with more belongs into several records."""

BYTES_OF_A_RECORD = 500 * 2**20
"""Most bytes of the attachments of one record, originals included: ten of the largest files."""

BLOCK = 64 * 2**10
"""Sealed files are padded to a multiple of so many bytes, so that a size names no known file."""

UNCLAIMED = timedelta(days=2)
"""A file that no row names is swept after this. Its time says midnight, so less would be unsafe."""


class Kind(StrEnum):
    """What a file is, by its content; its name is never looked at, and never kept."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    TIFF = "tiff"
    BMP = "bmp"
    PDF = "pdf"
    TEXT = "text"
    WORD_DOCUMENT = "word_document"
    SPREADSHEET = "spreadsheet"
    PRESENTATION = "presentation"
    WAV = "wav"
    MP3 = "mp3"
    MP4 = "mp4"
    OGG = "ogg"
    AMR = "amr"
    MATROSKA = "matroska"


NOT_CLEANABLE = frozenset({Kind.MP4, Kind.OGG, Kind.AMR, Kind.MATROSKA})
"""Recordings that are kept sealed as they are: no decoder here can rebuild them."""

SUFFIX = {
    Kind.JPEG: "jpg",
    Kind.PNG: "png",
    Kind.PDF: "pdf",
    Kind.TEXT: "txt",
    Kind.WAV: "wav",
    Kind.MP3: "mp3",
}
"""How the name of a download ends, for the kinds that the cleaner writes; others end in bin."""


class Note(StrEnum):
    """What a cleaned file lacks besides its metadata."""

    FIRST_PICTURE_ONLY = "first_picture_only"
    TRANSPARENCY_FILLED = "transparency_filled"
    TEXT_ONLY = "text_only"
    PAGES_ONLY = "pages_only"
    NOT_CLEANED = "not_cleaned"


class Refusal(StrEnum):
    """Why a file is not taken."""

    EMPTY_FILE = "empty_file"
    FILE_TOO_LARGE = "file_too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MUCH_INSIDE = "too_much_inside"
    TOOK_TOO_LONG = "took_too_long"
    TWO_KINDS = "two_kinds"
    DAMAGED_FILE = "damaged_file"
    LOCKED_FILE = "locked_file"
    HIDDEN_LAYERS = "hidden_layers"
    PICTURES_IN_PDF = "pictures_in_pdf"
    WEB_PAGE = "web_page"
    ARCHIVE_FILE = "archive_file"
    PROGRAM_FILE = "program_file"
    HEIC_PICTURE = "heic_picture"
    OTHER_OFFICE_FILE = "other_office_file"
    UNKNOWN_FILE = "unknown_file"


class AttachmentRefused(RuleBroken):
    """A file is not taken; `rule` is a value of Refusal."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(rule=reason.value)

    @property
    def reason(self) -> Refusal:
        """Why."""
        return Refusal(self.rule)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What came out of the cleaner.

    Args:
        source: what the file was.
        kind: what it is now, such as text for a word document.
        data: the clean file; empty for a recording that is not cleaned.
        notes: what it lacks.
    """

    source: Kind
    kind: Kind
    data: bytes
    notes: tuple[Note, ...] = ()


class OriginalState(StrEnum):
    """Whether the file as it was handed in still exists."""

    SEALED = "sealed"
    DESTROYED = "destroyed"


ORIGINAL = Machine(
    "original",
    OriginalState.SEALED,
    (
        Move(
            "destroy",
            frozenset({OriginalState.SEALED}),
            OriginalState.DESTROYED,
            needs="attachments.destroy_original",
            reasoned=True,
        ),
    ),
)


def size_bucket(size: int) -> int:
    """The size that is stored: the next power of two, from 64 KiB up.

    >>> size_bucket(0), size_bucket(65_536), size_bucket(65_537)
    (65536, 65536, 131072)
    """
    return max(BLOCK, 1 << (size - 1).bit_length() if size else 0)


def midnight(at: datetime) -> datetime:
    """The time that a stored file shows, so that it does not say when somebody handed it in.

    >>> midnight(datetime(2026, 3, 2, 9, 30, tzinfo=UTC)).isoformat()
    '2026-03-02T00:00:00+00:00'
    """
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
