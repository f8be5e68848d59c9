"""Invented recordings with marks in the notes that their formats have."""

from __future__ import annotations

import random
import struct

from tools.attachment_marks import Marks

FRAME = b"\xff\xfb\x90\x00" + bytes(413)
"""A frame of silence: MPEG 1, layer III, 128 kbit/s at 44,100 Hz, 417 bytes."""


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a RIFF file."""
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def wav(marks: Marks) -> bytes:
    rng = marks.rng
    channels, bits = rng.choice((1, 2)), rng.choice((8, 16, 24))
    frame = channels * bits // 8
    form = struct.pack("<HHIIHH", 1, channels, 8_000, 8_000 * frame, frame, bits)
    form += struct.pack("<H", 12) + marks.raw("behind the form") if rng.random() < 0.5 else b""
    info = b"".join(
        chunk(name, marks.raw(f"INFO {name.decode()}"))
        for name in (b"INAM", b"IART", b"ICMT", b"IENG")
    )
    notes = [
        chunk(b"LIST", b"INFO" + info),
        chunk(b"bext", marks.raw("bext description").ljust(602, b"\0")),
        chunk(b"iXML", b"<BWFXML><NOTE>" + marks.raw("iXML") + b"</NOTE></BWFXML>"),
        chunk(b"id3 ", id3([frame_of(b"TIT2", b"\x03" + marks.raw("ID3 in WAV"))])),
        chunk(b"LIST", b"adtl" + chunk(b"labl", bytes(4) + marks.raw("label"))),
        chunk(b"JUNK", marks.raw("JUNK")),
    ]
    rng.shuffle(notes)
    sound = chunk(b"data", rng.randbytes(frame * 200))
    content = b"WAVE" + b"".join(notes[:3]) + chunk(b"fmt ", form) + sound + b"".join(notes[3:])
    return chunk(b"RIFF", content) + marks.raw("behind the file")


def frame_of(name: bytes, content: bytes) -> bytes:
    """A frame of an ID3 tag."""
    return name + len(content).to_bytes(4) + b"\0\0" + content


def id3(frames: list[bytes]) -> bytes:
    """An ID3 tag of version 2.3."""
    content = b"".join(frames) + bytes(30)
    size = bytes(len(content) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + content


def tag_of_mp3(marks: Marks) -> bytes:
    """Title, comment, picture, file and private frames."""
    return id3(
        [
            frame_of(b"TIT2", b"\x03" + marks.raw("title")),
            frame_of(b"TPE1", b"\x01\xff\xfe" + marks.new("artist").encode("utf-16-le")),
            frame_of(b"COMM", b"\0eng\0" + marks.raw("comment")),
            frame_of(b"PRIV", b"owner\0" + marks.raw("private")),
            frame_of(b"GEOB", b"\0text/plain\0" + marks.raw("file name") + b"\0\0inside"),
            frame_of(b"APIC", b"\0image/png\0\x03\0" + marks.raw("picture")),
        ]
    )


def mp3(marks: Marks) -> bytes:
    rng = marks.rng
    index = bytearray(FRAME)
    index[36:40] = rng.choice((b"Xing", b"Info"))
    index[160:172] = marks.raw("encoder's notes")
    sound = FRAME * rng.randrange(4, 40)
    old = (b"TAG" + marks.raw("ID3 version 1")).ljust(128, b"\0")
    ape = b"APETAGEX" + bytes(24) + b"Comment\0" + marks.raw("APE") + b"APETAGEX" + bytes(24)
    lyrics = b"LYRICSBEGIN" + marks.raw("lyrics") + b"LYRICS200"
    return tag_of_mp3(marks) + bytes(index) + sound + ape + lyrics + old + marks.raw("behind")


def recordings(rng: random.Random) -> dict[str, bytes]:
    """Recordings that are kept as they are, in the first bytes that tell what they are."""
    return {
        "mp4": b"\0\0\0\x20ftypisom" + rng.randbytes(200),
        "ogg": b"OggS\0\2" + rng.randbytes(200),
        "amr": b"#!AMR\n" + rng.randbytes(200),
        "matroska": b"\x1aE\xdf\xa3" + rng.randbytes(200),
    }
