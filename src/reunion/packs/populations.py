"""Populations that persons are declared to belong to, and which frequency tables are of them."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reunion.packs.errors import BadValue
from reunion.packs.shape import check_columns

COLUMNS = ("code", "name_en", "name_zh", "parents", "aliases")


@dataclass(frozen=True, slots=True)
class Population:
    """One population: its code, its name by language, and the larger ones that it is part of."""

    code: str
    names: Mapping[str, str]
    parents: tuple[str, ...]
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Populations:
    """The populations that are known.

    Args:
        by_code: in the order of the file.
        by_name: the same by code, name and alias, as `_key` spells them.
    """

    by_code: Mapping[str, Population]
    by_name: Mapping[str, Population]

    def find(self, text: str) -> Population | None:
        """The population of this code or name, in English or Chinese; None for no known one."""
        return self.by_name.get(_key(text))

    def fit(self, declared: str, stated: str) -> bool:
        """Whether a table suits a person.

        It does where both populations are one, or one of them is part of the other. Populations
        that are not listed are the same where their names are.

        Args:
            declared: the population of the person, as written.
            stated: the populations of the table, joined by " + " as `read_frequencies` does.
        """
        person = self.find(declared)
        for part in filter(_key, stated.split(" + ")):
            table = self.find(part)
            if _key(part) == _key(declared):
                return True
            if person and table:
                lines = {*self._line(person)}, {*self._line(table)}
                if table.code in lines[0] or person.code in lines[1]:
                    return True
        return False

    def _line(self, population: Population) -> Iterator[str]:
        """A population and all that it is part of."""
        yield population.code
        for parent in population.parents:
            yield from self._line(self.by_code[parent])


def read_populations(path: Path) -> Populations:
    """The populations of a file; a parent stands above its children.

    Raises:
        PackError: names the line and the column that are wrong.
    """
    check_columns(path, COLUMNS)
    by_code: dict[str, Population] = {}
    by_name: dict[str, Population] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for line, row in enumerate(csv.DictReader(stream), 2):
            found = _population(path, line, row)
            for parent in found.parents:
                if parent not in by_code:
                    raise _wrong(path, line, "parents", f"{parent} is not listed above")
            for name in (found.code, *found.names.values(), *found.aliases):
                if by_name.setdefault(_key(name), found) is not found:
                    raise _wrong(path, line, "code", f"{name} names two populations")
            by_code[found.code] = found
    return Populations(by_code, by_name)


def _population(path: Path, line: int, row: Mapping[str, str]) -> Population:
    """One row."""
    for column in COLUMNS:
        if not row.get(column) and column not in ("parents", "aliases"):
            raise _wrong(path, line, column, "the text is blank")
    parents, aliases = (tuple(filter(None, row[c].split(";"))) for c in ("parents", "aliases"))
    names = {"en": row["name_en"], "zh": row["name_zh"]}
    return Population(row["code"], names, parents, aliases)


def _key(name: str) -> str:
    """What two spellings of one name have in common.

    >>> _key("Han (Hebei)") == _key("han-hebei")
    True
    """
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name))).casefold()


def _wrong(path: Path, line: int, column: str, reason: str) -> BadValue:
    return BadValue(file=path, path=f"line {line}, {column}", reason=reason)
