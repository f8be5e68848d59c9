"""Sound in MP3 files: the frames, without the tags before, between and behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reunion.base.attachments.rules import AttachmentRefused, Cleaned, Kind, Refusal

FEWEST = 3
"""So many frames in a row are sound; fewer may be chance."""

_REST = 2**20
"""Most bytes behind the last frame; tags with a picture have some hundred thousand."""

_BITRATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_HEADER = 4
_TAG_HEADER = 10
_LAYER_3 = 1
_SYNC = re.compile(rb"(?=\xff[\xe2\xe3\xf2\xf3\xfa\xfb])")
_PADDING = re.compile(rb"\0+")
_UNUSED_BITS = 0xFF ^ 0x01, 0xFF ^ 0x0C  # private; copyright and original


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: where it begins, how long it is, and what all frames of a file have in common."""

    at: int
    size: int
    form: tuple[int, int]
    is_protected: bool


def clean_mp3(data: bytes, kind: Kind) -> Cleaned:
    """The frames of a recording.

    Raises:
        AttachmentRefused: there are none, or more of them behind something else.
    """
    frames = _frames(data, _after_tags(data))
    if len(frames) < FEWEST:
        raise AttachmentRefused(Refusal.DAMAGED_FILE)
    _refuse_more(data, frames[-1].at + frames[-1].size)
    # Encoders write their notes in the place of the first frame: 26 thousandths of a second.
    return Cleaned(kind, Kind.MP3, b"".join(_plain(data, frame) for frame in frames[1:]))


def _after_tags(data: bytes) -> int:
    """Where the tags at the beginning end: ID3, version 2, of which there may be several."""
    at = 0
    while data[at : at + 3] == b"ID3" and len(data) >= at + _TAG_HEADER:
        size = 0
        for byte in data[at + 6 : at + 10]:
            if byte & 0x80:
                raise AttachmentRefused(Refusal.DAMAGED_FILE)
            size = size << 7 | byte
        footer = _TAG_HEADER if data[at + 5] & 0x10 else 0
        at += _TAG_HEADER + size + footer
    padding = _PADDING.match(data, at)
    return padding.end() if padding else at


def _frames(data: bytes, at: int) -> list[Frame]:
    """The frames in a row from a place on; all are of one form."""
    found: list[Frame] = []
    while (frame := _frame(data, at)) is not None:
        if found and frame.form != found[0].form:
            break
        found.append(frame)
        at += frame.size
    return found


def _frame(data: bytes, at: int) -> Frame | None:
    """The frame at a place, if there is a whole one.

    Source:
        ISO/IEC 11172-3 and 13818-3: the header of a frame of layer III.
    """
    if at + _HEADER > len(data) or data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return None
    version, layer = data[at + 1] >> 3 & 3, data[at + 1] >> 1 & 3
    bitrate, rate, padding = data[at + 2] >> 4, data[at + 2] >> 2 & 3, data[at + 2] >> 1 & 1
    if version not in _RATES or layer != _LAYER_3 or not 0 < bitrate < 15 or rate == 3:
        return None
    is_first = version == 3
    bits = (_BITRATES_1 if is_first else _BITRATES_2)[bitrate] * 1_000
    size = (144 if is_first else 72) * bits // _RATES[version][rate] + padding
    if at + size > len(data):
        return None
    return Frame(at, size, (version, rate), is_protected=not data[at + 1] & 1)


def _plain(data: bytes, frame: Frame) -> bytes:
    """A frame with the bits of its header cleared that mean nothing to a player."""
    whole = bytearray(data[frame.at : frame.at + frame.size])
    if not frame.is_protected:  # its checksum would cover them
        whole[2] &= _UNUSED_BITS[0]
        whole[3] &= _UNUSED_BITS[1]
    return bytes(whole)


def _refuse_more(data: bytes, end: int) -> None:
    """Refuse a file whose sound goes on behind what is no sound, so that none of it is lost."""
    rest = data[end:]
    starts = _SYNC.finditer(rest)
    if len(rest) > _REST or any(_is_sound(rest, start.start()) for start in starts):
        raise AttachmentRefused(Refusal.DAMAGED_FILE)


def _is_sound(data: bytes, at: int) -> bool:
    for _ in range(FEWEST):
        frame = _frame(data, at)
        if frame is None:
            return False
        at += frame.size
    return True
