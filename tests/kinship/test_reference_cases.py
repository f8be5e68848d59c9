"""Every frozen reference case: likelihoods and LRs within 1e-9 relative, zeros as zeros.

`golden_lrs.json` and the enumeration cases are part of the repository; the larger
`reference_lrs.json` is read where the shared data is.
"""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reunion.kinship.cases import evaluate, parse_case, read_cases
from tests.settings import ROOT

# Any: cases are JSON.
Json = Any

GOLDEN = sorted((ROOT / "tests" / "golden").glob("*/*.json"))
TOLERANCE = 1e-9
CATEGORIES = (
    "apparent_mutation basic inbred_founder missing_markers mut_equal mut_proportional"
    " mut_stepwise rare_alleles silent silent_opposite_homozygotes theta theta_mutation x_linked"
).split()


@cache
def _cases(path: Path) -> list[Json]:
    return read_cases(path.read_text(encoding="utf-8"))


def relative_difference(found: Json, expected: Json) -> float:
    """0 where both are the same or the same word; infinite where only one is a number, or 0."""
    if found == expected:
        return 0.0
    if not (isinstance(found, float) and isinstance(expected, (int, float))) or expected == 0:
        return math.inf
    return abs(found - expected) / abs(expected)


def largest_difference(result: Json, case: Json) -> float:
    """The largest relative difference over all likelihoods and LRs of a case."""
    pairs = [
        *zip(result["likelihood"]["H1"], case["likelihood"]["H1"], strict=True),
        *zip(result["likelihood"]["H2"], case["likelihood"]["H2"], strict=True),
        *zip(result["lr"], case["lr"], strict=True),
    ]
    return max(relative_difference(*pair) for pair in pairs)


def check(cases: list[Json]) -> None:
    """Every case agrees, total and pruned values included."""
    assert cases
    for case in cases:
        result = evaluate(parse_case(case))
        assert largest_difference(result, case) <= TOLERANCE, case["id"]
        total, expected = result["log10_lr_total"], case["log10_lr_total"]
        if isinstance(expected, str):
            assert total == expected, case["id"]
        else:
            assert total == pytest.approx(expected, rel=0, abs=TOLERANCE), case["id"]
        if "familias_pruned" in case:
            result = evaluate(parse_case({**case, "familias_compatible": True}))
            for name in ("H1", "H2"):
                assert result["likelihood"][name] == pytest.approx(
                    case["familias_pruned"][name], rel=TOLERANCE
                ), case["id"]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_cases_agree(path: Path) -> None:
    check(_cases(path))


def test_golden_cases_are_there() -> None:
    assert {path.parent.name for path in GOLDEN} >= {"pedprobr-1.1.0", "enumeration"}
    assert len(_cases(ROOT / "tests/golden/pedprobr-1.1.0/golden_lrs.json")) == 86


@pytest.mark.parametrize("category", CATEGORIES)
def test_shared_reference_cases_agree(category: str, shared_data: Path) -> None:
    check([c for c in _cases(shared_data / "reference_lrs.json") if c["category"] == category])


def test_shared_reference_cases_are_all_looked_at(shared_data: Path) -> None:
    cases = _cases(shared_data / "reference_lrs.json")
    assert len(cases) == 204
    assert {case["category"] for case in cases} == set(CATEGORIES)


def test_corrupted_expectations_change_no_output(shared_data: Path) -> None:
    for case in _cases(shared_data / "reference_lrs.json")[::10]:
        plain = json.dumps(evaluate(parse_case(case)))
        corrupted = {**case, "likelihood": {}, "lr": "x", "log10_lr_total": -7, "primary": []}
        assert json.dumps(evaluate(parse_case(corrupted))) == plain
