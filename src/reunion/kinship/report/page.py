"""What stands on the pages of a report, as texts in one language; the template only sets it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reunion.kinship.formats.populations import Unfitted
from reunion.kinship.likelihood import MarkerModel
from reunion.kinship.linked import FARTHEST_CM
from reunion.kinship.markers import Genotype, Profile
from reunion.kinship.mutation import MutationKind
from reunion.kinship.pictures.curves import distribution_svg, percent
from reunion.kinship.pictures.pedigree import pedigree_svg
from reunion.kinship.pictures.words import PedigreeWords
from reunion.kinship.report.blocks import (
    Block,
    code_block,
    figure,
    figure_of_log10,
    fit,
    log10_text,
    pairs_block,
    picture_block,
    table_block,
    text_block,
)
from reunion.kinship.report.evidence import MarkerResult
from reunion.kinship.report.lead import LeadReport, Strength, software, table_version
from reunion.kinship.report.words import (
    Language,
    distribution_words,
    hypotheses,
    pedigree_words,
    words,
)
from reunion.kinship.report.x import XLead

# Any: values of JSON, which the template reads.
Json = Any

MOST_COLUMNS = 7
"""Genotypes of more people than fit go into tables of their own."""

ALMOST = 1 - 1e-9
"""No posterior is shown as certainty."""


def page(report: LeadReport, language: Language) -> dict[str, Json]:
    """Everything that the template needs."""
    say, of = words(language), report.particulars
    notes = [say["statement"]]
    if of.is_synthetic:
        notes.insert(0, say["synthetic"])
    if of.amends is not None:
        notes.append(say["amends"].format(number=of.amends.number, sha256=of.amends.sha256))
    notes += [_unfitted(found, say) for found in of.unfitted]
    notes += x_notes(report, language)
    sections = {
        "result": _result(report, say),
        "hypotheses": _hypotheses(report, language),
        "settings": _settings(report, say),
        "tables": _tables(report, say),
        "pedigree": _pedigree(report, language),
        "markers": _markers(report, say),
        "linked": _linked(report, say),
        **({} if report.x is None else {"x": _x(report, report.x, say)}),
        "power": _power(report, language),
        "rates": _rates(report, say),
        "reproduction": _reproduction(report, say),
    }
    return {
        "lang": language,
        "region": {"en": "gb", "zh": "cn"}[language],
        "title": say["title"],
        "date": [of.date.year, of.date.month, of.date.day],
        "footer": f"{say['footer']} {say['synthetic'] if of.is_synthetic else ''}",
        "page": say["page"].format(number=of.number),
        "notes": notes,
        "sections": [{"heading": say[key], "blocks": blocks} for key, blocks in sections.items()],
    }


def _unfitted(found: Unfitted, say: Mapping[str, str]) -> str:
    """The warning of a declared population that no frequency table is of."""
    return say["unfitted"].format(
        population=found.population,
        persons=say["separator"].join(person for _, person in found.persons),
        tables=say["separator"].join(found.tables),
    )


def x_notes(report: LeadReport, language: Language) -> list[str]:
    """The note on relatives who are typed at X markers alone, where there are any."""
    if report.x is None or not report.x.left_out:
        return []
    say = words(language)
    return [say["x_left_out"].format(persons=say["separator"].join(report.x.left_out))]


def _result(report: LeadReport, say: Mapping[str, str]) -> list[Block]:
    """Who, and how strong."""
    standing, of = report.standing, report.particulars
    rows = [
        (say["number"], of.number),
        (say["date"], of.date.isoformat()),
        (say["family"], report.family.id),
        (say["sought"], report.family.sought),
        (say["candidate"], report.sample),
        *((say["log10_lr"].format(table=t), log10_text(v)) for t, v in report.totals.items()),
        (say["least"], f"{log10_text(report.least[1])} ({report.least[0]})"),
        (say["lr"], figure_of_log10(report.least[1])),
        *_further(report, say),
        (say["prior"], say["prior_value"].format(prior=f"{of.prior:g}", people=standing.people)),
        (say["posterior"], percent(min(standing.posterior, ALMOST))),
        (say["rank"], say["rank_value"].format(rank=standing.rank, people=standing.people)),
        (say["markers_counted"], str(len(report.markers))),
        (say["inconsistent"], say["separator"].join(report.inconsistent) or say["none"]),
    ]
    sought = report.family.pedigree[report.family.sought]
    parents = {sought.father, sought.mother}
    is_parentage = bool(report.family.profiles) and parents.issuperset(report.family.profiles)
    return [pairs_block(rows), *([text_block(say["parentage"])] if is_parentage else [])]


def _further(report: LeadReport, say: Mapping[str, str]) -> list[tuple[str, str]]:
    """The figures that stand beside the LR: with linkage, and of X."""
    rows = []
    if report.linkage is not None and report.linkage.groups:
        value = f"{log10_text(report.linkage.log10_lr)} ({report.linkage.table})"
        rows.append((say["with_linkage"], value))
    if report.x is not None:
        table, least = report.x.least
        rows.append((say["x_least"], f"{log10_text(least)} ({table})"))
    return rows


def _hypotheses(report: LeadReport, language: Language) -> list[Block]:
    """Both hypotheses, and what the LR says about them."""
    texts = [*hypotheses(report, language).values(), words(language)["meaning"]]
    return [text_block(text) for text in texts]


def _pedigree(report: LeadReport, language: Language) -> list[Block]:
    """The drawing with the genotypes; the candidate's stand under the sought person."""
    name = pedigree_words(report.family.id, language)
    pictures = [_drawing(report, per_line, name) for per_line in (1, 2, 3)]
    largest = max(pictures, key=lambda svg: (fit(svg)[1], -fit(svg)[2]))
    note = words(language)["pedigree_note"].format(sample=report.sample)
    return [picture_block(largest, name.title), text_block(note)]


