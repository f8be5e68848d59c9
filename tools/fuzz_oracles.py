"""Plain scans of files, against which the fuzzing holds what our readers give.

Nothing here uses a reader of ours. A scan tells all that a file says about each sample and marker;
a genotype that a reader gives must be what every one of these places says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from reunion.kinship.formats.dataset import Dataset
from reunion.kinship.markers import Catalogue

UNKNOWN = "?"
BLANKS = " \t\r\n\xa0\u3000"
Key = tuple[str, ...]


class Undecided(Exception):
    """A plain scan cannot tell what this file says, since it has quotes."""


@dataclass(slots=True)
class Said:
    """What a file says: texts by place, a list for each time that something is said.

    `genotypes` by sample and locus, `values` by whatever names a figure, `persons` by family and
    person.
    """

    catalogue: Catalogue
    genotypes: dict[Key, list[tuple[str, ...]]] = field(default_factory=dict)
    values: dict[Key, list[str]] = field(default_factory=dict)
    persons: dict[Key, list[tuple[str, ...]]] = field(default_factory=dict)

    def genotype(self, sample: str, marker: str, alleles: Iterable[str]) -> None:
        """A place that gives alleles; one without any says nothing."""
        texts = tuple(text.strip(BLANKS) for text in alleles if text.strip(BLANKS))
        if texts:
            key = (sample.strip(BLANKS), self.locus(marker))
            self.genotypes.setdefault(key, []).append(texts)

    def value(self, text: str, *key: str) -> None:
        """A place that gives a figure."""
        self.values.setdefault(key, []).append(text)

    def locus(self, marker: str) -> str:
        """The canonical name of a marker, or its own in upper case."""
        known = self.catalogue.find(marker)
        return known.name if known else marker.strip(BLANKS).upper()


Scan = Callable[[Path, Said], None]


def wrong_genotype(dataset: Dataset, said: Said) -> str:
    """The first genotype that the file does not say, as a sentence; blank where all are right."""
    for sample in dataset.samples:
        everything = {**sample.genotypes, **sample.haplotypes}
        for marker, alleles in everything.items():
            places = said.genotypes.get((sample.id, marker), [])
            wanted = sorted(allele or UNKNOWN for allele in alleles)
            if not places:
                return f"{sample.id} {marker} {wanted}: the file says nothing of it"
            for texts in places:
                if sorted(map(plain_allele, texts)) != wanted and not _says_nothing(texts):
                    return f"{sample.id} {marker} {wanted}: the file says {texts}"
    return ""


def wrong_figure(figures: Iterable[tuple[Key, float]], said: Said) -> str:
    """The first figure that the file does not give exactly once; blank where all are right."""
    for key, value in figures:
        texts = said.values.get(key, [])
        if len(texts) != 1 or plain_number(texts[0]) != value:
            return f"{' '.join(key)} {value}: the file says {texts}"
    return ""


def wrong_person(dataset: Dataset, said: Said) -> str:
    """The first parent that the file does not name exactly so; blank where all are right."""
    for family in dataset.families:
        for person in family.pedigree:
            if re.search(r" \(unknown (father|mother)\)$", person.id):
                continue
            parents = tuple(
                "" if parent is None or " (unknown " in parent else parent
                for parent in (person.father, person.mother)
            )
            places = said.persons.get((family.id, person.id), [])
            if places != [parents]:
                return f"{family.id} {person.id} {parents}: the file says {places}"
    return ""


def plain_allele(text: str) -> str:
    """An allele without leading and trailing zeros, decimals after a point."""
    plain = unicodedata.normalize("NFKC", text).strip(BLANKS).replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return plain.upper()
    return f"{number.normalize():f}"


def plain_number(text: str) -> float:
    """A number with a decimal point or comma; none where a text is no number."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return float("nan")


def _says_nothing(texts: tuple[str, ...]) -> bool:
    return set(texts) == {UNKNOWN}


def wrong_range(dataset: Dataset, said: Said) -> str:
    """The first mitochondrial range that the file does not give so; blank where all are right."""
    for sample in dataset.samples:
        for of in sample.mitochondrial:
            texts = tuple(sorted(map(str.upper, (*of.differences, *of.homopolymers))))
            places = said.genotypes.get((sample.id, f"{of.first}-{of.last}"), [])
            if texts not in places:
                return f"{sample.id} {of.first}-{of.last} {texts}: the file says {places}"
    return ""
