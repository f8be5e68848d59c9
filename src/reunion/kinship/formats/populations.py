"""Declared populations of persons, and whether the frequency tables in use are of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from reunion.kinship.formats.complaints import shown
from reunion.kinship.formats.families import FamilyRecord
from reunion.kinship.frequencies import FrequencyTable

MOST_NAMED = 3
"""Persons who are named in a sentence; the others are counted."""


@dataclass(frozen=True, slots=True)
class Unfitted:
    """A declared population that no frequency table in use is of.

    Args:
        population: as it is declared.
        persons: (family, person) of everybody concerned.
        tables: the tables in use, each with the population that it states.
    """

    population: str
    persons: tuple[tuple[str, str], ...]
    tables: tuple[str, ...]

    def __str__(self) -> str:
        """One sentence: whom it concerns, what was used, what to do."""
        named = [
            f"{shown(person)} of family {shown(family)}"
            for family, person in self.persons[:MOST_NAMED]
        ]
        more = len(self.persons) - len(named)
        whom = ", ".join(named) + (f" and {more} more" if more else "")
        return (
            f"no frequency table fits the population {shown(self.population)} of {whom}: used are"
            f" {', '.join(self.tables)}, so the LRs may be too high or too low; give a table of"
            " this population with --frequencies"
        )

    def in_family(self, family: str) -> Unfitted | None:
        """What concerns one family; None where nothing does."""
        persons = tuple(pair for pair in self.persons if pair[0] == family)
        return replace(self, persons=persons) if persons else None

    def as_json(self) -> dict[str, object]:
        """The same for JSON."""
        return {
            "population": self.population,
            "persons": [
                {"family_id": family, "person_id": person} for family, person in self.persons
            ],
            "tables": list(self.tables),
            "sentence": str(self),
        }


def unfitted(
    families: Iterable[FamilyRecord],
    tables: Sequence[FrequencyTable],
    fit: Callable[[str, str], bool],
) -> tuple[Unfitted, ...]:
    """The declared populations that no table is of, in the order of the families.

    Args:
        families: those who are sought in them and those with a sample are looked at.
        tables: the frequency tables in use.
        fit: whether a table suits a person: (declared population, population of the table).
    """
    found: dict[str, list[tuple[str, str]]] = {}
    known: dict[str, bool] = {}
    for family in families:
        for person, population in family.populations.items():
            if person not in (*family.marked, *family.samples):
                continue
            if population not in known:
                known[population] = any(fit(population, table.population) for table in tables)
            if not known[population]:
                found.setdefault(population, []).append((family.id, person))
    stated = tuple(
        f"{table.name} ({table.population or 'no population stated'})" for table in tables
    )
    return tuple(Unfitted(name, tuple(persons), stated) for name, persons in found.items())
