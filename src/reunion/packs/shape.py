"""Strict reading of TOML: every key is known and of the wanted type, or the place is named."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from reunion.packs.errors import BadFile, BadValue, UnknownKey

LANGUAGES = ("en", "zh")
CODE = re.compile(r"[a-z0-9][a-z0-9_.\-]*")
"""What the code of a thing looks like: small letters, digits, and _ - . between them."""

_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of a TOML file, and where it stands."""

    file: str
    path: str
    values: Mapping[str, object]

    def only(self, *permitted: str) -> None:
        """Refuse every other key.

        >>> try: Entry("pack.toml", "file[0]", {"nmae": "x"}).only("name")
        ... except UnknownKey as error: print(error)
        pack.toml, at file[0].nmae: the key is not known; permitted are name
        """
        for key in self.values:
            if key not in permitted:
                raise UnknownKey(file=self.file, path=self._at(key), permitted=", ".join(permitted))

    def text(self, key: str) -> str:
        """A text that is not blank."""
        value = self._typed(key, str)
        if not value.strip():
            raise BadValue(file=self.file, path=self._at(key), reason="the text is blank")
        return value

    def flag(self, key: str) -> bool:
        """True or false."""
        return self._typed(key, bool)

    def fraction(self, key: str) -> float:
        """A number from 0 to 1."""
        value = self._typed(key, float)
        if not 0 <= value <= 1:
            reason = f"{value} is not from 0 to 1"
            raise BadValue(file=self.file, path=self._at(key), reason=reason)
        return value

    def code(self, key: str) -> str:
        """A code, as other files refer to it."""
        value = self.text(key)
        if CODE.fullmatch(value) is None:
            raise self.wrong(key, f"{value!r} is no code: small letters, digits, _, - and .")
        return value

    def whole(self, key: str, least: int = 0) -> int:
        """A whole number that is not below `least`."""
        value = self._typed(key, int)
        if isinstance(value, bool) or value < least:
            raise self.wrong(key, f"a whole number from {least} is wanted, not {value}")
        return value

    def number(self, key: str) -> float:
        """A number, whole or not."""
        value = self._typed(key, object)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, f"a number is wanted, not {type(value).__name__}")
        return float(value)

    def day(self, key: str) -> date:
        """A date, written without quotes."""
        value = self._typed(key, date)
        if type(value) is not date:
            raise self.wrong(key, "a date without a time is wanted")
        return value

    def member(self, key: str, of: type[_E]) -> _E:
        """One of a closed list of words."""
        value = self.text(key)
        if value not in tuple(of):
            raise self.wrong(key, f"{value} is not one of {', '.join(of)}")
        return of(value)

    def wrong(self, key: str, reason: str) -> BadValue:
        """What to raise about the value of a key."""
        return BadValue(file=self.file, path=self._at(key), reason=reason)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self._typed(key, list)
        for at, value in enumerate(values):
            if not isinstance(value, str):
                raise BadValue(
                    file=self.file, path=f"{self._at(key)}[{at}]", reason="a text is wanted"
                )
        return tuple(values)

    def translated(self, key: str, languages: tuple[str, ...] = LANGUAGES) -> Mapping[str, str]:
        """A text in each language."""
        entry = self.entry(key)
        entry.only(*languages)
        return {language: entry.text(language) for language in languages}

    def entry(self, key: str) -> Entry:
        """The table under a key."""
        return Entry(self.file, self._at(key), self._typed(key, dict))

    def entries(self, key: str) -> Iterator[Entry]:
        """The tables of an array of tables."""
        for at, value in enumerate(self._typed(key, list)):
            if not isinstance(value, dict):
                raise BadValue(file=self.file, path=f"{key}[{at}]", reason="a table is wanted")
            yield Entry(self.file, f"{key}[{at}]", value)

    def _typed(self, key: str, kind: type[_T]) -> _T:
        value = self.values.get(key)
        if not isinstance(value, kind):
            reason = f"{kind.__name__} is wanted, not {type(value).__name__}"
            raise BadValue(
                file=self.file, path=self._at(key), reason="missing" if value is None else reason
            )
        return value

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def check_columns(file: Path, columns: tuple[str, ...]) -> None:
    """Refuse a CSV file whose first line does not name exactly these columns.

    Raises:
        BadFile: it is not there, or has others.
    """
    try:
        with file.open(encoding="utf-8") as stream:
            header = stream.readline().rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(file=file, reason=str(error)) from error
    if header != ",".join(columns):
        reason = f"the first line must be {','.join(columns)}, and it is {header}"
        raise BadFile(file=file, reason=reason)


def read_toml(file: Path) -> Entry:
    """The top table of a TOML file.

    Raises:
        BadFile: it is not there, or no TOML.
    """
    try:
        return Entry(str(file), "", tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadFile(file=file, reason=str(error)) from error
