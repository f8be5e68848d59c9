"""A lead as a project file of Familias: both hypotheses as pedigrees over the same genotypes."""

from __future__ import annotations

from pathlib import Path

from reunion.kinship.formats.complaints import Complaint
from reunion.kinship.formats.dataset import Dataset, Sample
from reunion.kinship.formats.familias_out import write_familias
from reunion.kinship.formats.families import FamilyRecord
from reunion.kinship.frequencies import Frequencies, FrequencyTable
from reunion.kinship.pedigree import single
from reunion.kinship.report.case import candidate_name
from reunion.kinship.report.lead import LeadReport


def export_familias(report: LeadReport, path: Path) -> tuple[Complaint, ...]:
    """Write the project file, frequencies of the first table; gives what it cannot hold."""
    return write_familias(familias_dataset(report), path)


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
    genotypes = {**family.profiles, candidate: report.profile}
    samples = {person: person for person in genotypes}
    name, models = next(iter(report.models.items()))
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
            Sample(person, dict(of), sex=related[person].sex) for person, of in genotypes.items()
        ),
        families=tuple(
            FamilyRecord(hypothesis, pedigree, "", samples, {})
            for hypothesis, pedigree in (("H1", related), ("H2", unrelated))
        ),
        frequencies=table,
        mutations={model.name: model.mutation for model in models},
    )
