"""A JPEG file without anything that decoding its picture does not need; the picture is untouched.

For pictures inside PDF files, whose colours depend on the page. Others are drawn anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_DHT, _SOS, _DQT, _DRI, _ADOBE = 0xC4, 0xDA, 0xDB, 0xDD, 0xEE
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive
_NOTES = frozenset({*range(0xE0, 0xF0), 0xFE})
# What follows the data of a scan: a marker that is neither a stuffed byte nor a restart.
_AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


def stripped(data: bytes) -> bytes:
    """The picture alone: tables, frame and scans, each of exactly the length that it must have.

    Raises:
        ValueError: it is no such JPEG file.

    Source:
        ITU-T T.81, annex B.
    """
    if not data.startswith(_SOI):
        raise ValueError("start")
    return b"".join((_SOI, *_kept(data), _EOI))


def _kept(data: bytes) -> Iterator[bytes]:
    at = len(_SOI)
    while True:
        marker, start = _marker(data, at)
        if marker == _EOI[1]:
            return
        at = start + int.from_bytes(data[start : start + 2])
        content = data[start + 2 : at]
        if at > len(data) or at < start + 2:
            raise ValueError("length")
        if marker == _ADOBE and content[:5] == b"Adobe" and len(content) >= 12:
            yield _segment(marker, b"Adobe\0\x64\0\0\0\0" + content[11:12])
        elif marker not in _NOTES:
            _check(marker, content)
            yield _segment(marker, content)
        if marker == _SOS:
            found = _AFTER_SCAN.search(data, at)
            end = found.start() if found else len(data)
            yield data[at:end]
            if found is None:  # cut off, as many scanners leave it
                return
            at = end


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker at a place, and where its length stands."""
    start = at
    while at < len(data) and data[at] == 0xFF:
        at += 1
    if at == start or at >= len(data):
        raise ValueError("marker")
    return data[at], at + 1


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2) + content


def _check(marker: int, content: bytes) -> None:
    """Refuse what could hold more than it says."""
    match marker:
        case _ if marker in _FRAMES:
            is_right = len(content) > 5 and len(content) == 6 + 3 * content[5]
        case _ if marker == _DHT:
            is_right = _tables(content, lambda rest: 17 + sum(rest[1:17]))
        case _ if marker == _DQT:
            is_right = _tables(content, lambda rest: 129 if rest[0] >> 4 else 65)
        case _ if marker == _SOS:
            is_right = len(content) > 0 and len(content) == 4 + 2 * content[0]
        case _:
            is_right = marker == _DRI and len(content) == 2
    if not is_right:
        raise ValueError("segment")


def _tables(content: bytes, length: Callable[[bytes], int]) -> bool:
    """Whether a segment is a row of whole tables."""
    while content:
        size = length(content)
        if size > len(content):
            return False
        content = content[size:]
    return True
