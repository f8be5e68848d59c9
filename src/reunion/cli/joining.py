"""Joint identification from files to files."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reunion.cli.console import progress_bars, waiting
from reunion.cli.errors import Refused, UsageError
from reunion.cli.tables import described, library
from reunion.kinship.compile import Compiler
from reunion.kinship.errors import KinshipError
from reunion.kinship.formats.complaints import DataRefused
from reunion.kinship.formats.joint_families import JointFamilies, read_joint_families, typed
from reunion.kinship.formats.output import write_csv
from reunion.kinship.formats.profiles import Profiles, read_profiles
from reunion.kinship.formats.rates import read_rates
from reunion.kinship.frequencies import FrequencyTable
from reunion.kinship.identification.answer import Identification, IdentifySettings, Pair, Reading
from reunion.kinship.identification.identify import identify
from reunion.kinship.identification.sought import Candidate, SoughtGroup
from reunion.kinship.likelihood import MarkerModel
from reunion.kinship.mutation import MutationKind
from reunion.kinship.pedigree import Sex

ASSIGNMENT_COLUMNS = (
    "family_id",
    "rank",
    "posterior",
    "log10_lr",
    "ways",
    "sample_id",
    "sought_id",
)
PAIR_COLUMNS = (
    "family_id",
    "sample_id",
    "sought_id",
    "standing",
    "log10_lr",
    *(reading.value for reading in Reading),
    "swaps",
)

MOST_CANDIDATES = 500
"""More are searched first, and their leads brought here."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for; the fields are the options of `reunion kinship joint`."""

    families: Path
    profiles: Path
    candidate_families: Path | None
    frequencies: str
    out: Path
    pairs: Path
    mutation_model: str
    mutation_rates: Path | None
    theta: float
    settings: IdentifySettings


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it: by family, who is who; families and candidates that could not be weighed."""

    request: Request
    found: Mapping[str, Identification]
    candidates: int
    loci: tuple[str, ...]
    table: FrequencyTable
    refused: tuple[str, ...]
    notes: tuple[str, ...]
    sha256: Mapping[str, str]

    def as_json(self) -> dict[str, object]:
        """The report as one JSON object."""
        settings = self.request.settings
        return {
            "schema": "reunion.joint/1",
            "assignments_file": str(self.request.out),
            "pairs_file": str(self.request.pairs),
            "families": [_family_json(name, found) for name, found in self.found.items()],
            "refused": list(self.refused),
            "candidates": self.candidates,
            "loci": list(self.loci),
            "frequency_tables": [described(self.table)],
            "settings": {
                "mutation_model": self.request.mutation_model,
                "theta": self.request.theta,
                "rare_alleles": "five_over_2n",
                "prior_odds_of_a_pair": settings.odds,
                "least_log10_lr": _number(settings.least_log10_lr),
                "undisputed_log10_lr": _number(settings.undisputed_log10_lr),
                "most_assignments": settings.most_assignments,
            },
            "inputs_sha256": dict(self.sha256),
            "notes": list(self.notes),
        }


def run_joint(request: Request) -> Report:
    """Weigh, and write both files.

    Raises:
        DataRefused: an input file is damaged as a whole.
        Refused: nothing is left to weigh.
        UsageError: an output file would overwrite an input file.
    """
    _check_outputs(request)
    at_hand = library()
    pack, table = at_hand.pack, at_hand.find(request.frequencies)
    rates = read_rates(request.mutation_rates, pack.catalogue) if request.mutation_rates else {}
    families = read_joint_families(request.families)
    sides = None
    if request.candidate_families is not None:
        sides = read_joint_families(request.candidate_families, of_candidates=True)
    with waiting(f"Reading {request.profiles}"):
        profiles = read_profiles(request.profiles, pack.checks(table))
    loci = tuple(locus for locus in profiles.book.loci if locus in table.markers)
    if not loci:
        raise Refused("no marker of the profiles is in the frequency table")
    notes = [*families.notes, *profiles.notes, *map(str, profiles.quarantine)]
    refused = [str(family) for family in families.refused]
    candidates = [*_candidates(profiles, families, sides, notes, refused)]
    if not candidates:
        raise Refused("no candidate is left: all profiles are of relatives or put aside")
    if len(candidates) > MOST_CANDIDATES:
        raise Refused(
            f"{len(candidates)} candidates, at most {MOST_CANDIDATES} are weighed together: search"
            " first, and bring the profiles of the leads"
        )
    if table.is_default:
        notes.append(f"the table {table.name} is a default: better is the laboratory's own")
    mutations = pack.mutations(loci, model=MutationKind(request.mutation_model), rates=rates)
    narrowed = replace(table, markers={locus: table.markers[locus] for locus in loci})
    compiler = Compiler.of_table(profiles.book, narrowed, mutations, theta=request.theta)
    models = [model for model in compiler.models if model is not None]
    found = _identified(request, families, profiles, candidates, models, notes, refused)
    write_csv(request.out, ASSIGNMENT_COLUMNS, _assignment_rows(found))
    write_csv(request.pairs, PAIR_COLUMNS, _pair_rows(found))
    sha256 = {str(request.families): families.sha256, str(request.profiles): profiles.sha256}
    if sides is not None:
        sha256[str(request.candidate_families)] = sides.sha256
    return Report(
        request, found, len(candidates), loci, table, tuple(refused), tuple(notes), sha256
    )


def _check_outputs(request: Request) -> None:
    """Refuse to lose an input file, and find out before the work that nothing can be written."""
    inputs = (
        request.families,
        request.profiles,
        request.candidate_families,
        request.mutation_rates,
        Path(request.frequencies),
    )
    taken = {path.resolve() for path in inputs if path is not None}
    for option, path in (("--out", request.out), ("--pairs", request.pairs)):
        if path.resolve() in taken:
            raise UsageError(f"{option} {path}: this file is used already: name another one")
        if path.is_dir() or not path.parent.is_dir():
            raise UsageError(f"{option} {path}: name a file in a folder that is there")
        taken.add(path.resolve())


def _candidates(
    profiles: Profiles,
    families: JointFamilies,
    sides: JointFamilies | None,
    notes: list[str],
    refused: list[str],
) -> Iterator[Candidate]:
    """Those with relatives of their own, and everybody else who is no relative."""
    relatives = families.samples
    if sides is not None:
        relatives |= sides.samples
        notes += sides.notes
        refused += [str(family) for family in sides.refused]
        for side in sides.families:
            try:
                known = typed(side, sides.file, profiles)
            except DataRefused as error:
                refused.append(f"candidate {side.id} is refused: {error}")
                continue
            notes += map(str, known.complaints)
            yield Candidate(side.id, side.record.pedigree, side.marked[0], known.profiles)
    for sample in profiles.ids:
        if sample not in relatives:
            sex = profiles.sexes.get(sample, Sex.UNKNOWN)
            yield Candidate.alone(sample, profiles.profile(sample), sex=sex)


def _identified(
    request: Request,
    families: JointFamilies,
    profiles: Profiles,
    candidates: list[Candidate],
    models: list[MarkerModel],
    notes: list[str],
    refused: list[str],
) -> dict[str, Identification]:
    """What was found out of each family; others are refused with the reason."""
    found: dict[str, Identification] = {}
    with progress_bars({"joint": "Weighing families"}) as progress:
        for at, family in enumerate(families.families):
            progress("joint", at, len(families.families))
            try:
                known = typed(family, families.file, profiles)
                group = SoughtGroup(
                    family.id, family.record.pedigree, family.marked, known.profiles
                )
                found[family.id] = identify(group, candidates, models, request.settings)
            except KinshipError as error:
                refused.append(f"family {family.id} is refused: {error}")
            else:
                notes += map(str, known.complaints)
    return found


def _assignment_rows(found: Mapping[str, Identification]) -> Iterator[tuple[object, ...]]:
    """A row for each pair of each assignment; one with blanks where nobody is assigned."""
    for family, result in found.items():
        for rank, one in enumerate(result.assignments, 1):
            for sample, sought in one.pairs or [("", "")]:
                yield family, rank, one.posterior, one.log10_lr, one.ways, sample, sought


def _pair_rows(found: Mapping[str, Identification]) -> Iterator[tuple[object, ...]]:
    for family, result in found.items():
        for pair in result.pairs:
            yield (
                family,
                pair.candidate,
                pair.sought,
                pair.standing.value,
                "" if math.isnan(pair.log10_lr) else pair.log10_lr,
                *(pair.posteriors[reading] for reading in Reading),
                ";".join(other for other in pair.swaps if other != pair.sought),
            )


def _family_json(name: str, found: Identification) -> dict[str, object]:
    return {
        "family_id": name,
        "assignments_weighed": found.weighed,
        "assignments": [
            {
                "rank": rank,
                "posterior": one.posterior,
                "log10_lr": _number(one.log10_lr),
                "ways": one.ways,
                "pairs": [{"sample_id": c, "sought_id": sought} for c, sought in one.pairs],
            }
            for rank, one in enumerate(found.assignments, 1)
        ],
        "posterior_of_others": found.unlisted,
        "pairs": [_pair_json(pair) for pair in found.pairs],
    }


def _pair_json(pair: Pair) -> dict[str, object]:
    return {
        "sample_id": pair.candidate,
        "sought_id": pair.sought,
        "standing": pair.standing.value,
        "log10_lr": _number(pair.log10_lr),
        "posteriors": {reading.value: pair.posteriors[reading] for reading in Reading},
        "swaps": list(pair.swaps),
    }


def _number(value: float) -> float | str | None:
    """A log10 LR as JSON: None where there is none, "-Inf" for LR 0."""
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else ("-Inf" if value < 0 else "Inf")