def _drawing(report: LeadReport, per_line: int, name: PedigreeWords) -> str:
    """The pedigree with the genotypes of so many markers in a line."""
    family = report.family
    captions = {}
    for person, profile in {**family.profiles, family.sought: report.profile}.items():
        genotypes = [
            f"{_starred(marker)} {_genotype(profile[marker.marker])}"
            for marker in report.markers
            if marker.marker in profile
        ]
        captions[person] = [
            ", ".join(genotypes[at : at + per_line]) for at in range(0, len(genotypes), per_line)
        ]
    return pedigree_svg(
        family.pedigree,
        sought=family.sought,
        typed=[*family.profiles],
        captions=captions,
        words=name,
    )


def _starred(marker: MarkerResult) -> str:
    """The name of a marker, with a star where it is inconsistent."""
    return f"* {marker.marker}" if marker.is_inconsistent else marker.marker


def _genotype(genotype: Genotype | None) -> str:
    return "" if genotype is None else f"{genotype[0]}/{genotype[1] or '?'}"


def _markers(report: LeadReport, say: Mapping[str, str]) -> list[Block]:
    """Genotypes and LR of the autosomal markers."""
    evidence = [
        (say["lr_column"].format(table=table), _lrs(report.markers, table))
        for table in report.models
    ]
    names = [*map(_starred, report.markers)]
    blocks = _genotype_tables(
        report, report.profile, names, evidence, (say["product"], report.totals), say
    )
    return [*blocks, text_block(say["markers_note"])]


def _lrs(markers: Iterable[MarkerResult], table: str) -> list[str]:
    return [figure_of_log10(marker.log10_lr[table]) for marker in markers]


