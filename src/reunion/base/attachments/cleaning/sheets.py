"""The cells of a spreadsheet as lines of values separated by commas."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from io import StringIO

from reunion.base.attachments.cleaning.markup import Reader
from reunion.base.attachments.rules import AttachmentRefused, Refusal

COLUMNS = 16_384
"""Most columns of a sheet, as the programs have it."""

_LETTERS = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_COMPUTED = ("=", "+", "-", "@", "\t")
_HIDDEN = frozenset({"1", "true"})


class Strings(Reader):
    """The texts that cells refer to by their number."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_text = False

    def skip(self, name: str, attributes: Mapping[str, str]) -> bool:
        return name == "rPh"  # how a name is pronounced: not seen

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "si":
            self.found.append("")
        self._is_text = name == "t"

    def end(self, name: str) -> None:
        self._is_text = False

    def text(self, text: str) -> None:
        if self._is_text and self.found:
            self.found[-1] += text


class Sheet(Reader):
    """The shown cells of one sheet.

    Args:
        strings: the shared texts.
        room: most characters that it may have.
    """

    def __init__(self, strings: Sequence[str], room: int) -> None:
        super().__init__()
        self._strings = strings
        self._room = room
        self.size = 0
        self._rows: list[list[str]] = []
        self._hidden: list[range] = []
        self._column = -1
        self._form = ""
        self._value = ""
        self._is_value = False

    def lines(self) -> str:
        """The rows; what a program would take for a formula is marked as text."""
        out = StringIO()
        csv.writer(out, lineterminator="\n").writerows(self._rows)
        return out.getvalue()

    def skip(self, name: str, attributes: Mapping[str, str]) -> bool:
        return name == "rPh" or (name == "row" and attributes.get("hidden") in _HIDDEN)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "col" if attributes.get("hidden") in _HIDDEN:
                self._hide(attributes)
            case "row":
                self._rows.append([])
                self._column = -1
            case "c":
                self._column = _column(attributes.get("r", ""), self._column + 1)
                self._form, self._value = attributes.get("t", "n"), ""
        self._is_value = name in {"v", "t"}

    def end(self, name: str) -> None:
        self._is_value = False
        if name == "c" and self._rows:
            self._put(self._cell())

    def text(self, text: str) -> None:
        if self._is_value:
            self._value += text

    def _hide(self, attributes: Mapping[str, str]) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if first.isdecimal() and last.isdecimal():
            self._hidden.append(range(int(first) - 1, min(int(last), COLUMNS)))

    def _cell(self) -> str:
        if self._form == "s":
            is_known = self._value.isdecimal() and int(self._value) < len(self._strings)
            value = self._strings[int(self._value)] if is_known else ""
        else:
            value = self._value
        is_text = self._form in {"s", "str", "inlineStr"}
        return f"'{value}" if is_text and value.startswith(_COMPUTED) else value

    def _put(self, value: str) -> None:
        row = self._rows[-1]
        if not value or len(row) > self._column or any(self._column in of for of in self._hidden):
            return
        row.extend([""] * (self._column - len(row)))
        row.append(value)
        self.size += len(value) + self._column + 1
        if self.size > self._room:
            raise AttachmentRefused(Refusal.TOO_MUCH_INSIDE)


def _column(reference: str, following: int) -> int:
    """The number of a cell's column, from 0; the one that follows where none is named."""
    found = _LETTERS.fullmatch(reference)
    if found is None:
        return min(following, COLUMNS)
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return min(number, COLUMNS) - 1
