"""What the commands about single families read: families, profiles, tables, ready to compute."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import compress
from pathlib import Path

import numpy as np

from reunion.cli.console import waiting
from reunion.cli.errors import Refused, UsageError
from reunion.cli.tables import library
from reunion.kinship.compile import Compiler, Family
from reunion.kinship.formats.families import Families, RefusedFamily, read_families
from reunion.kinship.formats.linking import Linked, link
from reunion.kinship.formats.profiles import Profiles, read_profiles
from reunion.kinship.formats.rates import read_rates
from reunion.kinship.frequencies import FrequencyTable
from reunion.kinship.mutation import MutationKind
from reunion.kinship.search import People


@dataclass(frozen=True, slots=True)
class Sources:
    """The files and settings that were given."""

    families: Path
    profiles: Path
    frequencies: tuple[str, ...]
    mutation_model: str
    mutation_rates: Path | None
    theta: float


@dataclass(frozen=True, slots=True)
class Material:
    """What was read.

    Args:
        families: the file of families.
        profiles: the file of profiles.
        linked: the families with the genotypes of their relatives.
        people: everybody who could be sought.
        tables: the frequency tables; the first one gives single figures.
        compilers: one for each table, over the markers that all tables have.
    """

    families: Families
    profiles: Profiles
    linked: Linked
    people: People
    tables: tuple[FrequencyTable, ...]
    compilers: tuple[Compiler, ...]

    @property
    def refused(self) -> tuple[RefusedFamily, ...]:
        """The families that cannot be used."""
        return (*self.families.refused, *self.linked.refused)

    @property
    def notes(self) -> tuple[object, ...]:
        """What a person should know, as sentences or complaints."""
        defaults = [
            f"the table {table.name} is a default: better is the laboratory's own"
            for table in self.tables
            if table.is_default
        ]
        read = (*self.families.notes, *self.profiles.notes, *self.linked.complaints)
        return (*read, *self.profiles.quarantine, *defaults)

    def family(self, name: str) -> Family:
        """The family of this name; a CommandError that says why there is none."""
        for family in self.linked.families:
            if family.id == name:
                return family
        for refused in self.refused:
            if refused.id == name:
                raise Refused(str(refused))
        near = get_close_matches(name, [family.id for family in self.linked.families], 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"--family {name}: the file has no such family{hint}")


def read_material(sources: Sources) -> Material:
    """Read everything.

    Raises:
        DataRefused: an input file is damaged as a whole.
        Refused: nothing is left to compute with.
    """
    at_hand = library()
    pack = at_hand.pack
    tables = tuple(at_hand.find(name) for name in sources.frequencies)
    rates = read_rates(sources.mutation_rates, pack.catalogue) if sources.mutation_rates else {}
    families = read_families(sources.families)
    with waiting(f"Reading {sources.profiles}"):
        profiles = read_profiles(sources.profiles, pack.checks(*tables))
    loci = [locus for locus in profiles.book.loci if all(locus in t.markers for t in tables)]
    if not loci:
        raise Refused("no marker of the profiles is in all frequency tables")
    mutations = pack.mutations(loci, model=MutationKind(sources.mutation_model), rates=rates)
    compilers = tuple(
        Compiler.of_table(profiles.book, _narrowed(table, loci), mutations, theta=sources.theta)
        for table in tables
    )
    people = _people(profiles, families)
    return Material(families, profiles, link(families, profiles), people, tables, compilers)


def inputs_sha256(sources: Sources, material: Material) -> Mapping[str, tuple[Path, str]]:
    """The files that were read, and their sha256, by part."""
    found = {
        "families": (sources.families, material.families.sha256),
        "profiles": (sources.profiles, material.profiles.sha256),
    }
    if sources.mutation_rates is not None:
        found["mutation_rates"] = (sources.mutation_rates, sha256(sources.mutation_rates))
    return found


def sha256(path: Path) -> str:
    """Of the content of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _narrowed(table: FrequencyTable, loci: list[str]) -> FrequencyTable:
    """A table with these loci only."""
    return replace(table, markers={locus: table.markers[locus] for locus in loci})


def _people(profiles: Profiles, families: Families) -> People:
    """Everybody who could be sought: those whose samples are of relatives cannot."""
    kept = np.array([name not in families.samples for name in profiles.ids], dtype=np.bool_)
    return People(tuple(compress(profiles.ids, kept)), profiles.book, profiles.codes[kept])
