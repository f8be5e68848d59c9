"""The random cases are small, whole, varied, and the same for the same seed."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from tests.reference.cases import FEATURES, MODELS, RandomCase, random_case, random_cases
from tests.reference.enumeration import branches, typed_in
from tests.reference.matrices import matrix_of
from tests.reference.shapes import SHAPES


def by_seed(seed: int) -> RandomCase:
    return random_case(random.Random(seed))  # noqa: S311 # a repeatable sequence is wanted


@given(random_cases())
def test_every_case_is_small_enough_or_has_nobody_left_to_type(made: RandomCase) -> None:
    everybody = [{row["id"] for row in made.case["hypotheses"][h]} for h in ("H1", "H2")]
    for i, marker in enumerate(made.case["markers"]):
        if everybody[0] & everybody[1] - marker["genotypes"].keys():
            assert all(branches(made.case, h, i, made.twins[h]) <= 2000 for h in ("H1", "H2"))


@given(random_cases())
def test_every_case_is_whole(made: RandomCase) -> None:
    case = made.case
    assert typed_in(case) == set(case["typed"])
    for marker in case["markers"]:
        assert abs(sum(marker["frequencies"].values()) - 1) < 1e-12
        for sex in ("female", "male"):
            for row in matrix_of(marker, sex):
                assert min(row) >= 0
                assert abs(sum(row) - 1) < 1e-12
    for h in ("H1", "H2"):
        sexes = {row["id"]: row["sex"] for row in case["hypotheses"][h]}
        assert set(sexes.values()) <= {"female", "male"}
        for row in case["hypotheses"][h]:
            assert row["father"] is None or sexes[row["father"]] == "male"
            assert row["mother"] is None or sexes[row["mother"]] == "female"
        for group in made.twins[h]:
            assert len({sexes[name] for name in group}) == 1


@given(st.integers(0, 10_000))
def test_the_same_seed_makes_the_same_case(seed: int) -> None:
    assert by_seed(seed) == by_seed(seed)


def test_many_seeds_show_every_shape_model_and_feature() -> None:
    names = " ".join(by_seed(seed).case["id"] for seed in range(300))
    models = {
        marker["mutation"]["model"]
        for seed in range(100)
        for marker in by_seed(seed).case["markers"]
    }
    assert models == set(MODELS)
    assert all(word in names for word in (*SHAPES, *FEATURES))
