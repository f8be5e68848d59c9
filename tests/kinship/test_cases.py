"""The cases of `lr`: the schema is checked key by key, and expected results are never read."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import pytest

from reunion.kinship.cases import RESULTS, BadCase, evaluate, parse_case, read_cases

# Any: cases are JSON.
Json = Any


def _case(**changes: Json) -> Json:
    case = {
        "id": "duo",
        "candidate": "C",
        "hypotheses": {
            "H1": [
                {"id": "F", "father": None, "mother": None, "sex": "male"},
                {"id": "M", "father": None, "mother": None, "sex": "female"},
                {"id": "C", "father": "F", "mother": "M", "sex": "female"},
            ],
            "H2": [
                {"id": "F", "father": None, "mother": None, "sex": "male"},
                {"id": "C", "father": None, "mother": None, "sex": "female"},
            ],
        },
        "markers": [
            {
                "name": "TH01",
                "frequencies": {"6": 0.25, "7": 0.25, "9.3": 0.5},
                "silent_allele": None,
                "mutation": {"model": "none"},
                "genotypes": {"F": ["6", "7"], "C": ["6", "9.3"]},
            }
        ],
    }
    return {**case, **changes}


def _changed(path: str, value: Json) -> Json:
    case = copy.deepcopy(_case())
    place: Json = case
    *way, last = path.split("/")
    for key in way:
        place = place[int(key)] if isinstance(place, list) else place[key]
    place[last] = value
    return case


def _result(case: Json) -> dict[str, Json]:
    return evaluate(parse_case(case))


def test_a_duo_has_the_ratio_of_the_textbook() -> None:
    result = _result(_case())
    assert result["lr"] == [pytest.approx(1 / (4 * 0.25))]
    assert result["log10_lr_total"] == pytest.approx(0)
    assert result["likelihood"]["H2"] == [pytest.approx(2 * 0.25**2 * 2 * 0.25 * 0.5)]


def test_expected_results_in_the_file_change_nothing() -> None:
    plain = json.dumps(_result(_case()))
    corrupted = {key: {"H1": "nonsense", "x": [None, -1]} for key in RESULTS}
    assert json.dumps(_result({**_case(), **corrupted})) == plain


def test_one_case_a_list_and_an_object_are_read_alike() -> None:
    one = json.dumps(_case())
    assert read_cases(one) == read_cases(f"[{one}]") == read_cases(f'{{"cases": [{one}]}}')


def test_what_is_impossible_has_a_name_instead_of_a_number() -> None:
    excluded = _changed("markers/0/genotypes", {"F": ["6", "6"], "C": ["7", "7"]})
    assert _result(excluded)["lr"] == [0.0]
    assert _result(excluded)["log10_lr_total"] == "-Inf"
    both = copy.deepcopy(excluded)
    both["hypotheses"]["H2"] = both["hypotheses"]["H1"]
    assert _result(both)["lr"] == [None]
    assert _result(both)["log10_lr_total"] == "NaN"
    swapped = copy.deepcopy(excluded)
    swapped["hypotheses"] = {
        "H1": excluded["hypotheses"]["H2"],
        "H2": excluded["hypotheses"]["H1"],
    }
    assert _result(swapped)["lr"] == ["Inf"]
    assert _result(swapped)["log10_lr_total"] == "Inf"


def test_a_half_known_genotype_is_summed_and_not_taken_as_homozygous() -> None:
    case = _changed("markers/0/genotypes", {"C": ["6", None]})
    assert _result(case)["likelihood"]["H2"] == [pytest.approx(1 - 0.75**2)]


def test_drop_out_is_of_the_person_who_has_it() -> None:
    excluded = _changed("markers/0/genotypes", {"F": ["6", "6"], "C": ["7", "7"]})
    assert _result({**excluded, "dropout": {"F": 0.1}})["lr"][0] > 0


def test_a_rare_allele_follows_the_rule_of_the_case_and_the_result_says_so() -> None:
    rare = _changed("markers/0/genotypes", {"F": ["6", "8"], "C": ["8", "9.3"]})
    with pytest.raises(BadCase, match="allele 8 is not in the frequency table"):
        parse_case(rare)
    result = _result({**rare, "rare_alleles": {"rule": "five_over_2n", "two_n": 500}})
    assert result["alleles_added"] == {"TH01": ["8"]}
    assert result["lr"][0] == pytest.approx(1 / (4 * 0.01 / 1.01))


def test_the_least_total_over_populations_is_given() -> None:
    other = {"TH01": {"6": 0.5, "7": 0.25, "9.3": 0.25}}
    result = _result(_case(populations={"other": other}))
    assert result["log10_lr_populations"]["other"] == pytest.approx(math.log10(0.5))
    assert result["log10_lr_min_population"] == pytest.approx(math.log10(0.5))


def test_sixty_markers_and_fifteen_persons_do_not_underflow() -> None:
    case = copy.deepcopy(_case())
    children = [{"id": f"S{i}", "father": "F", "mother": "M", "sex": "male"} for i in range(12)]
    case["hypotheses"]["H1"] += children
    case["hypotheses"]["H2"] += [{"id": "M", "father": None, "mother": None, "sex": "female"}]
    case["hypotheses"]["H2"] += children
    marker = case["markers"][0]
    marker["frequencies"] = {"6": 1e-4, "7": 1e-4, "9.3": 0.9998}
    marker["mutation"] = {"model": "equal", "rate": {"female": 1e-6, "male": 1e-6}}
    marker["genotypes"] = {f"S{i}": ["6", "7"] if i % 2 else ["9.3", "6"] for i in range(12)}
    marker["genotypes"]["C"] = ["7", "7"]
    case["markers"] = [{**marker, "name": f"L{i}"} for i in range(60)]
    result = _result(case)
    assert math.isfinite(result["log10_lr_total"])
    assert result["log10_lr_total"] == pytest.approx(60 * math.log10(result["lr"][0]), rel=1e-12)


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("surprise", 1, "surprise: unknown key"),
        ("chrom", "Y", "chrom: wanted"),
        ("theta", "0.1", "theta: wanted a number"),
        ("hypotheses/H1", [], "H1: wanted a list of persons"),
        ("hypotheses/H3", [], "H3: unknown key"),
        ("hypotheses/H1/2/father", "X", "person X is not in the pedigree"),
        ("hypotheses/H1/2/father", "C", "own ancestor"),
        ("hypotheses/H1/2/sex", "M", "sex: wanted"),
        ("markers/0/frequencies/6", -0.25, "has the frequency -0.25"),
        ("markers/0/frequencies/6", 0.5, "sum to 1.25"),
        ("markers/0/mutation/model", "magic", "model: wanted one of"),
        ("markers/0/mutation", {"model": "equal"}, "rate: wanted a number for female"),
        ("markers/0/genotypes/F", ["6"], r"wanted \[allele, allele\]"),
        ("markers/0/genotypes/Z", ["6", "7"], "in neither hypothesis"),
        ("markers/0/silent_allele", "silent", "silent_allele: wanted"),
        ("dropout", {"Z": 0.1}, "person Z is in neither"),
        ("typed", ["Z"], "person Z is in neither"),
        ("candidate", "Z", "person Z is in neither"),
        ("rare_alleles", {"rule": "guess"}, "rule: wanted one of"),
        ("populations", {"other": {}}, "population other has no frequencies"),
        ("familias_compatible", 1, "wanted true or false"),
    ],
)
def test_a_fault_is_named_with_case_and_place(path: str, value: Json, complaint: str) -> None:
    with pytest.raises(BadCase, match=complaint) as refused:
        parse_case(_changed(path, value))
    assert "case duo" in str(refused.value)


@pytest.mark.parametrize("text", ["{", "3", "null", '"x"', "[" * 100_000])
def test_what_is_no_case_file_is_refused(text: str) -> None:
    with pytest.raises(BadCase):
        read_cases(text)


def test_a_case_that_is_no_object_is_refused_by_its_number() -> None:
    with pytest.raises(BadCase, match="case number 7"):
        parse_case(3, 7)


def test_familias_pruning_is_refused_at_theta_above_zero() -> None:
    with pytest.raises(BadCase, match="only at theta 0"):
        parse_case(_case(theta=0.01, familias_compatible=True))
