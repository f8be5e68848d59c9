"""The report of one lead: the sum can be redone from it, and it says all that it must."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from reunion.kinship.cases import BadCase, evaluate, parse_case, read_cases
from reunion.kinship.compile import Compiler, Family
from reunion.kinship.errors import BadSetting, UnknownProfile
from reunion.kinship.formats.dataset import Rules
from reunion.kinship.formats.familias import read_familias
from reunion.kinship.likelihood import marker_likelihood
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.pedigree import siblings, trio
from reunion.kinship.report.document import as_json
from reunion.kinship.report.familias import export_familias, familias_dataset
from reunion.kinship.report.lead import Amended, Linkage, LinkedMarkers, lead_report
from reunion.kinship.report.words import LANGUAGES, hypotheses
from reunion.kinship.search import Settings, find_leads
from reunion.packs.dna import load_dna
from tests.kinship.leads import (
    BOOK,
    EAST,
    FAMILY,
    LOCI,
    MOTHER,
    PARTICULARS,
    SIBLING,
    STEPWISE,
    WEST,
    lead,
    people,
)

TWINS = replace(FAMILY, pedigree=FAMILY.pedigree.with_sex("child", "female"))
FAMILIES = {
    "siblings": FAMILY,
    "drop-out": replace(FAMILY, dropout={"sister": 0.1}),
    "twin of the sought person": replace(
        TWINS, pedigree=TWINS.pedigree.with_twins("child", "sister")
    ),
    "twins among the relatives": Family(
        "F2",
        siblings("child", "s", "t", sex="male").with_twins("s", "t"),
        "child",
        {"s": SIBLING, "mother": MOTHER},
    ),
    "a relative called like the sample": Family(
        "F3", trio("S1", "mother", "child"), "child", {"S1": SIBLING}
    ),
    "inbred founder": Family(
        "F4", trio().with_inbreeding("mother", 0.25), "child", {"mother": MOTHER}
    ),
    "nobody informative": Family("F5", trio(), "child", {}),
}


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES.keys())
@pytest.mark.parametrize("sample", ["S1", "S2", "S3"])
@pytest.mark.parametrize(
    ("mutation", "theta"),
    [(STEPWISE, 0.0), (STEPWISE, 0.02), (Mutation(MutationKind.EQUAL, 0.01, 0.02), 0.0)],
    ids=["stepwise", "theta", "equal"],
)
def test_the_command_lr_gives_the_figures_of_the_report_again(
    family: Family, sample: str, mutation: Mutation, theta: float
) -> None:
    if family.id == "F4":
        theta = 0.0  # theta and founder inbreeding exclude one another
    report = lead(family, sample, mutation=mutation, theta=theta)
    document = json.loads(json.dumps(as_json(report), allow_nan=False))
    (raw,) = read_cases(json.dumps(document))
    again = evaluate(parse_case(raw))
    assert float(again["log10_lr_total"]) == pytest.approx(report.log10_lr, abs=1e-9)
    west = float(again["log10_lr_populations"]["west"])
    assert west == pytest.approx(report.totals["west"], abs=1e-9)
    assert float(again["log10_lr_min_population"]) == pytest.approx(report.least[1], abs=1e-9)
    shown = [10 ** marker.log10_lr["east"] for marker in report.markers]
    assert again["lr"] == pytest.approx(shown, rel=1e-9)


def test_an_excluded_candidate_has_a_report_too() -> None:
    family = Family("F", trio(), "child", {"father": {"L1": ("10", "10")}})
    report = lead(family, "S3", mutation=Mutation())
    document = as_json(report)
    assert document["results"]["log10_lr"] == "-Inf"
    assert document["results"]["posterior"] == 0.0
    assert document["results"]["inconsistent_markers"] == ["L1"]
    (raw,) = read_cases(json.dumps(document))
    assert evaluate(parse_case(raw))["log10_lr_total"] == "-Inf"


def test_rank_and_posterior_are_those_of_the_search() -> None:
    compilers = [Compiler.of_table(BOOK, of, dict.fromkeys(LOCI, STEPWISE)) for of in (EAST, WEST)]
    settings = Settings(min_log10_lr=-100.0, threads=1)
    found = find_leads([FAMILY], people(), compilers, settings)
    for hit in found.leads:
        report = lead(FAMILY, hit.sample_id)
        assert report.standing.rank == hit.rank
        assert report.standing.posterior == pytest.approx(hit.posterior, rel=1e-12)
        assert report.log10_lr == hit.log10_lr
        assert report.least[1] == pytest.approx(hit.log10_lr_min_population, rel=1e-12)
        assert report.inconsistent == hit.inconsistent_markers


def test_the_report_says_all_that_another_expert_needs() -> None:
    document = as_json(lead())
    assert document["settings"] == {
        "theta": 0.0,
        "rare_alleles": "five_over_2n",
        "mutation_models": ["stepwise"],
        "dropout": {},
        "familias_compatible": False,
    }
    east, west = document["frequency_tables"]
    assert east["source"] == "study of east"
    assert (east["is_default"], west["is_default"]) == (True, False)
    assert east["version"] != west["version"]
    assert [of["sha256"] for of in document["inputs"]] == ["a" * 64, "b" * 64]
    assert document["software"].keys() == {"reunion", "python", "numpy"}
    assert (document["number"], document["date"]) == ("R-1", "2026-03-04")
    (first, *_) = document["markers"]
    assert first["genotypes"] == {"sister": ["8", "9"], "mother": ["8", "8"], "S1": ["8", "9"]}
    assert first["mutation"]["rate"] == {"female": 0.001, "male": 0.003}
    assert first["alleles_added"] == {"east": ["11"], "west": ["11"]}
    assert first["least_frequency"] == {"east": 0.025, "west": 0.025}
    assert document["family"]["samples"] == {"sister": "X1", "mother": "X2"}
    power = document["power"]
    assert power["expected_false_leads_at_lead"] == pytest.approx(3 * power["false_rate_at_lead"])


def test_both_hypotheses_stand_in_words_in_both_languages() -> None:
    pedigree = FAMILY.pedigree.with_child("k", father="w", mother="child")
    family = replace(FAMILY, pedigree=pedigree)
    report = lead(family)
    english, chinese = (hypotheses(report, language) for language in LANGUAGES)
    assert "S1 is child, the sought person of family F1" in english["H1"]
    assert "child is the child of father and mother" in english["H1"]
    assert "child is a parent of k" in english["H1"]
    assert "not related to family F1" in english["H2"]
    assert "检材S1的来源者即家庭F1的被寻人child" in chinese["H1"]
    assert "无亲缘关系" in chinese["H2"]
    assert "never a decision" in as_json(report)["statement"]["en"]


def test_an_amended_report_names_what_it_replaces() -> None:
    particulars = replace(PARTICULARS, amends=Amended("R-0", "c" * 64), is_synthetic=True)
    document = as_json(lead(particulars=particulars))
    assert document["amends"] == {"number": "R-0", "sha256": "c" * 64}
    assert document["is_synthetic"] is True
    assert as_json(lead())["amends"] is None


def test_linked_markers_stand_with_both_figures() -> None:
    group = LinkedMarkers(("L1", "L2"), (0.1,), 0.5, 0.7)
    document = as_json(replace(lead(), linkage=Linkage((group,), 1.25, "east")))
    assert document["linked_markers"]["log10_lr"] == 1.25
    assert document["linked_markers"]["groups"][0]["log10_lr_linked"] == 0.7
    assert as_json(lead())["linked_markers"] is None


def test_nobody_else_is_reported_on() -> None:
    with pytest.raises(UnknownProfile, match="profile S9"):
        lead(sample="S9")
    compilers = [Compiler.of_table(BOOK, EAST, {})] * 2
    with pytest.raises(BadSetting, match="different names"):
        lead_report(FAMILY, "S1", people(), compilers, (EAST, EAST), PARTICULARS)
    inbred = Family("F", trio().with_inbreeding("mother", 0.25), "mother", {"child": MOTHER})
    with pytest.raises(BadSetting, match="inbred sought person"):
        as_json(lead(inbred))


def test_the_export_opens_as_familias_project_with_both_hypotheses(tmp_path: Path) -> None:
    report = lead()
    (loss,) = export_familias(report, tmp_path / "report.fam")
    assert "one frequency table" in str(loss)
    assert loss.value == "west"
    dataset = familias_dataset(report)
    read = read_familias(tmp_path / "report.fam", Rules(load_dna().checks()))
    assert {family.id for family in read.dataset.families} == {"H1", "H2"}
    log10 = {}
    for family in dataset.families:
        log10[family.id] = 0.0
        for model in report.models["east"]:
            name = model.name
            seen = {s.id: s.genotypes[name] for s in dataset.samples if name in s.genotypes}
            log10[family.id] += math.log10(marker_likelihood(family.pedigree, model, seen))
    assert log10["H1"] - log10["H2"] == pytest.approx(report.log10_lr, abs=1e-9)


def test_the_export_states_theta_and_names_the_drop_out_that_it_lacks(tmp_path: Path) -> None:
    family = replace(FAMILY, dropout={"sister": 0.1})
    losses = export_familias(lead(family, theta=0.02), tmp_path / "report.fam")
    assert "drop-out probability 0.1" in " ".join(map(str, losses))
    assert "Theta/Kinship/Fst: 0.02 )" in (tmp_path / "report.fam").read_text(encoding="utf-8")


@pytest.mark.parametrize("sample", ["S1", "S2", "S3"])
def test_the_figures_of_evidence_are_those_of_the_table_with_the_least_lr(sample: str) -> None:
    report = lead(sample=sample)
    table, least = report.least
    power = as_json(report)["power"]
    assert power["table"] == table
    assert power["log10_lr"] == least == min(report.totals.values())
    assert power["by_table"].keys() == {"east", "west"}
    for name, of in power["by_table"].items():
        law = report.laws[name]
        assert of["sensitivity_at_lead"] == law.sensitivity(report.totals[name])
        assert of["expected_false_leads_at_lead"] == 3 * law.false_rate(report.totals[name])
        assert of["expected_false_leads_at_threshold"] <= power["wanted_false_leads"]
    assert power["by_table"][table].items() <= power.items()


@pytest.mark.parametrize("twins", [["a"], {"H1": [["a", 1]]}, {"H3": []}])
def test_twins_of_a_case_are_groups_of_names_by_hypothesis(twins: object) -> None:
    (raw,) = read_cases(json.dumps(as_json(lead())))
    with pytest.raises(BadCase, match="twins"):
        parse_case({**raw, "twins": twins})
