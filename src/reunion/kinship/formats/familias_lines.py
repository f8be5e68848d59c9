"""The lines of a Familias file, one after another, each read as what it must be."""

from __future__ import annotations

import math
from collections.abc import Iterator

from reunion.kinship.formats.complaints import DataRefused
from reunion.kinship.formats.text import Text

TRUE = "#TRUE#"
FALSE = "#FALSE#"


class Lines:
    """A place in the file, which moves on with each line that is read."""

    def __init__(self, text: Text) -> None:
        """Start at the first line."""
        self.text = text
        self.line = 0

    def peek(self) -> str:
        """The next line without outer blanks; blank at the end of the file."""
        lines = self.text.lines
        return lines[self.line].strip() if self.line < len(lines) else ""

    def next(self, what: str) -> str:
        """The next line, which must be there."""
        if self.line >= len(self.text.lines):
            raise self.text.refused(f"the file ends where {what} is expected: it is cut off")
        self.line += 1
        return self.text.lines[self.line - 1].strip()

    def refused(self, reason: str, field: str, value: str) -> DataRefused:
        """The error about the line that was read last."""
        return self.text.refused(reason, self.line, field, value)

    def whole(self, what: str) -> int:
        """A whole number, from 0."""
        text = self.next(what)
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise self.refused("a whole number is expected here", what, text)
        return int(text)

    def count(self, what: str) -> int:
        """A number of things, each of which takes at least a line: no more than are left."""
        count = self.whole(what)
        if count > len(self.text.lines) - self.line:
            reason = "more than the lines that are left: the file is cut off or damaged"
            raise self.refused(reason, what, str(count))
        return count

    def fraction(self, what: str) -> float:
        """A number from 0 to 1."""
        text = self.next(what)
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not 0 <= value <= 1 or "_" in text:
            raise self.refused("a number from 0 to 1 is expected here", what, text)
        return value

    def quoted(self, what: str) -> str:
        """A text in double quotes."""
        text = self.next(what)
        if len(text) < 2 or text[0] != '"' or text[-1] != '"' or not text.isprintable():
            raise self.refused("a text in double quotes is expected here", what, text)
        return text[1:-1].strip()

    def flag_text(self, what: str) -> str:
        """The text that stands for true or false."""
        text = self.next(what)
        if text not in (TRUE, FALSE):
            raise self.refused(f"{TRUE} or {FALSE} is expected here", what, text)
        return text

    def flag(self, what: str) -> bool:
        """True or false."""
        return self.flag_text(what) == TRUE

    def rest(self) -> Iterator[tuple[int, str]]:
        """The lines that are left, with their numbers, without blank ones."""
        for number, line in enumerate(self.text.lines[self.line :], self.line + 1):
            if line.strip():
                yield number, line.strip()
