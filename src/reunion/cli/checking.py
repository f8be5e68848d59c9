"""The checks of samples and families, from files to findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from reunion.cli.console import waiting
from reunion.cli.errors import Refused, UsageError
from reunion.cli.findings import COLUMNS, Finding, Found, KnownPerson, finding
from reunion.cli.material import Material, Sources, read_material
from reunion.cli.tables import described, library
from reunion.kinship.book import remap
from reunion.kinship.compile import Compiler
from reunion.kinship.errors import KinshipError
from reunion.kinship.formats.complaints import Complaint
from reunion.kinship.formats.families import RefusedFamily
from reunion.kinship.formats.genotypes import SEX_MARKER
from reunion.kinship.formats.output import write_csv
from reunion.kinship.formats.plates import read_plates
from reunion.kinship.formats.profiles import Profiles, read_profiles
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

    families: Path
    profiles: Path
    frequencies: str
    elimination: Path | None
    plates: Path | None
    out: Path | None
    mutation_model: str
    mutation_rates: Path | None
    rule: DuplicateRule
    threads: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """What came of the checks.

    Args:
        findings: elimination set first, then samples, then families.
        families: number of families that were checked.
        samples: number of profiles that were compared.
        refused: families that could not be checked.
        notes: what a person should know, though nothing was found.
    """

    request: Request
    findings: tuple[Finding, ...]
    families: int
    samples: int
    table: FrequencyTable
    refused: tuple[RefusedFamily, ...]
    notes: tuple[str, ...]
    sha256: Mapping[str, str]

    @property
    def is_alarming(self) -> bool:
        """Whether anything but notes was found."""
        return any(found.severity is not Severity.NOTE for found in self.findings)

    def as_json(self) -> dict[str, object]:
        """The report as one JSON object."""
        request = self.request
        return {
            "schema": "reunion.check/1",
            "findings_file": None if request.out is None else str(request.out),
            "findings": [found.as_json() for found in self.findings],
            "families_checked": self.families,
            "families_refused": [
                {"family_id": family.id, "reason": str(family)} for family in self.refused
            ],
            "samples_compared": self.samples,
            "frequency_tables": [described(self.table)],
            "settings": {
                "mutation_model": request.mutation_model,
                "typing_error": request.rule.typing_error,
                "theta": 0.0,
            },
            "inputs_sha256": dict(self.sha256),
            "notes": list(self.notes),
        }


def run_check(request: Request) -> Report:
    """Check everything, and write the findings where a file is named for them.

    Raises:
        DataRefused: an input file is damaged as a whole.
        Refused: nothing is left to compare.
        UsageError: the output file would overwrite an input file.
    """
    _check_output(request)
    material = read_material(
        Sources(
            request.families,
            request.profiles,
            (request.frequencies,),
            request.mutation_model,
            request.mutation_rates,
            0.0,
        )
    )
    profiles, table, compiler = material.profiles, material.tables[0], material.compilers[0]
    if not profiles.ids:
        raise Refused("no profile is left to be checked: all are put aside")
    known = None
    if request.elimination is not None:
        checks = library().pack.checks(table)
        known = read_profiles(request.elimination, checks)
        compiler = _widened(compiler, table, known)
    samples = Samples(
        _people(profiles, compiler),
        profiles.sexes,
        read_plates(request.plates) if request.plates else {},
    )
    families = [
        SampledFamily(family, material.linked.samples[family.id])
        for family in material.linked.families
    ]
    refused: list[RefusedFamily] = []
    with waiting("Comparing samples and families"):
        found = list(_of_samples(request, samples, compiler, known))
        found += list(_of_families(request, families, samples, compiler, material, found, refused))
    findings = tuple(map(finding, found))
    if request.out is not None:
        write_csv(request.out, COLUMNS, (tuple(row.row()) for row in findings))
    return Report(
        request,
        findings,
        len(families) - len(refused),
        len(profiles.ids),
        table,
        (*material.refused, *refused),
        tuple(_notes(material, known)),
        {
            str(request.families): material.families.sha256,
            str(request.profiles): profiles.sha256,
        },
    )


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
    refused: list[RefusedFamily],
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
            refused.append(RefusedFamily(sampled.family.id, complaint))
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


def _check_output(request: Request) -> None:
    """Refuse to lose an input file, and find out before the work that nothing can be written."""
    if request.out is None:
        return
    inputs = [request.families, request.profiles, Path(request.frequencies)]
    inputs += filter(None, (request.elimination, request.plates, request.mutation_rates))
    if request.out.resolve() in {path.resolve() for path in inputs}:
        raise UsageError(f"--out {request.out}: this is an input file: name another one")
    if request.out.is_dir() or not request.out.parent.is_dir():
        raise UsageError(f"--out {request.out}: name a file in a folder that is there")


def _widened(compiler: Compiler, table: FrequencyTable, known: Profiles) -> Compiler:
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


def _notes(material: Material, known: Profiles | None) -> Iterator[str]:
    """What is to be known of the files; the sex marker is a finding, not a note."""
    sex = {c for c in material.linked.complaints if c.marker == SEX_MARKER}
    for note in material.notes:
        if note not in sex:
            yield str(note)
    for more in (*known.quarantine, *known.notes) if known else ():
        yield str(more)
