"""Strict reading of TOML: every key is known and of the wanted type, or the place is named."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from reunion.packs.errors import BadFile, BadValue, UnknownKey

LANGUAGES = ("en", "zh")

_T = TypeVar("_T")


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

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self._typed(key, list)
        for at, value in enumerate(values):
            if not isinstance(value, str):
                raise BadValue(
                    file=self.file, path=f"{self._at(key)}[{at}]", reason="a text is wanted"
                )
        return tuple(values)

    def translated(self, key: str) -> Mapping[str, str]:
        """A text in each language."""
        entry = self.entry(key)
        entry.only(*LANGUAGES)
        return {language: entry.text(language) for language in LANGUAGES}

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
