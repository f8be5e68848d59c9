"""Joint identification from files to files."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reunion.cli.console import progress_bars
from reunion.cli.errors import Refused
from reunion.cli.material import Material, Sources, read_usable, sha256_by_file
from reunion.cli.outputs import check_outputs
from reunion.cli.tables import described
from reunion.kinship.errors import KinshipError
from reunion.kinship.formats.complaints import shown
from reunion.kinship.formats.linking import typed, untyped
from reunion.kinship.formats.output import write_csv
from reunion.kinship.identification.answer import Identification, IdentifySettings, Pair, Reading
from reunion.kinship.identification.identify import identify
from reunion.kinship.identification.sought import Candidate, SoughtGroup
from reunion.kinship.pedigree import Sex
from reunion.kinship.report.document import number

ASSIGNMENT_COLUMNS = (
    "family_id",
    "rank",
    "posterior",
    "log10_lr",
    "ways",
    "sample_id",
    "sought_id",
    "frequency_table",
)
PAIR_COLUMNS = (
    "family_id",
    "sample_id",
    "sought_id",
    "standing",
    "log10_lr",
    *(reading.value for reading in Reading),
    "swaps",
    "frequency_table",
    "log10_lr_min_population",
    "least_table",
)

MOST_CANDIDATES = 500
"""More are searched first, and their leads brought here."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for; the fields are the options of `reunion kinship joint`."""

    sources: Sources
    out: Path
    pairs: Path
    settings: IdentifySettings


@dataclass(frozen=True, slots=True)
class Answers:
    """Who is who in one family, with each frequency table."""

    by_table: Mapping[str, Identification]

    @property
    def table(self) -> str:
        """The table in which the best assignment has the least LR: the cautious one."""
        return min(self.by_table, key=lambda name: self.by_table[name].assignments[0].log10_lr)

    @property
    def cautious(self) -> Identification:
        """The answer of that table."""
        return self.by_table[self.table]

    def least(self, at: int) -> tuple[str, float]:
        """The table with the least log10 LR of a pair, and it; NaN where the sexes differ."""
        return min(
            ((name, found.pairs[at].log10_lr) for name, found in self.by_table.items()),
            key=lambda item: item[1],
        )

    @property
    def is_disputed(self) -> bool:
        """Whether the tables give different best assignments."""
        best = {frozenset(found.assignments[0].pairs) for found in self.by_table.values()}
        return len(best) > 1


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it: by family, who is who; families and candidates that could not be weighed."""

    request: Request
    material: Material
    found: Mapping[str, Answers]
    candidates: int
    refused: tuple[str, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The report as one JSON object."""
        settings, material = self.request.settings, self.material
        return {
            "schema": "reunion.joint/1",
            "assignments_file": str(self.request.out),
            "pairs_file": str(self.request.pairs),
            "families": [_family_json(name, found) for name, found in self.found.items()],
            "refused": list(self.refused),
            "candidates": self.candidates,
            "loci": list(material.loci),
            "frequency_tables": [described(table) for table in material.tables],
            "populations_without_table": [of.as_json() for of in material.unfitted],
            "settings": {
                **self.request.sources.settings(),
                "prior_odds_of_a_pair": settings.odds,
                "least_log10_lr": _number(settings.least_log10_lr),
                "undisputed_log10_lr": _number(settings.undisputed_log10_lr),
                "most_assignments": settings.most_assignments,
            },
            "inputs_sha256": sha256_by_file(material),
            "notes": list(self.notes),
        }


def run_joint(request: Request) -> Report:
    """Weigh, and write both files.

    Raises:
        DataRefused: an input file is damaged as a whole.
        Refused: nothing is left to weigh.
        UsageError: an output file would overwrite an input file.
    """
    outputs = {"--out": request.out, "--pairs": request.pairs}
    check_outputs(request.sources.inputs, outputs)
    material = read_usable(request.sources, "several")
    notes = [*map(str, material.notes)]
    refused = [*map(str, material.refused)]
    candidates = [*_candidates(material, notes, refused)]
    if not candidates:
        raise Refused("no candidate is left: all profiles are of relatives or put aside")
    if len(candidates) > MOST_CANDIDATES:
        raise Refused(
            f"{len(candidates)} candidates, at most {MOST_CANDIDATES} are weighed together: search"
            " first, and bring the profiles of the leads"
        )
    found = _identified(request, material, candidates, refused)
    notes += [
        f"family {shown(name)}: the frequency tables disagree about who is who: the table"
        f" {answers.table} is the cautious one; see --json for the others"
        for name, answers in found.items()
        if answers.is_disputed
    ]
    write_csv(request.out, ASSIGNMENT_COLUMNS, _assignment_rows(found))
    write_csv(request.pairs, PAIR_COLUMNS, _pair_rows(found))
    return Report(request, material, found, len(candidates), tuple(refused), tuple(notes))


