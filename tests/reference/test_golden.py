"""The golden cases by enumeration are what the enumeration gives, and cover what they claim."""

from __future__ import annotations

import pytest

from tests.reference.enumeration import Json, branches, likelihoods
from tests.reference.golden import BY_ENUMERATION, cases_of

CASES = cases_of(BY_ENUMERATION)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_the_values_are_those_of_the_enumeration(case: dict[str, Json]) -> None:
    for hypothesis in ("H1", "H2"):
        for i, marker in enumerate(case["markers"]):
            if branches(case, hypothesis, i) <= 1000:
                value = likelihoods(dict(case, markers=[marker]), hypothesis)[0]
                assert value == pytest.approx(case["likelihood"][hypothesis][i], rel=1e-12, abs=0)


def test_the_cases_cover_what_peers_do_not() -> None:
    def some(key: str) -> bool:
        return any(case.get(key) for case in CASES)

    markers = [marker for case in CASES for marker in case["markers"]]
    models = {marker["mutation"]["model"] for marker in markers}
    genotypes = [g for marker in markers for g in marker["genotypes"].values()]
    assert {"onestep", "dawid", "custom"} <= models
    assert any(g is not None and None in g for g in genotypes)
    assert any(g is None for g in genotypes)
    assert some("dropout")
    assert some("familias_compatible")
    assert some("founder_inbreeding")
    assert any(
        case["theta"] and any(marker["silent_allele"] for marker in case["markers"])
        for case in CASES
    )
    assert {"-Inf", "Inf", "NaN"} <= {case["log10_lr_total"] for case in CASES}


def test_most_cases_speak_for_or_against_a_relationship() -> None:
    totals = [case["log10_lr_total"] for case in CASES]
    assert sum(isinstance(total, float) and abs(total) > 0.01 for total in totals) == 41
