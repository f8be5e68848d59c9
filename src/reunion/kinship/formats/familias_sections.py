"""Sections in brackets, at the end of a Familias project file, and the lines below each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reunion.kinship.formats.familias_lines import Lines

_HEADING = re.compile(r"(\[{1,9})\s*([^\[\]]*?)\s*(\]{1,9})")
_COUNTS = {"nPersons": "Person", "nFamilies": "Family", "nPedigrees": "Pedigree"}
_LINE_COUNTS = {"nSystems": "SystemName", "nRelations": "Parent"}


@dataclass(slots=True)
class Section:
    """A section; the number of brackets tells how deep it lies.

    Args:
        depth: number of brackets.
        title: text between the brackets.
        line: line in the file.
        values: name, value and line of each line `name= value`.
        inside: sections one level deeper.
    """

    depth: int
    title: str
    line: int
    values: list[tuple[str, str, int]] = field(default_factory=list)
    inside: list[Section] = field(default_factory=list)

    def numbered(self, kind: str) -> Iterator[Section]:
        """The sections "kind 1", "kind 2" and so on right inside."""
        pattern = re.compile(rf"{kind}\s*\d+")
        return (section for section in self.inside if pattern.fullmatch(section.title))

    def named(self, title: str) -> Iterator[Section]:
        """The sections of this title right inside."""
        return (section for section in self.inside if section.title == title)

    def value(self, *names: str) -> str:
        """The value of the first line of one of these names; blank where there is none."""
        return next((value for name, value, _ in self.values if name in names), "")

    def lines(self) -> Iterator[str]:
        """The section as text."""
        yield "[" * self.depth + self.title + "]" * self.depth
        for name, value, _ in self.values:
            yield f"{name}= {value}"
        for section in self.inside:
            yield from section.lines()


def read_sections(lines: Lines) -> list[Section]:
    """The outermost sections of all that is left of a file.

    Raises:
        DataRefused: names the line that is neither a section nor `name= value`, or the count that
            does not fit.
    """
    found: list[Section] = []
    path: list[Section] = []
    text = lines.text
    for number, line in lines.rest():
        if heading := _HEADING.fullmatch(line):
            depth = len(heading[1])
            if depth != len(heading[3]) or depth > len(path) + 1:
                raise text.refused("the brackets do not fit", number, "section", line)
            section = Section(depth, heading[2], number)
            del path[depth - 1 :]
            (path[-1].inside if path else found).append(section)
            path.append(section)
        else:
            name, equals, value = line.partition("=")
            if not path or not equals or line[0] == "[" or not line.isprintable():
                reason = "a section in brackets, or name= value, is expected here"
                raise text.refused(reason, number, "line", line)
            path[-1].values.append((name.strip(), value.strip(), number))
    for section in found:
        _check_counts(section, lines)
    return found


def _check_counts(section: Section, lines: Lines) -> None:
    """Refuse a section that holds more or fewer things than it says."""
    for name, value, number in section.values:
        if name in _COUNTS:
            count = sum(1 for _ in section.numbered(_COUNTS[name]))
        elif name in _LINE_COUNTS:
            count = sum(other == _LINE_COUNTS[name] for other, _, _ in section.values)
        else:
            continue
        if value != str(count):
            reason = f"{count} follow: the file is cut off or damaged"
            raise lines.text.refused(reason, number, name, value)
    for inside in section.inside:
        _check_counts(inside, lines)
