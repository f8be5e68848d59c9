"""The report of a lead as JSON: figures for machines, hypotheses in words for people.

Beside everything that the report says, the key `cases` holds the lead as a case of the command
`lr`, so that `reunion kinship lr REPORT.json` gives the same figures again. X markers are cases of
their own: those that are multiplied, and the others, whose total means nothing.
"""

from __future__ import annotations

import math
from typing import Any

from reunion.kinship.frequencies import FrequencyTable
from reunion.kinship.likelihood import MarkerModel
from reunion.kinship.markers import Profile
from reunion.kinship.report.case import candidate_name, genotypes_at, lr_case, mutation_as_json
from reunion.kinship.report.evidence import MarkerResult
from reunion.kinship.report.lead import LeadReport, Linkage, Strength, software, table_version
from reunion.kinship.report.words import LANGUAGES, hypotheses, words
from reunion.kinship.report.x import XLead

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
        "markers": [
            _marker(report, report.profile, marker, model)
            for marker, model in zip(
                report.markers, next(iter(report.models.values())), strict=True
            )
        ],
        "linked_markers": None if report.linkage is None else _linkage(report.linkage),
        "x_markers": None if report.x is None else _x(report, report.x),
        "power": _power(report),
        "frequency_tables": [_table(table) for table in report.tables],
        "populations_without_table": [of.as_json() for of in particulars.unfitted],
        "settings": _settings(report),
        "inputs": [
            {"part": of.part, "file": of.file, "sha256": of.sha256} for of in particulars.inputs
        ],
        "software": software(),
        "cases": _cases(report),
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


def _cases(report: LeadReport) -> list[dict[str, Json]]:
    """The lead as cases of `lr`: the autosomes, then X."""
    family, sample, x = report.family, report.sample, report.x
    cases = [lr_case(family, sample, report.profile, report.models)]
    if x is not None:
        for is_multiplied, part in ((True, "X"), (False, "other X markers, not to be multiplied")):
            models = x.models_of(is_multiplied=is_multiplied)
            if any(models.values()):
                cases.append(lr_case(family, sample, x.profile, models, part=part))
    return cases


def _marker(
    report: LeadReport, profile: Profile, marker: MarkerResult, model: MarkerModel
) -> dict[str, Json]:
    """One marker: what was seen, and what it weighs."""
    candidate = candidate_name(report.family, report.sample)
    return {
        "name": marker.marker,
        "genotypes": genotypes_at(marker.marker, report.family, candidate, profile),
        "log10_lr": {table: number(value) for table, value in marker.log10_lr.items()},
        "is_inconsistent": marker.is_inconsistent,
        "alleles_added": {table: list(added) for table, added in marker.added.items() if added},
        "least_frequency": dict(marker.floor),
        "mutation": mutation_as_json(model.mutation),
    }


def _x(report: LeadReport, x: XLead) -> dict[str, Json]:
    """The X markers, and what is assumed about their linkage."""
    table, least = x.least
    models = next(iter(x.models.values()))
    return {
        "assumed": {language: words(language)["x_assumed"] for language in LANGUAGES},
        "log10_lr_by_table": {name: number(value) for name, value in x.totals.items()},
        "log10_lr_min_population": number(least),
        "least_table": table,
        "log10_lr_with_autosomes": number(least + report.least[1]),
        "markers": [
            {
                **_marker(report, x.profile, marker.result, model),
                "linkage_group": marker.group or None,
                "expected_log10_lr": marker.expected,
                "is_multiplied": marker.is_multiplied,
            }
            for marker, model in zip(x.markers, models, strict=True)
        ],
        "relatives_left_out": list(x.left_out),
        "frequency_tables": [_table(of) for of in x.tables],
    }


def _linkage(linkage: Linkage) -> dict[str, Json]:
    """The groups of linked markers, both ways."""
    return {
        "table": linkage.table,
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
    """What the family's evidence can do, for the markers of this candidate.

    The figures at the top are those of the table that gives the least LR.
    """
    table, by_table = report.least[0], report.strengths
    return {
        "table": table,
        "wanted_false_leads": report.wanted,
        **_strength(by_table[table]),
        "by_table": {name: _strength(of) for name, of in by_table.items()},
    }


def _strength(of: Strength) -> dict[str, Json]:
    """The figures of one table."""
    return {
        "log10_lr": number(of.log10_lr),
        "median_log10_lr": number(of.median),
        "log10_lr_5_percent": number(of.low),
        "sensitivity_at_lead": of.at_lead.sensitivity,
        "false_rate_at_lead": of.false_rate,
        "expected_false_leads_at_lead": of.at_lead.expected_false_leads,
        "threshold_log10_lr": of.threshold.log10_lr,
        "sensitivity_at_threshold": of.threshold.sensitivity,
        "expected_false_leads_at_threshold": of.threshold.expected_false_leads,
        "sensitivity_at_0": of.at_zero.sensitivity,
        "expected_false_leads_at_0": of.at_zero.expected_false_leads,
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