def _genotype_tables(
    report: LeadReport,
    profile: Profile,
    names: Sequence[str],
    evidence: Sequence[tuple[str, list[str]]],
    totals: tuple[str, Mapping[str, float]],
    say: Mapping[str, str],
) -> list[Block]:
    """Genotypes and LR, a row for each marker; many relatives stand in tables of their own.

    Args:
        report: the lead.
        profile: of the candidate, the markers that are shown.
        names: of the markers as they are shown.
        evidence: heads and cells of the columns after the genotypes; the LRs come last.
        totals: name of the last row, and what stands below the LRs, by table.
        say: the words.
    """
    samples = report.particulars.samples or {}
    relatives = [
        (
            say["sample_of"].format(person=person, sample=samples[person])
            if person in samples
            else person,
            [_genotype(of.get(marker)) for marker in profile],
        )
        for person, of in report.family.profiles.items()
    ]
    candidate = [_genotype(genotype) for genotype in profile.values()]
    evidence = [(say["candidate_column"].format(sample=report.sample), candidate), *evidence]
    parts = [evidence]
    if len(relatives) + len(evidence) <= MOST_COLUMNS:
        parts = [[*relatives, *evidence]]
    elif relatives:
        size = math.ceil(len(relatives) / math.ceil(len(relatives) / MOST_COLUMNS))
        parts += [relatives[at : at + size] for at in range(0, len(relatives), size)]
    title, values = totals
    shown = [*map(figure_of_log10, values.values())]
    blocks = []
    for part in parts:
        rows = [list(row) for row in zip(names, *(cells for _, cells in part), strict=True)]
        if part is parts[0]:
            rows.append([title, *[""] * (len(part) - len(shown)), *shown])
        blocks.append(table_block([say["marker"], *(head for head, _ in part)], rows))
    return blocks


def _x(report: LeadReport, x: XLead, say: Mapping[str, str]) -> list[Block]:
    """The X markers: one of each linkage group in the product."""
    results = [marker.result for marker in x.markers]
    evidence = [
        (say["x_group"], [marker.group or say["x_group_unknown"] for marker in x.markers]),
        (
            say["x_multiplied"],
            [say["yes"] if marker.is_multiplied else say["no"] for marker in x.markers],
        ),
        *((say["lr_column"].format(table=table), _lrs(results, table)) for table in x.models),
    ]
    names = [*map(_starred, results)]
    table, least = x.least
    rows = [
        *((say["x_log10_lr"].format(table=t), log10_text(v)) for t, v in x.totals.items()),
        (say["x_least"], f"{log10_text(least)} ({table})"),
        (say["x_with_autosomes"], log10_text(least + report.least[1])),
    ]
    return [
        *_genotype_tables(report, x.profile, names, evidence, (say["x_product"], x.totals), say),
        text_block(say["x_assumed"]),
        pairs_block(rows),
    ]


def _linked(report: LeadReport, say: Mapping[str, str]) -> list[Block]:
    """Groups of linked markers with both figures."""
    linkage = report.linkage
    if linkage is None:
        return [text_block(say["linked_none"])]
    keys = ("linked_group", "recombination", "linked_independent", "linked_together")
    rows = [
        (
            " – ".join(group.markers),
            ", ".join(f"{r:.3f}" for r in group.recombination),
            log10_text(group.independent),
            log10_text(group.linked),
        )
        for group in linkage.groups
    ]
    total = log10_text(linkage.log10_lr)
    said = {"table": linkage.table, "log10_lr": total, "farthest": f"{FARTHEST_CM:g}"}
    note = text_block(say["linked_note"].format(**said))
    return [table_block([say[key] for key in keys], rows), note] if rows else [note]


def _power(report: LeadReport, language: Language) -> list[Block]:
    """The distributions of the careful table, where this lead lies in them, and all tables."""
    say, law = words(language), report.law
    people = report.standing.people
    table, log10_lr = report.least
    svg = distribution_svg(law, lead=log10_lr, words=distribution_words(language))
    strengths = report.strengths
    of = strengths[table]
    rows = [
        (say["median"], log10_text(of.median)),
        (say["low"], log10_text(of.low)),
        (say["sensitivity"], percent(of.at_lead.sensitivity)),
        (say["false_rate"], figure(of.false_rate)),
        (say["false_leads"], figure(of.at_lead.expected_false_leads)),
        (say["false_leads_0"], figure(of.at_zero.expected_false_leads)),
    ]
    note = say["power_note"].format(table=table, people=people)
    head = [
        say[key].format(wanted=f"{report.wanted:g}")
        for key in (
            "table", "axis", "at_lead_sensitivity", "at_lead_false_leads", "threshold",
            "threshold_sensitivity",
        )
    ]  # fmt: skip
    return [
        text_block(note),
        picture_block(svg, say["distribution"]),
        pairs_block(rows),
        text_block(say["power_tables"].format(wanted=f"{report.wanted:g}")),
        table_block(head, [_strength(name, strength) for name, strength in strengths.items()]),
    ]


