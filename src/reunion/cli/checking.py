"""The checks of samples and families, from files to findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np

from reunion.cli.console import waiting
from reunion.cli.errors import Refused
from reunion.cli.findings import COLUMNS, Finding, Found, KnownPerson, finding, merged
from reunion.cli.material import Material, Sources, read_usable, sha256_by_file
from reunion.cli.outputs import check_outputs
from reunion.cli.tables import described, library
from reunion.kinship.book import remap
from reunion.kinship.compile import Compiler
from reunion.kinship.errors import KinshipError
from reunion.kinship.formats.any_profiles import read_any_profiles
from reunion.kinship.formats.complaints import Complaint
from reunion.kinship.formats.dataset import Rules
from reunion.kinship.formats.families import RefusedFamily
from reunion.kinship.formats.genotypes import SEX_MARKER
from reunion.kinship.formats.output import write_csv
from reunion.kinship.formats.plates import read_plates
from reunion.kinship.formats.profiles import Profiles
from reunion.kinship.frequencies import FrequencyTable
from reunion.kinship.quality.consistency import Consistency, check_consistency
from reunion.kinship.quality.duplicates import find_duplicates, find_matches
from reunion.kinship.quality.material import SampledFamily, Samples
from reunion.kinship.quality.pairwise import PairMarkers
from reunion.kinship.quality.relatives import compare_relatives
from reunion.kinship.quality.sameness import Duplicate, DuplicateRule
from reunion.kinship.quality.severity import Severity
from reunion.kinship.quality.sex import sex_mismatches
from reunion.kinship.quality.swaps import find_swaps
from reunion.kinship.search import People


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for; the fields are the options of `reunion kinship check`."""

    sources: Sources
    elimination: Path | None
    plates: Path | None
    out: Path | None
    rule: DuplicateRule
    threads: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """What came of the checks.

    Args:
        material: what was read.
        findings: elimination set first, then samples, then families.
        families: number of families that were checked.
        refused: families that could not be checked.
        notes: what a person should know, though nothing was found.
    """

    request: Request
    material: Material
    findings: tuple[Finding, ...]
    families: int
    refused: tuple[RefusedFamily, ...]
    notes: tuple[str, ...]

    @property
    def samples(self) -> int:
        """Number of profiles that were compared."""
        return len(self.material.profiles.ids)

    @property
    def is_alarming(self) -> bool:
        """Whether anything but notes was found."""
        return any(found.severity is not Severity.NOTE for found in self.findings)

    def as_json(self) -> dict[str, object]:
        """The report as one JSON object."""
        request, material = self.request, self.material
        return {
            "schema": "reunion.check/1",
            "findings_file": None if request.out is None else str(request.out),
            "findings": [found.as_json() for found in self.findings],
            "families_checked": self.families,
            "families_refused": [
                {"family_id": family.id, "reason": str(family)} for family in self.refused
            ],
            "samples_compared": self.samples,
            "frequency_tables": [described(table) for table in material.tables],
            "populations_without_table": [of.as_json() for of in material.unfitted],
            "settings": {
                **request.sources.settings(),
                "typing_error": request.rule.typing_error,
                "theta_of_pairs": 0.0,
            },
            "inputs_sha256": sha256_by_file(material),
            "notes": list(self.notes),
        }


def run_check(request: Request) -> Report:
    """Check everything, and write the findings where a file is named for them.

    Raises:
        DataRefused: an input file is damaged as a whole.
        Refused: nothing is left to compare.
        UsageError: the output file would overwrite an input file.
    """
    sources = request.sources
    more = (request.elimination, request.plates)
    check_outputs((*sources.inputs, *more), {"--out": request.out})
    material = read_usable(sources)
    if not material.profiles.ids:
        raise Refused("no profile is left to be checked: all are put aside")
    known = None
    if request.elimination is not None:
        rules = Rules(library().pack.checks(*material.tables), sources.single)
        known = read_any_profiles(request.elimination, rules)
    plates = read_plates(request.plates) if request.plates else {}
    refused: dict[str, RefusedFamily] = {}
    found: dict[str, list[Finding]] = {}
    with waiting("Comparing samples and families"):
        for table, compiler in zip(material.tables, material.compilers, strict=True):
            wide = _widened(compiler, table, known, sources.theta) if known else compiler
            found[table.name] = _checked(request, material, wide, known, plates, refused)
    findings = merged(found)
    if request.out is not None:
        write_csv(request.out, COLUMNS, (tuple(row.row()) for row in findings))
    return Report(
        request,
        material,
        findings,
        len(material.linked.families) - len(refused),
        (*material.refused, *refused.values()),
        tuple(_notes(request, material, known, plates)),
    )


