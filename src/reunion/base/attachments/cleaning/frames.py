"""How the two processes speak: a head of fixed length, and as many bytes as it says."""

from __future__ import annotations

import json
import struct
from typing import BinaryIO

from reunion.base.attachments.rules import AttachmentRefused, Cleaned, Kind, Note, Refusal

ASKED = struct.Struct("!Q")
ANSWERED = struct.Struct("!IQ")
WORDS = 4_096
"""Most bytes of the description of an answer."""


def answer_of(found: Cleaned | Refusal | BaseException) -> bytes:
    """The answer of the child: a description as JSON, and the clean file."""
    data = b""
    match found:
        case Cleaned():
            data = found.data
            words = {"source": found.source, "kind": found.kind, "notes": [*found.notes]}
        case Refusal():
            words = {"refused": found}
        case _:
            words = {"fault": type(found).__name__}
    described = json.dumps(words).encode()
    return ANSWERED.pack(len(described), len(data)) + described + data


def answer_in(described: bytes, data: bytes) -> Cleaned:
    """What the child answered.

    Raises:
        AttachmentRefused: the file is not taken.
        ValueError: it is no answer, or the cleaner had a fault of its own.
    """
    words = json.loads(described)
    if "refused" in words:
        raise AttachmentRefused(Refusal(words["refused"]))
    if "fault" in words:
        raise ValueError(str(words["fault"]))
    notes = tuple(map(Note, words["notes"]))
    return Cleaned(Kind(words["source"]), Kind(words["kind"]), data, notes)


def asked(stream: BinaryIO) -> bytes | None:
    """The next file that the parent sends; None at the end."""
    head = stream.read(ASKED.size)
    return stream.read(ASKED.unpack(head)[0]) if len(head) == ASKED.size else None
