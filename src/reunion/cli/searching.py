"""A search from files to files: read, compile, scan, write, and say what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from reunion.cli.clustering import Opened, Scanning
from reunion.cli.console import progress_bars
from reunion.cli.material import Material, Sources, read_material, sha256_by_file
from reunion.cli.outputs import check_outputs
from reunion.cli.tables import described
from reunion.kinship.formats.complaints import Complaint
from reunion.kinship.formats.families import RefusedFamily
from reunion.kinship.formats.output import LEAD_COLUMNS, write_csv, write_quarantine
from reunion.kinship.search import Lead, SearchResult, Settings, find_leads

STAGES = {"compile": "Compiling families", "scan": "Comparing profiles", "weigh": "Weighing leads"}


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for; the fields are the options of `reunion kinship search`."""

    sources: Sources
    out: Path
    quarantine: Path
    settings: Settings
    scanning: Scanning = field(default_factory=Scanning)


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a search.

    Args:
        material: what was read.
        obstacle: why nothing was searched; blank where something was.
        leads: in the order of the families, best first.
        searched: number of families that were searched for.
        refused: families that were not searched for.
    """

    request: Request
    material: Material
    obstacle: str
    leads: tuple[Lead, ...]
    searched: int
    refused: tuple[RefusedFamily, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know, though nothing was left out."""
        return (*map(str, self.material.unfitted), *self.material.remarks)

    @property
    def has_quarantine(self) -> bool:
        """Whether a quarantine file was written."""
        return bool(self.refused or self.material.put_aside)

    def as_json(self) -> dict[str, object]:
        """The report as one JSON object."""
        request, material = self.request, self.material
        return {
            "schema": "reunion.search/1",
            "leads_file": None if self.obstacle else str(request.out),
            "leads": len(self.leads),
            "families_searched": self.searched,
            "families_refused": [
                {"family_id": family.id, **asdict(family.complaint)} for family in self.refused
            ],
            "people_searched": len(material.people.names),
            "loci": list(material.loci),
            "quarantine_file": str(request.quarantine) if self.has_quarantine else None,
            "put_aside": len(material.put_aside),
            "frequency_tables": [described(table) for table in material.tables],
            "populations_without_table": [of.as_json() for of in material.unfitted],
            "settings": {
                **request.sources.settings(),
                "prior": request.settings.prior,
                "min_log10_lr": request.settings.threshold,
                "top": request.settings.limit,
            },
            "inputs_sha256": sha256_by_file(material),
            "notes": list(self.notes),
        }


def run_search(request: Request) -> Report:
    """Search, and write the leads and the quarantine file.

    Raises:
        DataRefused: an input file is damaged as a whole.
        UsageError: an output file would overwrite an input file.
        KinshipError: the cluster cannot be used.
    """
    outputs = {"--out": request.out, "--quarantine": request.quarantine}
    check_outputs(request.sources.inputs, outputs)
    with request.scanning.opened() as opened:
        return _searched(request, opened)


def _searched(request: Request, opened: Opened) -> Report:
    """The search, by those who scan."""
    material = read_material(request.sources)
    families, obstacle = material.linked.families, _obstacle(material)
    result = SearchResult((), ())
    if not obstacle:
        with opened(material.people) as scanner, progress_bars(STAGES) as progress:
            result = find_leads(
                families,
                material.people,
                material.compilers,
                request.settings,
                scanner=scanner,
                progress=progress,
            )
        write_csv(request.out, LEAD_COLUMNS, map(_row, result.leads))
    report = Report(
        request=request,
        material=material,
        obstacle=obstacle,
        leads=result.leads,
        searched=0 if obstacle else len(families) - len(result.refused),
        refused=(*material.refused, *_refused_later(material, result)),
    )
    # A file left from an earlier search must not be taken for one of this search.
    if report.has_quarantine or request.quarantine.is_file():
        write_quarantine(request.quarantine, _complaints(report))
    return report


def _obstacle(material: Material) -> str:
    """Why there is nothing to search; blank where there is."""
    if not material.linked.families:
        return "no family is left to search for"
    if not material.people.names:
        return "no profile is left to be searched: all are of relatives or put aside"
    if not material.loci:
        return "no marker of the profiles is in all frequency tables"
    return ""


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


def _refused_later(material: Material, result: SearchResult) -> Iterator[RefusedFamily]:
    """Families that are sound, but that the engine could not compile."""
    records = material.records
    for refused in result.refused:
        record = records[refused.family_id]
        reason, line = str(refused.error), record.lines[record.sought]
        complaint = Complaint(material.families.file, reason, line, "family_id", record.id)
        yield RefusedFamily(record.id, complaint)


def _complaints(report: Report) -> Iterator[Complaint]:
    """Everything that was left out, families first."""
    for family in report.refused:
        reason = f"family {family.id} is refused: {family.complaint.reason}"
        yield replace(family.complaint, reason=reason)
    yield from report.material.put_aside