def _checked(
    request: Request,
    material: Material,
    compiler: Compiler,
    known: Profiles | None,
    plates: Mapping[str, str],
    refused: dict[str, RefusedFamily],
) -> list[Finding]:
    """All findings with one frequency table; families that it cannot weigh are refused."""
    people = _people(material.profiles, compiler)
    samples = Samples(people, material.profiles.sexes, plates)
    families = [
        SampledFamily(family, material.linked.samples[family.id])
        for family in material.linked.families
    ]
    first = [*_of_samples(request, samples, compiler, known)]
    later = _of_families(request, families, samples, compiler, material, first, refused)
    twins = {pair for sampled in families for pair in _declared_twins(sampled)}
    return [
        finding(one)
        for one in (*first, *later)
        if not (isinstance(one, Duplicate) and frozenset(one.samples) in twins)
    ]


def _declared_twins(sampled: SampledFamily) -> Iterator[frozenset[str]]:
    """The pairs of samples of a family's identical twins, which are expected to be equal."""
    for group in sampled.family.pedigree.twins:
        typed = [sampled.samples[person] for person in group if person in sampled.samples]
        yield from map(frozenset, combinations(typed, 2))


def _of_samples(
    request: Request, samples: Samples, compiler: Compiler, known: Profiles | None
) -> Iterator[Found]:
    """What the samples say without their families: the elimination set comes first."""
    if known is not None:
        matches = find_matches(
            _people(known, compiler),
            samples.people,
            compiler,
            rule=request.rule,
            threads=request.threads,
        )
        yield from map(KnownPerson, matches)
    yield from find_duplicates(samples.people, compiler, rule=request.rule, threads=request.threads)


def _of_families(
    request: Request,
    families: list[SampledFamily],
    samples: Samples,
    compiler: Compiler,
    material: Material,
    earlier: Iterable[Found],
    refused: dict[str, RefusedFamily],
) -> Iterator[Found]:
    """What the families say: sex, exchanges, pedigrees, relatives."""
    yield from sex_mismatches(families, samples.sexes)
    plain, markers = compiler.without_mutation(), PairMarkers.of(compiler)
    checked: dict[str, Consistency] = {}
    for sampled in families:
        try:
            checked[sampled.family.id] = check_consistency(sampled.family, compiler, plain)
        except KinshipError as error:
            complaint = Complaint(material.families.file, str(error))
            refused[sampled.family.id] = RefusedFamily(sampled.family.id, complaint)
    sound = [sampled for sampled in families if sampled.family.id in checked]
    doubled = [one for one in earlier if isinstance(one, Duplicate)]
    yield from find_swaps(sound, samples, compiler, checked, doubled, threads=request.threads)
    for sampled in sound:
        consistency = checked[sampled.family.id]
        if consistency.is_doubtful or consistency.needs_mutation or consistency.impossible:
            yield consistency
        for pair in compare_relatives(sampled, samples, markers):
            if pair.is_doubtful:
                yield pair


def _widened(compiler: Compiler, table: FrequencyTable, known: Profiles, theta: float) -> Compiler:
    """The compiler with the alleles that only known persons have."""
    more = {
        locus: alleles
        for locus, alleles in zip(known.book.loci, known.book.alleles, strict=True)
        if locus in compiler.book.loci
    }
    models = {model.name: model for model in compiler.models if model is not None}
    return Compiler.of_table(
        compiler.book.with_alleles(more),
        replace(table, markers={locus: table.markers[locus] for locus in models}),
        {locus: model.mutation for locus, model in models.items()},
        theta=theta,
    )


def _people(profiles: Profiles, compiler: Compiler) -> People:
    """The profiles in the code book of the compiler; markers that it lacks are left out."""
    book = compiler.book
    if profiles.book.loci == book.loci:
        return People(profiles.ids, book, remap(profiles.book, book)[profiles.codes])
    codes = [book.missing_row() for _ in profiles.ids]
    for row, sample in zip(codes, profiles.ids, strict=True):
        for locus, genotype in profiles.profile(sample).items():
            if locus in book.loci:
                row[book.loci.index(locus)] = book.code(locus, *genotype)
    return People(profiles.ids, book, np.stack(codes) if codes else book.missing_row()[None][:0])


def _notes(
    request: Request, material: Material, known: Profiles | None, plates: Mapping[str, str]
) -> Iterator[str]:
    """What is to be known of the files; the sex marker is a finding, not a note."""
    sex = {c for c in material.linked.complaints if c.marker == SEX_MARKER}
    for note in material.notes:
        if note not in sex:
            yield str(note)
    for more in (*known.quarantine, *known.notes) if known else ():
        yield str(more)
    if known and not set(known.book.loci) & set(material.loci):
        yield f"{request.elimination}: no marker is typed in the profiles too: nobody was compared"
    if plates and not plates.keys() & set(material.profiles.ids):
        yield f"{request.plates}: none of these samples is among the profiles"
