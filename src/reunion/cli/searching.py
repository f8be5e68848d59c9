"""A search from files to files: read, compile, scan, write, and say what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import compress
from pathlib import Path

import numpy as np

from reunion.cli.console import progress_bars, waiting
from reunion.cli.errors import UsageError
from reunion.cli.tables import described, library
from reunion.kinship.compile import Compiler, Family
from reunion.kinship.formats.complaints import Complaint
from reunion.kinship.formats.families import Families, RefusedFamily, read_families
from reunion.kinship.formats.linking import link
from reunion.kinship.formats.output import LEAD_COLUMNS, write_csv, write_quarantine
from reunion.kinship.formats.profiles import Profiles, read_profiles
from reunion.kinship.formats.rates import MutationRate, read_rates
from reunion.kinship.frequencies import FrequencyTable
from reunion.kinship.mutation import MutationKind
from reunion.kinship.search import Lead, People, SearchResult, Settings, find_leads
from reunion.packs.dna import DnaPack

STAGES = {"compile": "Compiling families", "scan": "Comparing profiles", "weigh": "Weighing leads"}


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for; the fields are the options of `reunion kinship search`."""

    families: Path
    profiles: Path
    frequencies: tuple[str, ...]
    out: Path
    quarantine: Path
    mutation_model: str
    mutation_rates: Path | None
    theta: float
    settings: Settings


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a search.

    Args:
        obstacle: why nothing was searched; blank where something was.
        leads: in the order of the families, best first.
        searched: number of families that were searched for.
        people: number of profiles that were searched.
        loci: markers that took part.
        tables: frequency tables, the first one gives `log10_lr`.
        refused: families that were not searched for.
        put_aside: rows and samples that were not used.
        notes: what a person should know, though nothing was left out.
        sha256: of each input file.
    """

    request: Request
    obstacle: str
    leads: tuple[Lead, ...]
    searched: int
    people: int
    loci: tuple[str, ...]
    tables: tuple[FrequencyTable, ...]
    refused: tuple[RefusedFamily, ...]
    put_aside: tuple[Complaint, ...]
    notes: tuple[str, ...]
    sha256: Mapping[str, str]

    @property
    def has_quarantine(self) -> bool:
        """Whether a quarantine file was written."""
        return bool(self.refused or self.put_aside)

    def as_json(self) -> dict[str, object]:
        """The report as one JSON object."""
        request = self.request
        return {
            "schema": "reunion.search/1",
            "leads_file": None if self.obstacle else str(request.out),
            "leads": len(self.leads),
            "families_searched": self.searched,
            "families_refused": [
                {"family_id": family.id, **asdict(family.complaint)} for family in self.refused
            ],
            "people_searched": self.people,
            "loci": list(self.loci),
            "quarantine_file": str(request.quarantine) if self.has_quarantine else None,
            "put_aside": len(self.put_aside),
            "frequency_tables": [described(table) for table in self.tables],
            "settings": {
                "mutation_model": request.mutation_model,
                "theta": request.theta,
                "rare_alleles": "five_over_2n",
                "prior": request.settings.prior,
                "min_log10_lr": request.settings.threshold,
                "top": request.settings.limit,
            },
            "inputs_sha256": dict(self.sha256),
            "notes": list(self.notes),
        }


def run_search(request: Request) -> Report:
    """Search, and write the leads and the quarantine file.

    Raises:
        DataRefused: an input file is damaged as a whole.
        UsageError: an output file would overwrite an input file.
    """
    _check_outputs(request)
    tables_at_hand = library()
    pack = tables_at_hand.pack
    tables = tuple(tables_at_hand.find(name) for name in request.frequencies)
    rates = read_rates(request.mutation_rates, pack.catalogue) if request.mutation_rates else {}
    families = read_families(request.families)
    with waiting(f"Reading {request.profiles}"):
        profiles = read_profiles(request.profiles, pack.checks(*tables))
    linked = link(families, profiles)
    people = _people(profiles, families)
    loci = tuple(
        locus for locus in profiles.book.loci if all(locus in table.markers for table in tables)
    )
    obstacle = _obstacle(linked.families, people, loci)
    result = SearchResult((), ())
    if not obstacle:
        compilers = _compilers(request, pack, tables, rates, profiles, loci)
        with progress_bars(STAGES) as progress:
            result = find_leads(
                linked.families, people, compilers, request.settings, progress=progress
            )
        write_csv(request.out, LEAD_COLUMNS, map(_row, result.leads))
    report = Report(
        request=request,
        obstacle=obstacle,
        leads=result.leads,
        searched=0 if obstacle else len(linked.families) - len(result.refused),
        people=len(people.names),
        loci=loci,
        tables=tables,
        refused=(*families.refused, *linked.refused, *_refused_later(families, result)),
        put_aside=(*profiles.quarantine, *linked.complaints),
        notes=(
            *families.notes,
            *profiles.notes,
            *_notes(pack, tables, rates, profiles.book.loci),
        ),
        sha256={
            str(request.families): families.sha256,
            str(request.profiles): profiles.sha256,
        },
    )
    # A file left from an earlier search must not be taken for one of this search.
    if report.has_quarantine or request.quarantine.is_file():
        write_quarantine(request.quarantine, _complaints(report))
    return report


def _check_outputs(request: Request) -> None:
    """Refuse to lose an input file, and find out before the work that nothing can be written."""
    inputs = {
        path.resolve(): path
        for path in (request.families, request.profiles, request.mutation_rates)
        if path is not None
    }
    for name in filter(None, map(Path, request.frequencies)):
        inputs[name.resolve()] = name
    for option, path in (("--out", request.out), ("--quarantine", request.quarantine)):
        if path.resolve() in inputs:
            raise UsageError(f"{option} {path}: this is an input file: name another one")
        if path.is_dir() or not path.parent.is_dir():
            raise UsageError(f"{option} {path}: name a file in a folder that is there")
    if request.out.resolve() == request.quarantine.resolve():
        raise UsageError(f"--quarantine {request.quarantine}: this is --out: name another file")


def _people(profiles: Profiles, families: Families) -> People:
    """Everybody who could be sought: those whose samples are of relatives cannot."""
    is_candidate = np.array([name not in families.samples for name in profiles.ids], dtype=np.bool_)
    names = tuple(compress(profiles.ids, is_candidate))
    return People(names, profiles.book, profiles.codes[is_candidate])


def _obstacle(families: tuple[Family, ...], people: People, loci: tuple[str, ...]) -> str:
    """Why there is nothing to search; blank where there is."""
    if not families:
        return "no family is left to search for"
    if not people.names:
        return "no profile is left to be searched: all are of relatives or put aside"
    if not loci:
        return "no marker of the profiles is in all frequency tables"
    return ""


def _compilers(
    request: Request,
    pack: DnaPack,
    tables: tuple[FrequencyTable, ...],
    rates: Mapping[str, MutationRate],
    profiles: Profiles,
    loci: tuple[str, ...],
) -> list[Compiler]:
    """A compiler for each table, all of them over the same markers."""
    mutations = pack.mutations(loci, model=MutationKind(request.mutation_model), rates=rates)
    return [
        Compiler.of_table(
            profiles.book,
            replace(table, markers={locus: table.markers[locus] for locus in loci}),
            mutations,
            theta=request.theta,
        )
        for table in tables
    ]


def _row(lead: Lead) -> tuple[object, ...]:
    """A lead in the columns of `LEAD_COLUMNS`."""
    return (
        lead.family_id,
        lead.sought_id,
        lead.sample_id,
        lead.rank,
        lead.log10_lr,
        lead.log10_lr_min_population,
        lead.markers,
        ";".join(lead.inconsistent_markers),
        lead.posterior,
        lead.expected_false_leads,
    )


def _refused_later(families: Families, result: SearchResult) -> Iterator[RefusedFamily]:
    """Families that are sound, but that the engine could not compile."""
    records = {record.id: record for record in families.families}
    for refused in result.refused:
        record = records[refused.family_id]
        reason, line = str(refused.error), record.lines[record.sought]
        complaint = Complaint(families.file, reason, line, "family_id", record.id)
        yield RefusedFamily(record.id, complaint)


def _notes(
    pack: DnaPack,
    tables: tuple[FrequencyTable, ...],
    rates: Mapping[str, MutationRate],
    loci: tuple[str, ...],
) -> Iterator[str]:
    """What is to be known about the tables and rates."""
    for table in tables:
        if table.is_default:
            yield f"the table {table.name} is a default: better is the laboratory's own"
        if lacking := [locus for locus in loci if locus not in table.markers]:
            yield f"the table {table.name} lacks {', '.join(lacking)}, which therefore take no part"
    if without := [locus for locus in loci if locus not in rates and locus not in pack.rates]:
        paternal, maternal = pack.mutation.paternal, pack.mutation.maternal
        yield (
            f"no mutation rate is known of {', '.join(without)}: taken as {paternal} in fathers and"
            f" {maternal} in mothers"
        )


def _complaints(report: Report) -> Iterator[Complaint]:
    """Everything that was left out, families first."""
    for family in report.refused:
        reason = f"family {family.id} is refused: {family.complaint.reason}"
        yield replace(family.complaint, reason=reason)
    yield from report.put_aside
