"""Mutation matrices: published values, and what every model must satisfy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reunion.kinship.errors import BadMutation
from reunion.kinship.mutation import FloatArray, Mutation, MutationKind
from tests.reference.matrices import matrix_of

ALLELES = ("8", "9", "9.3", "10", "10.3", "11")
STEPWISE = Mutation(MutationKind.STEPWISE, female=0.002, male=0.002, rate2=1e-4, range=0.1)
ANY = [kind for kind in MutationKind if kind is not MutationKind.CUSTOM]


def _even(n: int) -> FloatArray:
    return np.full(n, 1 / n)


def _entry(matrix: FloatArray, parent: str, child: str) -> float:
    return float(matrix[ALLELES.index(parent), ALLELES.index(child)])


@pytest.mark.parametrize(
    ("parent", "child", "value"),
    [("9", "8", 9.52381e-4), ("8", "9", 1.801802e-3), ("9.3", "10.3", 0.002), ("8", "9.3", 5e-5)],
)
def test_stepwise_gives_the_published_values(parent: str, child: str, value: float) -> None:
    female, _ = STEPWISE.transitions(ALLELES, _even(6))
    assert _entry(female, parent, child) == pytest.approx(value, rel=1e-6)


def test_half_repeats_fall_in_the_microgroups_of_the_peers() -> None:
    female, _ = STEPWISE.transitions(("9.5", "10.5"), _even(2))
    assert female[0, 1] == pytest.approx(1e-4)


@given(
    st.sampled_from(ANY),
    st.lists(st.integers(50, 300), min_size=1, max_size=9, unique=True),
    st.floats(0, 0.01),
    st.floats(0, 0.01),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_every_model_agrees_with_its_formula_and_rows_sum_to_one(
    kind: MutationKind, tenths: list[int], female: float, male: float, silent: bool, random: object
) -> None:
    names = [f"{t // 10}.{t % 10}" if t % 10 else str(t // 10) for t in sorted(tenths)]
    p = np.linspace(1, 2, len(names))
    p /= p.sum()
    if silent:
        names, p = [*names, "silent"], np.append(p * 0.95, 0.05)
    model = Mutation(kind, female=female, male=male, rate2=1e-3, range=0.2)
    matrices = model.transitions(names, p, silent=len(names) - 1 if silent else -1)
    marker = {
        "name": "X",
        "frequencies": dict(zip(names, p.tolist(), strict=True)),
        "silent_allele": "silent" if silent else None,
        "mutation": {
            "model": kind.value,
            "rate": {"female": female, "male": male},
            "rate2": 1e-3,
            "range": 0.2,
        },
    }
    for matrix, sex in zip(matrices, ("female", "male"), strict=True):
        np.testing.assert_allclose(matrix, matrix_of(marker, sex), rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(matrix.sum(axis=1), 1, atol=1e-12)
        assert (matrix >= 0).all()
        if silent:
            assert matrix[-1, -1] == 1
            assert not matrix[:-1, -1].any()


@pytest.mark.parametrize("kind", [MutationKind.PROPORTIONAL, MutationKind.DAWID])
def test_stationary_models_keep_the_frequencies_and_the_rate(kind: MutationKind) -> None:
    p = np.array([0.05, 0.1, 0.15, 0.2, 0.2, 0.3])
    matrix, _ = Mutation(kind, female=0.003).transitions(ALLELES, p)
    np.testing.assert_allclose(p @ matrix, p, rtol=1e-13)
    assert (p * (1 - np.diag(matrix))).sum() == pytest.approx(0.003, rel=1e-12)


def test_a_rate_beyond_what_proportional_allows_is_refused_by_name() -> None:
    with pytest.raises(BadMutation, match="marker X: the mutation model proportional"):
        Mutation(MutationKind.PROPORTIONAL, male=0.9).transitions(
            ("8", "9"), np.array([0.01, 0.99]), marker="X"
        )


def test_stepwise_refuses_names_without_a_size() -> None:
    with pytest.raises(BadMutation, match="allele A has no size"):
        STEPWISE.transitions(("A", "9"), _even(2))


def test_a_custom_matrix_must_fit_the_alleles() -> None:
    rows = ((0.9, 0.1), (0.2, 0.8))
    model = Mutation(MutationKind.CUSTOM, matrices=(rows, rows))
    female, _ = model.transitions(("8", "9", "silent"), np.array([0.4, 0.5, 0.1]), silent=2)
    assert female.tolist() == [[0.9, 0.1, 0], [0.2, 0.8, 0], [0, 0, 1]]
    with pytest.raises(BadMutation, match="must have 3 rows"):
        model.transitions(("8", "9", "10"), _even(3))
    with pytest.raises(BadMutation, match="a row that is not 1"):
        Mutation(MutationKind.CUSTOM, matrices=(((0.9, 0.2), (0, 1)),) * 2).transitions(
            ("8", "9"), _even(2)
        )
