"""What the commands about families read: families, profiles, tables, ready to compute."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import compress
from pathlib import Path
from typing import TypeVar

import numpy as np

from reunion.cli.console import waiting
from reunion.cli.errors import Refused, UsageError
from reunion.cli.sources import Sources as Sources
from reunion.cli.tables import library
from reunion.kinship.book import CodeBook
from reunion.kinship.compile import Compiler, Family
from reunion.kinship.formats.any_families import AnyFamilies, read_any_families
from reunion.kinship.formats.any_profiles import read_any_profiles
from reunion.kinship.formats.complaints import Complaint
from reunion.kinship.formats.dataset import Rules
from reunion.kinship.formats.families import Families, FamilyRecord, Marking, RefusedFamily
from reunion.kinship.formats.linking import Linked, link
from reunion.kinship.formats.populations import Unfitted, unfitted
from reunion.kinship.formats.profiles import Profiles, joined
from reunion.kinship.formats.rates import MutationRate, read_rates
from reunion.kinship.frequencies import FrequencyTable
from reunion.kinship.mutation import MutationKind
from reunion.kinship.search import People
from reunion.packs.dna import DnaPack
from reunion.packs.library import TableLibrary

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Material:
    """What was read.

    Args:
        sources: where it was read from.
        families: the file of families.
        sides: the file of candidates' families, where one was given.
        profiles: the file of profiles, and genotypes that stand in the files of families.
        linked: the families with the genotypes of their relatives.
        people: everybody who could be sought.
        loci: markers of the profiles that all tables have: they take part.
        tables: the frequency tables; the first one gives single figures.
        compilers: one for each table, over `loci`; none where there are no loci.
        rates: mutation rates that come before those of the pack.
        unfitted: declared populations that no table is of.
        remarks: sentences that a person should know, though nothing was put aside.
        put_aside: rows and samples that were not used.
    """

    sources: Sources
    families: Families
    sides: Families | None
    profiles: Profiles
    linked: Linked
    people: People
    loci: tuple[str, ...]
    tables: tuple[FrequencyTable, ...]
    compilers: tuple[Compiler, ...]
    rates: Mapping[str, MutationRate]
    unfitted: tuple[Unfitted, ...]
    remarks: tuple[str, ...]
    put_aside: tuple[Complaint, ...]

    @property
    def refused(self) -> tuple[RefusedFamily, ...]:
        """The families that cannot be used."""
        return (*self.families.refused, *self.linked.refused)

    @property
    def notes(self) -> tuple[object, ...]:
        """What a person should know, as sentences or complaints; the tables come first."""
        return (*self.unfitted, *self.remarks, *self.put_aside)

    @property
    def table_names(self) -> str:
        """The tables in words; a default one is called so."""
        return ", ".join(
            f"{table.name} (default)" if table.is_default else table.name for table in self.tables
        )

    @property
    def records(self) -> dict[str, FamilyRecord]:
        """The families as they stand in the file, by name."""
        return {record.id: record for record in self.families.families}

    def unfitted_in(self, family: str) -> tuple[Unfitted, ...]:
        """What concerns one family of the declared populations that no table is of."""
        return tuple(found for of in self.unfitted if (found := of.in_family(family)) is not None)

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


def read_usable(sources: Sources, marking: Marking = "one") -> Material:
    """As `read_material`, but Refused where no marker takes part."""
    material = read_material(sources, marking)
    if not material.loci:
        raise Refused("no marker of the profiles is in all frequency tables")
    return material


def read_material(sources: Sources, marking: Marking = "one") -> Material:
    """Read everything.

    Args:
        sources: files and settings.
        marking: who may be marked as sought in the file of families.

    Raises:
        DataRefused: an input file is damaged as a whole, or lacks what it is needed for.
        UsageError: two tables of one name.
    """
    at_hand = library()
    pack = at_hand.pack
    tables = _tables(at_hand, sources.frequencies)
    rates = read_rates(sources.mutation_rates, pack.catalogue) if sources.mutation_rates else {}
    rules = Rules(pack.checks(*tables), sources.single)
    found = read_any_families(sources.families, rules, marking=marking, sought=sources.sought)
    sides = _sides(sources, rules)
    _check_sought(sources.sought, (found, sides))
    profiles = _profiles(sources, rules, found, sides)
    families = found.families
    loci = [locus for locus in profiles.book.loci if all(locus in t.markers for t in tables)]
    compilers = tuple(
        compiler_of(profiles.book, table, loci, pack, sources, rates) for table in tables
    )
    linked = link(families, profiles)
    records = [*families.families, *(sides.families.families if sides else ())]
    said = [families.notes, sides.families.notes if sides else (), profiles.notes]
    aside = [found.quarantine, sides.quarantine if sides else (), profiles.quarantine]
    return Material(
        sources=sources,
        families=families,
        sides=sides.families if sides else None,
        profiles=profiles,
        linked=linked,
        people=_people(profiles, families),
        loci=tuple(loci),
        tables=tables,
        compilers=compilers if loci else (),
        rates=rates,
        unfitted=unfitted(records, tables, pack.populations.fit),
        remarks=(
            *_once(*said),
            *_table_notes(tables, profiles.book.loci),
            *_rate_notes(pack, sources, rates, profiles.book.loci),
        ),
        put_aside=_once(*aside, linked.complaints),
    )


def compiler_of(
    book: CodeBook,
    table: FrequencyTable,
    loci: Sequence[str],
    pack: DnaPack,
    sources: Sources,
    rates: Mapping[str, MutationRate],
) -> Compiler:
    """A compiler of these loci of a table, with the settings that were given."""
    mutations = pack.mutations(loci, model=MutationKind(sources.mutation_model), rates=rates)
    narrowed = replace(table, markers={locus: table.markers[locus] for locus in loci})
    return Compiler.of_table(book, narrowed, mutations, theta=sources.theta)


def inputs_sha256(material: Material) -> Mapping[str, tuple[Path, str]]:
    """The files that were read, and their sha256, by part."""
    sources = material.sources
    found = {
        "families": (sources.families, material.families.sha256),
        "profiles": (sources.profiles, material.profiles.sha256),
    }
    if sources.candidate_families is not None and material.sides is not None:
        found["candidate_families"] = (sources.candidate_families, material.sides.sha256)
    if sources.mutation_rates is not None:
        found["mutation_rates"] = (sources.mutation_rates, sha256(sources.mutation_rates))
    return found


def sha256_by_file(material: Material) -> dict[str, str]:
    """The sha256 of each file that was read, by its name."""
    return {str(path): digest for path, digest in inputs_sha256(material).values()}


def sha256(path: Path) -> str:
    """Of the content of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _sides(sources: Sources, rules: Rules) -> AnyFamilies | None:
    """The families of candidates, where a file of them was given."""
    if sources.candidate_families is None:
        return None
    return read_any_families(
        sources.candidate_families, rules, marking="candidate", sought=sources.sought
    )


