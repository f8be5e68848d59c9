"""X markers in the report: a block of their own, one marker of each linkage group multiplied."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from reunion.kinship.book import CodeBook
from reunion.kinship.cases import evaluate, parse_case, read_cases
from reunion.kinship.compile import Compiler, Family
from reunion.kinship.errors import BadGenotype, BadSetting
from reunion.kinship.likelihood import marker_likelihood
from reunion.kinship.markers import Genotype, Profile
from reunion.kinship.pedigree import single
from reunion.kinship.report.case import lr_case
from reunion.kinship.report.document import as_json
from reunion.kinship.report.familias import export_familias
from reunion.kinship.report.lead import LeadReport
from reunion.kinship.report.page import page
from reunion.kinship.report.words import LANGUAGES, Language
from reunion.kinship.report.x import XLead, x_lead
from tests.kinship.leads import EAST, FAMILY, STEPWISE, WEST, lead

NAMES = {"L1": "DXS1", "L2": "DXS2", "L3": "DXS3"}
"""The three markers of the tables under names of X markers."""

GROUPS = {"DXS1": "1", "DXS2": "1", "DXS3": "2"}
TABLES = tuple(
    replace(
        table,
        name=f"{table.name} X",
        markers={
            NAMES[locus]: replace(of, marker=NAMES[locus]) for locus, of in table.markers.items()
        },
    )
    for table in (EAST, WEST)
)
BOOK = CodeBook(tuple(NAMES.values()), (("8", "9", "10", "11"),) * 3)
RELATIVES: dict[str, dict[str, Genotype]] = {
    "sister": {"DXS1": ("8", "9"), "DXS2": ("10", "10"), "DXS3": ("9", "10")},
    "mother": {"DXS1": ("8", "8"), "DXS2": ("8", "10"), "DXS3": ("10", "9")},
}
MAN: Profile = {"DXS1": ("8", "8"), "DXS2": ("10", "10"), "DXS3": ("9", "9")}
WOMAN: Profile = {"DXS1": ("8", "9"), "DXS2": ("8", "10")}
MUTATED: Profile = {"DXS1": ("11", "11"), "DXS3": ("8", "8")}
CANDIDATES = {"man": ("male", MAN), "woman": ("female", WOMAN), "mutated": ("male", MUTATED)}


def family(sex: str) -> Family:
    """The family of the other tests, X markers added to its profiles."""
    profiles = {person: {**of, **RELATIVES[person]} for person, of in FAMILY.profiles.items()}
    return replace(FAMILY, pedigree=FAMILY.pedigree.with_sex("child", sex), profiles=profiles)


def compilers(theta: float = 0.0) -> list[Compiler]:
    """One for each table."""
    mutations = dict.fromkeys(NAMES.values(), STEPWISE)
    return [
        Compiler.of_table(BOOK, table, mutations, theta=theta, x_linked=True) for table in TABLES
    ]


def x_of(
    name: str, *, groups: Mapping[str, str] = GROUPS, theta: float = 0.0
) -> tuple[Family, XLead]:
    """The X markers of one of the candidates."""
    sex, profile = CANDIDATES[name]
    of = family(sex)
    return of, x_lead(of, profile, compilers(theta), TABLES, groups)


def report_of(name: str, *, theta: float = 0.0) -> LeadReport:
    """The report of a candidate with X markers."""
    of, x = x_of(name, theta=theta)
    return replace(lead(of, theta=theta), x=x)


@pytest.mark.parametrize("name", CANDIDATES)
def test_each_x_lr_is_the_ratio_of_full_likelihoods(name: str) -> None:
    of, x = x_of(name)
    sex, profile = CANDIDATES[name]
    for table, models in x.models.items():
        for marker, model in zip(x.markers, models, strict=True):
            seen = {person: g[model.name] for person, g in of.profiles.items()}
            own = {"child": profile[model.name]}
            together = marker_likelihood(of.pedigree, model, {**seen, **own})
            apart = marker_likelihood(of.pedigree, model, seen)
            apart *= marker_likelihood(single("child", sex=sex), model, own)
            assert marker.result.log10_lr[table] == pytest.approx(
                math.log10(together / apart), abs=1e-9
            )


@pytest.mark.parametrize("name", CANDIDATES)
@pytest.mark.parametrize("theta", [0.0, 0.02])
def test_the_command_lr_gives_the_figures_of_x_again(name: str, theta: float) -> None:
    report = report_of(name, theta=theta)
    document = json.loads(json.dumps(as_json(report), allow_nan=False))
    autosomes, *rest = [evaluate(parse_case(raw)) for raw in read_cases(json.dumps(document))]
    assert float(autosomes["log10_lr_total"]) == pytest.approx(report.log10_lr, abs=1e-9)
    assert report.x is not None
    said = document["x_markers"]
    least = float(rest[0]["log10_lr_min_population"])
    assert least == pytest.approx(said["log10_lr_min_population"], abs=1e-9)
    assert said["log10_lr_with_autosomes"] == pytest.approx(least + report.least[1], abs=1e-9)
    for is_multiplied, again in zip((True, False), rest, strict=False):
        shown = [
            10 ** of["log10_lr"]["east X"]
            for of in said["markers"]
            if of["is_multiplied"] == is_multiplied
        ]
        assert again["lr"] == pytest.approx(shown, rel=1e-9)


def test_one_marker_of_each_group_is_multiplied_the_one_expected_to_tell_most() -> None:
    _, x = x_of("man")
    first, second, third = x.markers
    assert third.is_multiplied
    assert first.is_multiplied == (first.expected > second.expected)
    assert first.is_multiplied != second.is_multiplied
    kept = first if first.is_multiplied else second
    for table, value in x.totals.items():
        sum_of_two = kept.result.log10_lr[table] + third.result.log10_lr[table]
        assert value == pytest.approx(sum_of_two, abs=1e-12)


def test_the_choice_does_not_look_at_the_candidate() -> None:
    sex, profile = CANDIDATES["man"]
    chosen = set()
    for allele in ("8", "9", "10", "11"):
        other = {**profile, "DXS1": (allele, allele), "DXS2": (allele, allele)}
        x = x_lead(family(sex), other, compilers(), TABLES, GROUPS)
        chosen.add(tuple(marker.is_multiplied for marker in x.markers))
    assert len(chosen) == 1


def test_markers_without_a_known_group_count_as_one() -> None:
    _, x = x_of("man", groups={})
    assert sum(marker.is_multiplied for marker in x.markers) == 1


def test_autosomal_figures_do_not_change_with_x() -> None:
    with_x = as_json(report_of("man"))
    without = as_json(replace(report_of("man"), x=None))
    for part in ("results", "markers", "power", "linked_markers"):
        assert with_x[part] == without[part]
    assert without["x_markers"] is None


def test_what_makes_no_sense_on_x_is_refused() -> None:
    two = {**MAN, "DXS1": ("8", "9")}
    with pytest.raises(BadGenotype, match="one X"):
        x_lead(family("male"), two, compilers(), TABLES, GROUPS)
    with pytest.raises(BadGenotype, match="sex"):
        x_lead(family("unknown"), MAN, compilers(), TABLES, GROUPS)
    autosomal = [Compiler.of_table(BOOK, table, {}) for table in TABLES]
    with pytest.raises(BadSetting, match="X-linked"):
        x_lead(family("male"), MAN, autosomal, TABLES, GROUPS)
    report = report_of("man")
    assert report.x is not None
    mixed = {"east": (*report.models["east"], *report.x.models["east X"])}
    with pytest.raises(BadSetting, match="case of their own"):
        lr_case(report.family, "S1", MAN, mixed)


def test_the_familias_export_names_the_x_markers_that_it_leaves_out(tmp_path: Path) -> None:
    losses = export_familias(report_of("man"), tmp_path / "report.fam")
    (loss,) = [loss for loss in losses if "lies on X" in loss.reason]
    assert loss.value == "DXS1, DXS2, DXS3"
    assert "DXS" not in (tmp_path / "report.fam").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_have_a_section_of_x_markers(language: Language) -> None:
    sections = page(report_of("man"), language)["sections"]
    assert len(sections) == 11
    text = json.dumps(sections, ensure_ascii=False)
    assert "DXS3" in text
    assert "east X" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_relatives_who_are_left_out_stand_among_the_notes(language: Language) -> None:
    report = report_of("man")
    assert report.x is not None
    left_out = replace(report, x=replace(report.x, left_out=("uncle", "aunt")))
    (note,) = set(page(left_out, language)["notes"]) - {*page(report, language)["notes"]}
    assert "uncle" in note
    assert "aunt" in note