def _candidates(material: Material, notes: list[str], refused: list[str]) -> Iterator[Candidate]:
    """Those with relatives of their own, and everybody else who is no relative."""
    profiles, sides = material.profiles, material.sides
    relatives = material.families.samples
    if sides is not None:
        relatives |= sides.samples
        refused += map(str, sides.refused)
        for side in sides.families:
            known = typed(side, sides.file, profiles)
            if reason := untyped(side, known, sides.file):
                refused.append(f"candidate {side.id} is refused: {reason}")
                continue
            notes += map(str, known.complaints)
            yield Candidate(side.id, side.pedigree, side.sought, known.profiles)
    for sample in profiles.ids:
        if sample not in relatives:
            sex = profiles.sexes.get(sample, Sex.UNKNOWN)
            yield Candidate.alone(sample, profiles.profile(sample), sex=sex)


def _identified(
    request: Request, material: Material, candidates: list[Candidate], refused: list[str]
) -> dict[str, Answers]:
    """What was found out of each family; others are refused with the reason."""
    found: dict[str, Answers] = {}
    families, records = material.linked.families, material.records
    with progress_bars({"joint": "Weighing families"}) as progress:
        for at, family in enumerate(families):
            progress("joint", at, len(families))
            marked = records[family.id].marked
            try:
                group = SoughtGroup(family.id, family.pedigree, marked, family.profiles)
                by_table = {
                    compiler.name: identify(
                        group,
                        candidates,
                        [model for model in compiler.models if model is not None],
                        request.settings,
                    )
                    for compiler in material.compilers
                }
            except KinshipError as error:
                refused.append(f"family {shown(family.id)} is refused: {error}")
            else:
                found[family.id] = Answers(by_table)
    return found


def _assignment_rows(found: Mapping[str, Answers]) -> Iterator[tuple[object, ...]]:
    """A row for each pair of each assignment; one with blanks where nobody is assigned."""
    for family, answers in found.items():
        for rank, one in enumerate(answers.cautious.assignments, 1):
            for sample, sought in one.pairs or [("", "")]:
                yield (
                    family,
                    rank,
                    one.posterior,
                    one.log10_lr,
                    one.ways,
                    sample,
                    sought,
                    answers.table,
                )


def _pair_rows(found: Mapping[str, Answers]) -> Iterator[tuple[object, ...]]:
    """A row for each pair, with the answer of the cautious table and the least LR of all tables."""
    for family, answers in found.items():
        for at, pair in enumerate(answers.cautious.pairs):
            table, least = answers.least(at)
            yield (
                family,
                pair.candidate,
                pair.sought,
                pair.standing.value,
                "" if math.isnan(pair.log10_lr) else pair.log10_lr,
                *(pair.posteriors[reading] for reading in Reading),
                ";".join(other for other in pair.swaps if other != pair.sought),
                answers.table,
                "" if math.isnan(least) else least,
                "" if math.isnan(least) else table,
            )


def _family_json(name: str, answers: Answers) -> dict[str, object]:
    """One family: the answer of the cautious table, and that of each."""
    pairs = []
    for at, pair in enumerate(answers.cautious.pairs):
        table, least = answers.least(at)
        more = {"log10_lr_min_population": _number(least), "least_table": table}
        pairs.append({**_pair_json(pair), **more})
    return {
        "family_id": name,
        "frequency_table": answers.table,
        "tables_disagree": answers.is_disputed,
        **_answer_json(answers.cautious),
        "pairs": pairs,
        "by_table": {
            table: {**_answer_json(found), "pairs": [_pair_json(pair) for pair in found.pairs]}
            for table, found in answers.by_table.items()
        },
    }


def _answer_json(found: Identification) -> dict[str, object]:
    return {
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
    return None if math.isnan(value) else number(value)