def _tables(at_hand: TableLibrary, names: Sequence[str]) -> tuple[FrequencyTable, ...]:
    """The frequency tables; figures go by the name of the table, so that each has its own."""
    tables = tuple(at_hand.find(name) for name in names)
    for at, table in enumerate(tables):
        if table.name in {other.name for other in tables[:at]}:
            raise UsageError(
                f"--frequencies {names[at]}: a table called {table.name} is given already: leave it"
                " out, or rename its file"
            )
    return tables


def _check_sought(names: Sequence[str], files: Sequence[AnyFamilies | None]) -> None:
    """Refuse a name of a sought person that would have no effect."""
    persons = [of.named for of in files if of is not None and of.named is not None]
    for name in names:
        if not persons:
            raise UsageError(
                f"--sought {name}: a CSV of families says itself who is sought: write 1 into its"
                " column sought"
            )
        if not any(name in named for named in persons):
            raise UsageError(f"--sought {name}: no family that can be read has such a person")


def _profiles(
    sources: Sources, rules: Rules, found: AnyFamilies, sides: AnyFamilies | None
) -> Profiles:
    """The file of profiles, and the genotypes that stand in the files of families.

    One file may serve for both: it is read once.
    """
    place = sources.profiles.resolve()
    profiles, others = None, []
    for path, of in ((sources.families, found), (sources.candidate_families, sides)):
        if path is None or of is None:
            continue
        if path.resolve() == place:
            profiles = of.everybody(rules)
        else:
            others.append((path, of))
    if profiles is None:
        with waiting(f"Reading {sources.profiles}"):
            profiles = read_any_profiles(sources.profiles, rules)
    for path, of in others:
        if (more := of.relatives(rules)) is not None:
            profiles = joined(profiles, more, file=str(path))
    return profiles


def _once(*parts: tuple[_T, ...]) -> tuple[_T, ...]:
    """All of several parts, each only once: one file may have been read for two purposes."""
    return tuple(dict.fromkeys(one for part in parts for one in part))


def _people(profiles: Profiles, families: Families) -> People:
    """Everybody who could be sought: those whose samples are of relatives cannot."""
    kept = np.array([name not in families.samples for name in profiles.ids], dtype=np.bool_)
    return People(tuple(compress(profiles.ids, kept)), profiles.book, profiles.codes[kept])


def _table_notes(tables: tuple[FrequencyTable, ...], loci: tuple[str, ...]) -> Iterator[str]:
    """What is to be known about the tables."""
    for table in tables:
        if table.is_default:
            yield f"the table {table.name} is a default: better is the laboratory's own"
        if lacking := [locus for locus in loci if locus not in table.markers]:
            yield f"the table {table.name} lacks {', '.join(lacking)}, which therefore take no part"


def _rate_notes(
    pack: DnaPack, sources: Sources, rates: Mapping[str, MutationRate], loci: tuple[str, ...]
) -> Iterator[str]:
    """What is to be known about the mutation rates, where the model has any."""
    without = [locus for locus in loci if locus not in rates and locus not in pack.rates]
    if without and sources.mutation_model != MutationKind.NONE:
        paternal, maternal = pack.mutation.paternal, pack.mutation.maternal
        yield (
            f"no mutation rate is known of {', '.join(without)}: taken as {paternal} in fathers and"
            f" {maternal} in mothers"
        )