def _strength(table: str, of: Strength) -> list[str]:
    """What the evidence can do with one table."""
    return [
        table,
        log10_text(of.log10_lr),
        percent(of.at_lead.sensitivity),
        figure(of.at_lead.expected_false_leads),
        f"{of.threshold.log10_lr:.2f}",
        percent(of.threshold.sensitivity),
    ]


def _settings(report: LeadReport, say: Mapping[str, str]) -> list[Block]:
    """What holds for all markers."""
    models = next(iter(report.models.values()))
    dropout = [f"{person}: {d:g}" for person, d in report.family.dropout.items() if d]
    rules = dict.fromkeys(say[model.frequencies.rule.value] for model in models)
    kinds = dict.fromkeys(_mutation(model, say) for model in models)
    rows = [
        (say["theta"], f"{models[0].theta:g}" if models else ""),
        (say["rare_alleles"], say["separator"].join(rules)),
        (say["mutation_model"], say["separator"].join(kinds)),
        (say["dropout"], say["separator"].join(dropout) or "0"),
        (say["familias"], say["no"]),
    ]
    return [pairs_block(rows)]


def _mutation(model: MarkerModel, say: Mapping[str, str]) -> str:
    mutation = model.mutation
    sentence = say[f"mutation_{mutation.kind.value}"]
    return sentence.format(range=f"{mutation.range:g}", rate2=figure(mutation.rate2))


def _rates(report: LeadReport, say: Mapping[str, str]) -> list[Block]:
    """Mutation rates of each marker, and the alleles that a table lacked."""
    rows = []
    for marker, model in _with_models(report):
        added = [f"{table}: {', '.join(names)}" for table, names in marker.added.items() if names]
        rates = (model.mutation.female, model.mutation.male)
        has_rates = model.mutation.kind not in (MutationKind.NONE, MutationKind.CUSTOM)
        shown = [figure(rate) if has_rates else "" for rate in rates]
        rows.append([marker.marker, *shown, "; ".join(added) or say["none"]])
    return [table_block([say[k] for k in ("marker", "maternal", "paternal", "added")], rows)]


def _with_models(report: LeadReport) -> list[tuple[MarkerResult, MarkerModel]]:
    """Every marker with its model of the first table, those of X last."""
    found = [*zip(report.markers, next(iter(report.models.values())), strict=True)]
    if report.x is not None:
        results = [marker.result for marker in report.x.markers]
        found += zip(results, next(iter(report.x.models.values())), strict=True)
    return found


def _tables(report: LeadReport, say: Mapping[str, str]) -> list[Block]:
    """The frequency tables, the least frequencies taken, and which of the tables are defaults."""
    head = [say[k] for k in ("table", "population", "source", "floor", "version")]
    rows, defaults = [], []
    results = [(report.tables, report.markers)]
    if report.x is not None:
        results.append((report.x.tables, tuple(marker.result for marker in report.x.markers)))
    for tables, markers in results:
        for table in tables:
            floors = [floor for of in markers if (floor := of.floor[table.name]) is not None]
            least = (
                " – ".join(dict.fromkeys(map(figure, (min(floors), max(floors))))) if floors else ""
            )
            row = (table.name, table.population, table.source, least, table_version(table))
            rows.append(row)
            if table.is_default:
                defaults.append(table.name)
    note = say["default_tables"].format(tables=say["separator"].join(defaults))
    return [table_block(head, rows), *([text_block(note)] if defaults else [])]


def _reproduction(report: LeadReport, say: Mapping[str, str]) -> list[Block]:
    """What another expert needs."""
    files = [(say[f"part_{of.part}"], of.file, of.sha256) for of in report.particulars.inputs]
    versions = say["separator"].join(f"{name} {value}" for name, value in software().items())
    return [
        table_block(["", say["file"], "sha256"], files),
        pairs_block([(say["software"], versions)]),
        text_block(say["redo"]),
        code_block("reunion kinship lr report.json"),
    ]
