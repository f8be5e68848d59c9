"""Populations that persons are declared to belong to, and which frequency tables are of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reunion.packs.rows import Row, in_each, read_table
from reunion.packs.shape import LANGUAGES

COLUMNS = ("code", *in_each("name", LANGUAGES), "parents", "aliases")


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
    by_code: dict[str, Population] = {}
    by_name: dict[str, Population] = {}

    def add(row: Row) -> None:
        found = Population(
            row.text("code"),
            row.translated("name", LANGUAGES),
            row.codes("parents"),
            row.codes("aliases"),
        )
        for parent in found.parents:
            if parent not in by_code:
                raise row.wrong("parents", f"{parent} is not listed above")
        for name in (found.code, *found.names.values(), *found.aliases):
            if by_name.setdefault(_key(name), found) is not found:
                raise row.wrong("code", f"{name} names two populations")
        by_code[found.code] = found

    read_table(path, COLUMNS, add)
    return Populations(by_code, by_name)


def _key(name: str) -> str:
    """What two spellings of one name have in common.

    >>> _key("Han (Hebei)") == _key("han-hebei")
    True
    """
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name))).casefold()
