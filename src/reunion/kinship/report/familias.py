"""A lead as a project file of Familias: both hypotheses as pedigrees over the same genotypes."""

from __future__ import annotations

from pathlib import Path

from reunion.kinship.formats.complaints import Complaint
from reunion.kinship.formats.dataset import Dataset, Sample
from reunion.kinship.formats.familias_out import write_familias
from reunion.kinship.formats.familias_systems import DATABASE_LINE
from reunion.kinship.formats.families import FamilyRecord
from reunion.kinship.formats.writing import Losses
from reunion.kinship.frequencies import Frequencies, FrequencyTable
from reunion.kinship.pedigree import single
from reunion.kinship.report.case import candidate_name
from reunion.kinship.report.lead import LeadReport


def export_familias(report: LeadReport, path: Path) -> tuple[Complaint, ...]:
    """Write the project file, frequencies of the first table; gives what it cannot hold."""
    losses = Losses(path)
    others = [*report.models][1:]
    if others:
        losses.lose("the file has one frequency table, these are others", ", ".join(others))
    if report.x is not None:
        names = ", ".join(report.x.profile)
        losses.lose("the format does not say that a marker lies on X", names)
    for person, dropout in report.family.dropout.items():
        if dropout:
            losses.lose(f"the drop-out probability {dropout:g} of one person", person)
    return (*losses.complaints(), *write_familias(familias_dataset(report), path))


def familias_dataset(report: LeadReport) -> Dataset:
    """The lead as a data set: the pedigrees H1 and H2, and the genotypes of those who are typed.

    The frequencies are those after the rare-allele rule, so Familias needs no rule of its own.
    """
    family = report.family
    candidate = candidate_name(family, report.sample)
    sex = family.pedigree[family.sought].sex
    # The sought person stands in H1 too, unrelated, so that both pedigrees have the same persons.
    related = family.pedigree.renamed({family.sought: candidate}).joined(
        single(family.sought, sex=sex)
    )
    unrelated = family.pedigree.joined(single(candidate, sex=sex))
    genotypes = {
        person: {locus: of[locus] for locus in report.profile if locus in of}
        for person, of in {**family.profiles, candidate: report.profile}.items()
    }
    samples = {person: person for person in genotypes}
    name, models = next(iter(report.models.items()))
    theta = models[0].theta if models else 0.0
    table = FrequencyTable(
        name,
        "",
        "",
        {
            model.name: Frequencies(
                model.name, model.frequencies.alleles, tuple(model.frequencies.p.tolist())
            )
            for model in models
        },
    )
    return Dataset(
        samples=tuple(
            Sample(person, of, sex=related[person].sex) for person, of in genotypes.items()
        ),
        families=tuple(
            FamilyRecord(hypothesis, pedigree, "", samples, {})
            for hypothesis, pedigree in (("H1", related), ("H2", unrelated))
        ),
        frequencies=table,
        mutations={model.name: model.mutation for model in models},
        kept={"database line": DATABASE_LINE.replace("Fst: 0", f"Fst: {theta!r}")} if theta else {},
    )
