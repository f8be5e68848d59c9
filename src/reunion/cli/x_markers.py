"""The X markers of a report, from files: `--x-profiles` and `--x-frequencies`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reunion.cli.errors import Refused, UsageError
from reunion.cli.material import Material
from reunion.kinship.book import CodeBook
from reunion.kinship.compile import Compiler, Family
from reunion.kinship.errors import KinshipError
from reunion.kinship.formats.x_markers import XTable, read_x_profiles, read_x_table
from reunion.kinship.markers import Genotype, Profile, allele_order
from reunion.kinship.mutation import MutationKind
from reunion.kinship.report.x import XLead, x_lead
from reunion.packs.dna import load_dna


@dataclass(frozen=True, slots=True)
class XSources:
    """The files of X markers that were given."""

    profiles: Path
    frequencies: tuple[Path, ...]

    @property
    def parts(self) -> tuple[tuple[str, Path], ...]:
        """Each file with the name of its part in the report."""
        tables = (("x_frequencies", path) for path in self.frequencies)
        return (("x_profiles", self.profiles), *tables)


@dataclass(frozen=True, slots=True)
class XMaterial:
    """X genotypes of a family and of one candidate.

    Args:
        family: its profiles hold the X markers too.
        profile: of the candidate.
        tables: frequency tables with linkage groups.
        left_out: relatives typed at X markers alone.
    """

    family: Family
    profile: Profile
    tables: tuple[XTable, ...]
    left_out: tuple[str, ...]


def x_sources(profiles: Path | None, frequencies: Sequence[Path]) -> XSources | None:
    """Both options, or neither; UsageError where one is missing."""
    if profiles is None and not frequencies:
        return None
    if profiles is None or not frequencies:
        raise UsageError("--x-profiles and --x-frequencies are given together, or neither")
    return XSources(profiles, tuple(frequencies))


def read_x(sources: XSources, family: Family, sample: str, material: Material) -> XMaterial:
    """Read what concerns one family and one candidate.

    Raises:
        DataRefused: a file cannot be used.
        Refused: the candidate shows no X marker of the tables.
    """
    tables = tuple(read_x_table(path, load_dna().catalogue) for path in sources.frequencies)
    samples = material.records[family.id].samples
    wanted = {sample, *samples.values()}
    single = material.sources.single
    seen = read_x_profiles(sources.profiles, wanted, [of.table for of in tables], single)
    if sample not in seen:
        raise Refused(f"{sources.profiles}: sample {sample} shows no marker of the X tables")
    profiles = {
        person: {**of, **seen.get(samples.get(person, ""), {})}
        for person, of in family.profiles.items()
    }
    left_out = tuple(p for p, of in samples.items() if of in seen and p not in profiles)
    return XMaterial(replace(family, profiles=profiles), seen[sample], tables, left_out)


def compute_x(x: XMaterial, material: Material) -> XLead:
    """The X markers of the lead, with the mutation model and theta of the other markers.

    Raises:
        UsageError: two tables of one name, or that disagree about a linkage group.
        Refused: the genotypes cannot be those of X markers, or contradict the pedigree.
    """
    names = [of.table.name for of in x.tables]
    if len(set(names)) < len(names):
        raise UsageError("--x-frequencies: two tables have one name: rename a file")
    groups: dict[str, str] = {}
    for of in x.tables:
        for marker, group in of.groups.items():
            if groups.setdefault(marker, group) != group:
                raise UsageError(f"--x-frequencies: two linkage groups are given for {marker}")
    book = _book(x)
    model = MutationKind(material.sources.mutation_model)
    mutations = load_dna().mutations(book.loci, model=model, rates=material.rates)
    tables = [of.table for of in x.tables]
    try:
        compilers = [
            Compiler.of_table(book, table, mutations, theta=material.sources.theta, x_linked=True)
            for table in tables
        ]
        found = x_lead(x.family, x.profile, compilers, tables, groups)
    except KinshipError as error:
        raise Refused(f"X markers: {error}") from error
    return replace(found, left_out=x.left_out)


def _book(x: XMaterial) -> CodeBook:
    """The markers of the candidate, with the alleles that anybody shows."""
    profiles: list[Mapping[str, Genotype]] = [x.profile, *x.family.profiles.values()]
    alleles = {
        marker: {allele for of in profiles for allele in of.get(marker, ()) if allele is not None}
        for marker in x.profile
    }
    return CodeBook(tuple(alleles), tuple(tuple(allele_order(names)) for names in alleles.values()))
