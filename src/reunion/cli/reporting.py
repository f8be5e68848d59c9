"""The report of one lead, from files to files."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from reunion.cli.console import waiting
from reunion.cli.errors import CommandError, Refused, UsageError
from reunion.cli.material import Material, Sources, inputs_sha256, read_usable, sha256
from reunion.cli.x_markers import XMaterial, XSources, compute_x, read_x
from reunion.kinship.errors import BadSetting, MissingPackage, TooExpensive
from reunion.kinship.formats.complaints import Complaint
from reunion.kinship.formats.output import whole_file
from reunion.kinship.linked import linked_loci, linked_lr
from reunion.kinship.pictures.curves import distribution_svg
from reunion.kinship.pictures.pedigree import pedigree_svg
from reunion.kinship.report.document import SCHEMA, as_json, number
from reunion.kinship.report.familias import export_familias
from reunion.kinship.report.lead import (
    Amended,
    Input,
    LeadReport,
    Linkage,
    LinkedMarkers,
    Particulars,
    lead_report,
    table_version,
)
from reunion.kinship.report.page import x_notes
from reunion.kinship.report.pdf import as_pdf
from reunion.kinship.report.typesetting import check_packages
from reunion.kinship.report.words import Language, distribution_words, pedigree_words
from reunion.packs.dna import load_dna


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for; the fields are the options of `reunion kinship report`."""

    sources: Sources
    family: str
    sample: str
    out: Path
    language: Language
    number: str
    date: date
    amends: Path | None
    is_synthetic: bool
    prior: float
    x: XSources | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, and what a person should know about it."""

    number: str
    family: str
    sample: str
    log10_lr: float
    posterior: float
    files: tuple[Path, ...]
    notes: tuple[object, ...]

    def as_json(self) -> dict[str, object]:
        """As one JSON object."""
        return {
            "schema": "reunion.report-files/1",
            "number": self.number,
            "family_id": self.family,
            "sample_id": self.sample,
            "log10_lr_min_population": number(self.log10_lr),
            "posterior": self.posterior,
            "files": [str(path) for path in self.files],
            "notes": [str(note) for note in self.notes],
        }


def write_report(request: Request) -> Written:
    """Compute the report and write its files.

    Raises:
        UsageError: the folder holds a report already, or something is named that is not there.
        Refused: the family or the sample cannot be used.
        CommandError: the packages for PDF files are not installed.
    """
    try:
        check_packages()
    except MissingPackage as error:
        raise CommandError(f"{error}, or from the checkout: make setup") from error
    if (request.out / "report.json").exists():
        raise UsageError(f"--out {request.out}: a report is in this folder: name another folder")
    if not 0 < request.prior < 1:
        raise UsageError(f"--prior {request.prior}: it lies between 0 and 1")
    material = read_usable(request.sources)
    family = material.family(request.family)
    _check_sample(request.sample, material)
    x = None if request.x is None else read_x(request.x, family, request.sample, material)
    with waiting("Computing the report"):
        report = lead_report(
            family if x is None else x.family,
            request.sample,
            material.people,
            material.compilers,
            material.tables,
            _particulars(request, material, x),
            x=None if x is None else compute_x(x, material),
        )
        report = replace(report, linkage=_linkage(report))
        files, losses = _write(report, request)
    return Written(
        report.particulars.number,
        family.id,
        request.sample,
        report.least[1],
        report.standing.posterior,
        files,
        (
            *material.unfitted_in(family.id),
            *material.remarks,
            *material.put_aside,
            *x_notes(report, "en"),
            *losses,
        ),
    )


def _linkage(report: LeadReport) -> Linkage | None:
    """Linked markers taken together, with the least table; None where that cannot be computed."""
    table, _ = report.least
    models = report.models[table]
    groups = linked_loci(load_dna().catalogue, [model.name for model in models])
    try:
        found = linked_lr(report.family, report.profile, models, groups)
    except (BadSetting, TooExpensive):
        return None
    return Linkage(
        tuple(
            LinkedMarkers(
                group.loci.loci,
                group.loci.recombination,
                group.log10_lr_independent,
                group.log10_lr_linked,
            )
            for group in found.groups
        ),
        found.log10_lr_linked,
        table,
    )


def _check_sample(sample: str, material: Material) -> None:
    """The sample is of somebody who could be sought."""
    if sample in material.people.names:
        return
    if sample in material.families.samples:
        raise Refused(f"--sample {sample}: it is of a relative, who is never a candidate")
    if sample in material.profiles.put_aside:
        raise Refused(f"--sample {sample}: it was put aside: type it again")
    raise UsageError(f"--sample {sample}: the profiles have no such sample")


def _particulars(request: Request, material: Material, x: XMaterial | None) -> Particulars:
    """What the report is told from outside."""
    files = [(part, path, digest) for part, (path, digest) in inputs_sha256(material).items()]
    if request.x is not None:
        files += [(part, path, sha256(path)) for part, path in request.x.parts]
    inputs = tuple(Input(part, path.name, digest) for part, path, digest in files)
    tables = [*material.tables, *([] if x is None else (of.table for of in x.tables))]
    settings = {**material.sources.settings(), "prior": request.prior}
    content = [
        *(request.family, request.sample, request.date.isoformat(), settings),
        *map(table_version, tables),
        *map(str, inputs),
        *([] if x is None else (sorted(of.groups.items()) for of in x.tables)),
    ]
    made = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]
    return Particulars(
        number=request.number or made,
        date=request.date,
        inputs=inputs,
        samples=material.linked.samples[request.family],
        prior=request.prior,
        amends=None if request.amends is None else _amended(request.amends, request.family),
        is_synthetic=request.is_synthetic,
        unfitted=material.unfitted_in(request.family),
    )


def _amended(path: Path, family: str) -> Amended:
    """The report that is replaced; it must be one, and about the same family."""
    try:
        old = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"--amends {path}: no report can be read there ({error})") from error
    if not isinstance(old, dict) or old.get("schema") != SCHEMA:
        raise UsageError(f"--amends {path}: this is no report: name its report.json")
    if old["family"]["id"] != family:
        raise UsageError(f"--amends {path}: it is about family {old['family']['id']}")
    return Amended(old["number"], sha256(path))


def _write(report: LeadReport, request: Request) -> tuple[tuple[Path, ...], tuple[Complaint, ...]]:
    """Write all files; report.json comes last, so that where it stands all others do."""
    out, language = request.out, request.language
    out.mkdir(parents=True, exist_ok=True)
    family = report.family
    pictures = {
        "pedigree.svg": pedigree_svg(
            family.pedigree,
            sought=family.sought,
            typed=[*family.profiles],
            words=pedigree_words(family.id, language),
        ),
        "distribution.svg": distribution_svg(
            report.law, lead=report.least[1], words=distribution_words(language)
        ),
    }
    for name, svg in pictures.items():
        _write_text(out / name, svg)
    (out / "report.pdf").write_bytes(as_pdf(report, language=language))
    losses = export_familias(report, out / "report.fam")
    text = json.dumps(as_json(report), ensure_ascii=False, allow_nan=False, indent=1)
    _write_text(out / "report.json", text + "\n")
    names = ("report.pdf", "report.json", "report.fam", *pictures)
    return tuple(out / name for name in names), losses


def _write_text(path: Path, text: str) -> None:
    with whole_file(path) as stream:
        stream.write(text)
