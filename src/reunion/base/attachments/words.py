"""The words of this room: kinds, what a clean file lacks, and one sentence for each refusal."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reunion.base.actor import Purpose
from reunion.base.attachments.rules import Kind, Note, Refusal
from reunion.base.errors import ReunionError
from reunion.base.words import sentence_of

STATES = (pgettext_lazy("state", "Sealed"), pgettext_lazy("state", "Destroyed"))
MOVES = (pgettext_lazy("move", "Destroy"),)

KINDS: dict[Kind, Promise] = {
    Kind.JPEG: _("JPEG picture"),
    Kind.PNG: _("PNG picture"),
    Kind.WEBP: _("WebP picture"),
    Kind.GIF: _("GIF picture"),
    Kind.TIFF: _("TIFF picture"),
    Kind.BMP: _("BMP picture"),
    Kind.PDF: _("PDF document"),
    Kind.TEXT: _("Text"),
    Kind.WORD_DOCUMENT: _("Word document"),
    Kind.SPREADSHEET: _("Spreadsheet"),
    Kind.PRESENTATION: _("Presentation"),
    Kind.WAV: _("WAV recording"),
    Kind.MP3: _("MP3 recording"),
    Kind.MP4: _("MP4 recording"),
    Kind.OGG: _("Ogg recording"),
    Kind.AMR: _("AMR recording"),
    Kind.MATROSKA: _("Matroska or WebM recording"),
}

NOTES: dict[Note, Promise] = {
    Note.FIRST_PICTURE_ONLY: _("Only the first picture or page of the file was kept."),
    Note.TRANSPARENCY_FILLED: _("Transparent parts were filled with white."),
    Note.TEXT_ONLY: _("Only the visible text was kept, without pictures and layout."),
    Note.PAGES_ONLY: _("Comments, links, files inside and scripts were left out."),
    Note.NOT_CLEANED: _("Not cleaned: the recording may show who made it, when and where."),
}

REFUSALS: dict[Refusal, Promise] = {
    Refusal.EMPTY_FILE: _("The file is empty; choose it again, or save it anew."),
    Refusal.FILE_TOO_LARGE: _("The file is larger than 50 MB; send a smaller copy or a part."),
    Refusal.TOO_MANY_PIXELS: _(
        "The picture has more than 40 million pixels; reduce its size and send it again."
    ),
    Refusal.TOO_MUCH_INSIDE: _(
        "The file unpacks to more than can be checked safely; split it, or send pictures of it."
    ),
    Refusal.TOOK_TOO_LONG: _(
        "Checking the file took too long; save it in a simpler form, or send pictures of it."
    ),
    Refusal.TWO_KINDS: _(
        "The file is of two kinds at once, as harmful files are; send each part as its own file."
    ),
    Refusal.DAMAGED_FILE: _(
        "The file is damaged or not what it seems; open it, save it anew and send the copy."
    ),
    Refusal.LOCKED_FILE: _(
        "The file is locked with a password, so it cannot be cleaned; send a copy without one."
    ),
    Refusal.HIDDEN_LAYERS: _(
        "The PDF has hidden layers, which may hold more than is seen; print it to a new PDF."
    ),
    Refusal.PICTURES_IN_PDF: _(
        "The PDF holds pictures that cannot be cleaned; send the pages as JPEG or PNG pictures."
    ),
    Refusal.WEB_PAGE: _(
        "Web pages and SVG drawings can carry programs; send a picture or the text of it."
    ),
    Refusal.ARCHIVE_FILE: _("Archives are not opened; send the files in it one by one."),
    Refusal.PROGRAM_FILE: _("Programs and scripts are not taken; send a picture of what it shows."),
    Refusal.HEIC_PICTURE: _(
        "HEIC and AVIF pictures cannot be read here; save it as JPEG, or send a screenshot."
    ),
    Refusal.OTHER_OFFICE_FILE: _(
        "This office format cannot be read here; save it as DOCX, XLSX, PPTX or PDF."
    ),
    Refusal.UNKNOWN_FILE: _(
        "This kind of file is not known here; send a picture, a PDF, a text or a recording."
    ),
}

_RULES: dict[str, Promise] = {
    **{refusal.value: said for refusal, said in REFUSALS.items()},
    "files_of_a_record": _("This record has as many attachments as it may have."),
    "bytes_of_a_record": _("The attachments of this record are as large as they may be."),
    "recording_needs_its_original": _(
        "This kind of recording cannot be cleaned, so nothing would be kept of it."
    ),
}

PURPOSES: dict[Purpose, Promise] = {
    Purpose.OWN_CASE: _("I work on this case"),
    Purpose.SUPERVISION: _("I supervise this case"),
    Purpose.INSPECTION: _("I inspect this work"),
    Purpose.STATISTICS: _("I count"),
    Purpose.FAMILY_REQUEST: _("The family asked"),
    Purpose.CORRECTION: _("Something recorded is wrong"),
    Purpose.EMERGENCY: _("Somebody is in danger now"),
}


def sentence(error: ReunionError) -> Promise:
    """What a page says of a file that is not taken, or of an act that is refused."""
    return sentence_of(error, _RULES)
