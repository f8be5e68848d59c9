"""Sound in WAV files: the samples, behind a header that is written anew."""

from __future__ import annotations

import struct

from reunion.base.attachments.rules import AttachmentRefused, Cleaned, Kind, Note, Refusal

_PLAIN = {1: (8, 16, 24, 32), 3: (32, 64), 6: (8,), 7: (8,)}
"""Codes of sample forms whose every bit is sound, with the bits of a sample: whole numbers,
floating point, A-law, mu-law."""

_EXTENSIBLE = 0xFFFE
_SUBFORMAT = slice(24, 40)
_SUBFORMAT_END = bytes.fromhex("000000001000800000aa00389b71")
_CHANNELS = 8
_RATE = 384_000


def clean_wave(data: bytes, kind: Kind) -> Cleaned:
    """The samples of a recording; a recording in a form with data of its own is not cleaned.

    Raises:
        AttachmentRefused: the file is damaged.
    """
    form, samples = _chunks(data)
    code, channels, rate, bits = _form(form)
    if bits not in _PLAIN.get(code, ()):
        return Cleaned(kind, kind, b"", (Note.NOT_CLEANED,))
    if not 0 < channels <= _CHANNELS or not 0 < rate <= _RATE:
        raise AttachmentRefused(Refusal.DAMAGED_FILE)
    frame = channels * bits // 8
    whole = samples[: len(samples) // frame * frame]
    return Cleaned(kind, Kind.WAV, _file(code, channels, rate, bits, whole))


def _chunks(data: bytes) -> tuple[bytes, bytes]:
    """The contents of `fmt ` and `data`; each must be there once."""
    found: dict[bytes, bytes] = {}
    at, end = 12, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while at + 8 <= end:
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name in {b"fmt ", b"data"}:
            if name in found or at + 8 + size > len(data):
                raise AttachmentRefused(Refusal.DAMAGED_FILE)
            found[name] = data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    if found.keys() != {b"fmt ", b"data"} or len(found[b"fmt "]) < 16:
        raise AttachmentRefused(Refusal.DAMAGED_FILE)
    return found[b"fmt "], found[b"data"]


def _form(form: bytes) -> tuple[int, int, int, int]:
    """Code of the form, channels, samples a second, bits of a sample."""
    code, channels, rate, _bytes, _frame, bits = struct.unpack("<HHIIHH", form[:16])
    if code == _EXTENSIBLE and form[_SUBFORMAT][2:] == _SUBFORMAT_END:
        code = int.from_bytes(form[24:26], "little")
    return code, channels, rate, bits


def _file(code: int, channels: int, rate: int, bits: int, samples: bytes) -> bytes:
    frame = channels * bits // 8
    form = struct.pack("<HHIIHH", code, channels, rate, rate * frame, frame, bits)
    body = b"WAVE" + _chunk(b"fmt ", form) + _chunk(b"data", samples)
    return _chunk(b"RIFF", body)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "little") + content + bytes(len(content) % 2)
