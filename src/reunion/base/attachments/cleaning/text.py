"""Plain text: one encoding, one kind of line end, and no character that cannot be seen."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from reunion.base.attachments.rules import AttachmentRefused, Cleaned, Kind, Refusal

CONTROLS = 0.01
"""Most of its characters that may be control characters in what passes for text."""

CHARACTERS = 16_000_000
"""Most characters: a register of 200,000 lines has fewer."""

IDEOGRAPHIC_SPACE = "\u3000"
_VARIATIONS = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *range(0x180B, 0x1810))
_FILLERS = (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, 0x2800)
_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_TERMINAL = re.compile(r"\x1b\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)|\x1b\[[0-?]{0,64}[ -/]{0,8}[@-~]")
_TRAILING = re.compile(r"[ \t\u3000]+$", re.MULTILINE)


def clean_text(data: bytes, kind: Kind) -> Cleaned:
    """The text of a file, in UTF-8.

    Raises:
        AttachmentRefused: it has too many characters.
    """
    text = decoded(data)
    if text is None:
        raise AttachmentRefused(Refusal.UNKNOWN_FILE)
    return Cleaned(kind, Kind.TEXT, visible(text).encode())


def decoded(data: bytes) -> str | None:
    """The characters of a text; None where the bytes are none in UTF-8, UTF-16 or GB 18030."""
    utf16 = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def looks_like_text(data: bytes) -> bool:
    """Whether bytes are text: they decode whole, and hardly any character is a control."""
    text = decoded(data)
    if not text or "\0" in text:
        return False
    controls = sum(text.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\r\f")
    return controls <= CONTROLS * len(text)


def visible(text: str) -> str:
    r"""A text without what cannot be seen, in which marks can be hidden.

    Control and format characters go, such as joiners of no width, tags, selectors of variants,
    and orders to a terminal;
    blanks of every width become one kind, and those at the end of a line go.

    Raises:
        AttachmentRefused: it has too many characters.

    >>> visible("a\u200bb \r\nc\U000e0041\u2009d")
    'ab\nc d\n'
    """
    if len(text) > CHARACTERS:
        raise AttachmentRefused(Refusal.TOO_MUCH_INSIDE)
    text = _LINE_ENDS.sub("\n", _TERMINAL.sub("", text))
    kept = text.translate(_table(frozenset(text)))
    return _TRAILING.sub("", kept).rstrip("\n") + "\n"


def _table(characters: frozenset[str]) -> dict[int, str | None]:
    """What becomes of the characters of a text; those that stay are not in it."""
    changed = {ord(character): _replaced(ord(character)) for character in characters}
    return {code: new for code, new in changed.items() if new != chr(code)}


@cache
def _replaced(code: int) -> str | None:
    character = chr(code)
    category = unicodedata.category(character)
    if category == "Zs" and character != IDEOGRAPHIC_SPACE:
        return " "
    if character in "\t\n":
        return character
    noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    hidden = category in {"Cc", "Cf", "Cs", "Zl", "Zp"} or noncharacter
    return None if hidden or code in _VARIATIONS or code in _FILLERS else character
