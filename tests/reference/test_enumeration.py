"""The slow reference against the peers' values, hand calculation, and the laws of probability."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.reference.cases import MODELS
from tests.reference.enumeration import Json, branches, likelihood, likelihoods
from tests.reference.golden import BY_PEERS, cases_of

P = {"8": 0.2, "9": 0.3, "10": 0.5}
TRIO: tuple[Mapping[str, Json], ...] = (
    {"id": "F", "father": None, "mother": None, "sex": "male"},
    {"id": "M", "father": None, "mother": None, "sex": "female"},
    {"id": "C", "father": "F", "mother": "M", "sex": "female"},
)
ALONE = TRIO[:1]
HALF_SIBLINGS: tuple[Mapping[str, Json], ...] = (
    *TRIO,
    {"id": "W", "father": None, "mother": None, "sex": "male"},
    {"id": "S", "father": "W", "mother": "M", "sex": "male"},
)


def marker(
    genotypes: Mapping[str, list[str | None]], frequencies: Mapping[str, float] | None = None
) -> dict[str, Json]:
    """A marker without mutation."""
    table = dict(frequencies or P)
    return {
        "name": "M1",
        "frequencies": table,
        "silent_allele": "silent" if "silent" in table else None,
        "mutation": {"model": "none"},
        "genotypes": dict(genotypes),
    }


def small_markers(case: Mapping[str, Json], limit: int) -> dict[str, list[int]]:
    """Under each hypothesis the markers that take at most `limit` branches."""
    every = range(len(case["markers"]))
    return {h: [i for i in every if branches(case, h, i) <= limit] for h in ("H1", "H2")}


def largest_difference(cases: list[dict[str, Json]], key: str, limit: int) -> tuple[float, int]:
    """Largest relative difference from the values under `key`, and how many were compared."""
    worst, count = 0.0, 0
    for case in cases:
        for hypothesis, numbers in small_markers(case, limit).items():
            few = dict(case, markers=[case["markers"][i] for i in numbers])
            few["familias_compatible"] = key == "familias_pruned"
            expected = [case[key][hypothesis][i] for i in numbers]
            for value, wanted in zip(likelihoods(few, hypothesis), expected, strict=True):
                assert (value == 0) == (wanted == 0)
                worst = max(worst, abs(value - wanted) / wanted if wanted else 0.0)
                count += 1
    return worst, count


def test_it_agrees_with_pedprobr_and_familias_on_small_families() -> None:
    worst, count = largest_difference(cases_of(BY_PEERS), "likelihood", limit=400)
    assert worst < 1e-12
    assert count > 1000


def test_it_cuts_untyped_persons_as_familias_does() -> None:
    cases = [case for case in cases_of(BY_PEERS) if "familias_pruned" in case]
    worst, count = largest_difference(cases, "familias_pruned", limit=400)
    assert worst < 1e-12
    assert count > 300


@pytest.mark.shared_data
def test_it_agrees_with_the_larger_set_of_reference_cases(shared_data: Path) -> None:
    cases = cases_of(shared_data / "reference_lrs.json")[::6]
    worst, count = largest_difference(cases, "likelihood", limit=200)
    assert worst < 1e-12
    assert count > 200


@pytest.mark.shared_data
def test_the_golden_cases_are_those_of_the_shared_data(shared_data: Path) -> None:
    assert BY_PEERS.read_bytes() == (shared_data / "golden_lrs.json").read_bytes()


@pytest.mark.parametrize(
    ("genotype", "expected"),
    [
        (["8", "8"], 0.2 * 0.2),
        (["8", "9"], 2 * 0.2 * 0.3),
        (["8", None], 1 - 0.8 * 0.8),  # 0.36: never taken as homozygous
    ],
)
def test_one_person_has_the_genotypes_of_hardy_and_weinberg(
    genotype: list[str | None], expected: float
) -> None:
    assert likelihood(ALONE, marker({"F": genotype})) == pytest.approx(expected, rel=1e-14)


def test_a_silent_allele_hides_behind_a_homozygote_and_is_never_seen_itself() -> None:
    table = {"8": 0.2, "9": 0.7, "silent": 0.1}
    apparent = likelihood(ALONE, marker({"F": ["8", "8"]}, table))
    assert apparent == pytest.approx(0.2 * 0.2 + 2 * 0.2 * 0.1, rel=1e-14)
    assert likelihood(ALONE, marker({"F": ["8", "9"]}, table)) == pytest.approx(0.28, rel=1e-14)


@pytest.mark.parametrize(
    ("genotype", "expected"),
    [
        (["8", "9"], 0.12 * 0.9**2),
        (["8", "8"], 0.04 * (1 - 0.1**2) + (2 * 0.2 * 0.8) * 0.1 * 0.9),
    ],
)
def test_an_allele_drops_out_with_its_own_probability(
    genotype: list[str | None], expected: float
) -> None:
    value = likelihood(ALONE, marker({"F": genotype}), dropout={"F": 0.1})
    assert value == pytest.approx(expected, rel=1e-14)


def test_an_inbred_founder_is_homozygous_by_descent_with_probability_f() -> None:
    same = likelihood(ALONE, marker({"F": ["8", "8"]}), founder_inbreeding={"F": 0.25})
    different = likelihood(ALONE, marker({"F": ["8", "9"]}), founder_inbreeding={"F": 0.25})
    assert same == pytest.approx(0.25 * 0.2 + 0.75 * 0.04, rel=1e-14)
    assert different == pytest.approx(0.75 * 0.12, rel=1e-14)


def test_at_theta_all_founders_draw_from_one_urn() -> None:
    strangers = (*ALONE, {"id": "D", "father": None, "mother": None, "sex": "male"})
    theta, p = 0.03, 0.2
    value = likelihood(strangers, marker({"F": ["8", "8"], "D": ["8", "8"]}), theta=theta)
    draws = [(n * theta + (1 - theta) * p) / (1 + (n - 1) * theta) for n in range(1, 4)]
    assert value == pytest.approx(p * math.prod(draws), rel=1e-14)


def test_a_father_gives_his_daughter_his_one_x_and_his_son_none() -> None:
    seen = marker({"F": ["8", "8"], "C": ["8", "9"]})
    assert likelihood(TRIO, seen, chrom="X") == pytest.approx(0.2 * 0.3, rel=1e-14)
    sons = (*TRIO[:2], dict(TRIO[2], sex="male"))
    value = likelihood(sons, marker({"F": ["8", "8"], "C": ["9", "9"]}), chrom="X")
    assert value == pytest.approx(0.2 * 0.3, rel=1e-14)


def test_identical_twins_share_one_genotype() -> None:
    pair = (*TRIO, dict(TRIO[2], id="T"))
    seen = marker({"C": ["8", "9"], "T": ["8", "9"]})
    assert likelihood(pair, seen, twins=[("C", "T")]) == pytest.approx(0.12, rel=1e-14)
    seen["genotypes"]["T"] = ["8", "8"]
    assert likelihood(pair, seen, twins=[("C", "T")]) == 0.0


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "settings",
    [{}, {"theta": 0.1}, {"chrom": "X"}, {"chrom": "X", "theta": 0.1}, {"inbreeding": 0.25}],
)
def test_the_genotypes_of_two_half_siblings_are_a_law(
    model: str, settings: Mapping[str, Json]
) -> None:
    first = marker({})
    rows = [[0.8, 0.2, 0.0], [0.1, 0.9, 0.0], [0.3, 0.3, 0.4]]
    first["mutation"] = {
        "model": model,
        "rate": {"female": 0.02, "male": 0.05},
        "range": 0.1,
        "rate2": 0.001,
        "matrix": {"female": rows, "male": rows[::-1]},
    }
    total = 0.0
    pairs = [list(pair) for pair in itertools.combinations_with_replacement(P, 2)]
    for of_son, of_daughter in itertools.product(pairs, repeat=2):
        if settings.get("chrom") == "X" and of_son[0] != of_son[1]:
            continue
        first["genotypes"] = {"S": of_son, "C": of_daughter}
        total += likelihood(
            HALF_SIBLINGS,
            first,
            theta=settings.get("theta", 0.0),
            chrom=settings.get("chrom", "auto"),
            founder_inbreeding={"M": settings.get("inbreeding", 0.0)},
        )
    assert total == pytest.approx(1, rel=1e-12)


def test_nobody_who_is_untyped_and_childless_changes_anything() -> None:
    seen = marker({"F": ["8", "9"], "C": ["8", "10"]})
    more = (*TRIO, {"id": "S", "father": "F", "mother": "M", "sex": "male"})
    assert likelihood(TRIO, seen, theta=0.1) == likelihood(more, seen, theta=0.1)


def test_the_order_in_which_persons_are_listed_means_nothing() -> None:
    seen = marker({"F": ["8", "9"], "C": ["8", "10"]})
    assert likelihood(TRIO, seen) == likelihood(TRIO[::-1], seen)


def test_a_case_too_large_is_known_before_it_starts() -> None:
    case = {"hypotheses": {"H1": TRIO}, "markers": [marker({"C": ["8", "9"]})]}
    assert branches(case, "H1", 0) == 9 * 9 * 2
