"""Random changes of files: lost, doubled and moved lines, odd fields, odd bytes."""

from __future__ import annotations

import random

_NASTY = [
    *"OL ? 0 -1 99 100 9.3 9,3 9.30 12> <8 10.x X Y XY 15,17 15/17 1e3 1_5 nan inf ٣ １２".split(),
    *"é 团圆 '=1+1' #TRUE# #FALSE# 999999999 &amp; &b; &#49; <![CDATA[17]]>".split(),
    *("", " ", "\t", "\n", "\r", "\r\n", "\0", "\ufeff", '"', ";", ",", "\u2028", "\x85"),
    *("<!DOCTYPE a [<!ENTITY b 'c'>]>", "<!-- 1 -->", "]" * 40, "[" * 40, "9" * 400, "A" * 3000),
]


def changed(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """A file with one to four random changes; `other` is another seed, or the same."""
    for _ in range(rng.choice((1, 1, 2, 2, 3, 4))):
        data = rng.choice(_CHANGES)(data, other, rng)
    return data


def _flip(data: bytes, _other: bytes, rng: random.Random) -> bytes:
    """One byte becomes another."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


def _digit(data: bytes, _other: bytes, rng: random.Random) -> bytes:
    """One digit becomes another."""
    places = [at for at, byte in enumerate(data) if 48 <= byte < 58]
    if not places:
        return data
    at = rng.choice(places)
    return data[:at] + str(rng.randrange(10)).encode() + data[at + 1 :]


def _cut(data: bytes, _other: bytes, rng: random.Random) -> bytes:
    """Some bytes are lost."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.randrange(1, 40) :]


def _end(data: bytes, _other: bytes, rng: random.Random) -> bytes:
    """The rest is lost."""
    return data[: rng.randrange(len(data) + 1)]


def _insert(data: bytes, _other: bytes, rng: random.Random) -> bytes:
    """A nasty text comes in."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(_NASTY).encode() + data[at:]


def _field(data: bytes, _other: bytes, rng: random.Random) -> bytes:
    """A field becomes a nasty text, or another field of the file."""
    line_end = b"\n"
    lines = data.split(line_end)
    at = rng.randrange(len(lines))
    separator = max((b"\t", b",", b";", b" ", b">"), key=lines[at].count)
    fields = lines[at].split(separator)
    others = rng.choice(lines).split(separator)
    new = rng.choice((rng.choice(_NASTY).encode(), rng.choice(others)))
    fields[rng.randrange(len(fields))] = new
    lines[at] = separator.join(fields)
    return line_end.join(lines)


def _line(data: bytes, _other: bytes, rng: random.Random) -> bytes:
    """A line is doubled, lost, or moved."""
    lines = data.split(b"\n")
    at, to = rng.randrange(len(lines)), rng.randrange(len(lines))
    line = lines[at]
    if rng.random() < 0.6:
        del lines[at]
    if rng.random() < 0.6:
        lines.insert(to, line)
    return b"\n".join(lines)


def _splice(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """The beginning of one file and the end of another."""
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def _recode(data: bytes, _other: bytes, rng: random.Random) -> bytes:
    """Other line ends, another encoding, a byte order mark."""
    text = data.decode("utf-8", errors="replace")
    encoded = (
        text.replace("\n", "\r\n").encode(),
        text.replace("\n", "\r").encode(),
        text.encode("utf-16"),
        text.encode("latin-1", errors="replace"),
        b"\xef\xbb\xbf" + data,
    )
    return rng.choice(encoded)


_CHANGES = (
    *(_flip, _digit, _digit, _cut, _end, _insert),
    *(_field, _field, _field, _line, _line, _splice, _recode),
)
