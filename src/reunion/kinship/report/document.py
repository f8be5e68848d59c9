"""The report of a lead as JSON: figures for machines, hypotheses in words for people.

Beside everything that the report says, the key `cases` holds the lead as a case of the command
`lr`, so that `reunion kinship lr REPORT.json` gives the same figures again.
"""

from __future__ import annotations

import math
from typing import Any

from reunion.kinship.frequencies import FrequencyTable
from reunion.kinship.report.case import candidate_name, genotypes_at, lr_case, mutation_as_json
from reunion.kinship.report.lead import LeadReport, Linkage, MarkerResult, software, table_version
from reunion.kinship.report.words import LANGUAGES, hypotheses, words

# Any: values of JSON.
Json = Any

SCHEMA = "reunion.report/1"


def as_json(report: LeadReport) -> dict[str, Json]:
    """The report as one JSON object; a number that JSON lacks is "-Inf", "Inf" or "NaN"."""
    particulars, family = report.particulars, report.family
    amends = particulars.amends
    least_table, least = report.least
    return {
        "schema": SCHEMA,
        "number": particulars.number,
        "date": particulars.date.isoformat(),
        "amends": amends and {"number": amends.number, "sha256": amends.sha256},
        "is_synthetic": particulars.is_synthetic,
        "statement": {language: words(language)["statement"] for language in LANGUAGES},
        "family": {
            "id": family.id,
            "sought": family.sought,
            "typed": list(family.profiles),
            "samples": dict(particulars.samples or {}),
        },
        "sample_id": report.sample,
        "hypotheses": {language: hypotheses(report, language) for language in LANGUAGES},
        "results": {
            "log10_lr": number(report.log10_lr),
            "log10_lr_by_table": {name: number(v) for name, v in report.totals.items()},
            "log10_lr_min_population": number(least),
            "least_table": least_table,
            "markers": len(report.markers),
            "inconsistent_markers": list(report.inconsistent),
            "rank": report.standing.rank,
            "people_searched": report.standing.people,
            "prior": particulars.prior,
            "posterior": report.standing.posterior,
        },
        "markers": [_marker(report, marker) for marker in report.markers],
        "linked_markers": None if report.linkage is None else _linkage(report.linkage),
        "power": _power(report),
        "frequency_tables": [_table(table) for table in report.tables],
        "settings": _settings(report),
        "inputs": [
            {"part": of.part, "file": of.file, "sha256": of.sha256} for of in particulars.inputs
        ],
        "software": software(),
        "cases": [lr_case(family, report.sample, report.profile, report.models)],
    }


def number(value: float) -> float | str:
    """A number, or its name where JSON has none.

    >>> number(1.5), number(float("-inf"))
    (1.5, '-Inf')
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    return value


def _marker(report: LeadReport, marker: MarkerResult) -> dict[str, Json]:
    """One marker: what was seen, and what it weighs."""
    candidate = candidate_name(report.family, report.sample)
    model = next(m for m in next(iter(report.models.values())) if m.name == marker.marker)
    return {
        "name": marker.marker,
        "genotypes": genotypes_at(marker.marker, report.family, candidate, report.profile),
        "log10_lr": {table: number(value) for table, value in marker.log10_lr.items()},
        "is_inconsistent": marker.is_inconsistent,
        "alleles_added": {table: list(added) for table, added in marker.added.items() if added},
        "mutation": mutation_as_json(model.mutation),
    }


def _linkage(linkage: Linkage) -> dict[str, Json]:
    """The groups of linked markers, both ways."""
    return {
        "log10_lr": number(linkage.log10_lr),
        "groups": [
            {
                "markers": list(group.markers),
                "recombination": list(group.recombination),
                "log10_lr_independent": number(group.independent),
                "log10_lr_linked": number(group.linked),
            }
            for group in linkage.groups
        ],
    }


def _power(report: LeadReport) -> dict[str, Json]:
    """What the family's evidence can do, for the markers of this candidate and the first table."""
    law, people = report.law, report.standing.people
    return {
        "table": next(iter(report.models)),
        "median_log10_lr": number(law.quantile(0.5)),
        "log10_lr_5_percent": number(law.quantile(0.05)),
        "sensitivity_at_lead": report.sensitivity,
        "false_rate_at_lead": report.false_rate,
        "expected_false_leads_at_lead": report.expected_false_leads,
        "sensitivity_at_0": law.sensitivity(0.0),
        "expected_false_leads_at_0": law.expected_false_leads(0.0, people),
    }


def _table(table: FrequencyTable) -> dict[str, Json]:
    """A frequency table; one that ships with the product is called a default."""
    return {
        "name": table.name,
        "version": table_version(table),
        "population": table.population,
        "source": table.source,
        "is_default": table.is_default,
    }


def _settings(report: LeadReport) -> dict[str, Json]:
    """What holds for all markers."""
    models = next(iter(report.models.values()))
    return {
        "theta": models[0].theta if models else 0.0,
        "rare_alleles": models[0].frequencies.rule.value if models else None,
        "mutation_models": sorted({model.mutation.kind.value for model in models}),
        "dropout": {person: d for person, d in report.family.dropout.items() if d},
        "familias_compatible": False,
    }
