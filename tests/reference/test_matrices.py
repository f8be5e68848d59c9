"""The reference's mutation matrices against figures worked out by hand, and their invariants."""

from __future__ import annotations

import pytest

from tests.reference.matrices import Matrix, matrix_of

LADDER = {"8": 0.1, "9": 0.2, "9.3": 0.1, "10": 0.3, "10.3": 0.1, "11": 0.2}


def of(model: str, *, silent: float = 0.0, **settings: float) -> Matrix:
    """The female matrix of a model over LADDER, rate 0.002."""
    frequencies = {name: p * (1 - silent) for name, p in LADDER.items()}
    marker = {
        "frequencies": frequencies | ({"silent": silent} if silent else {}),
        "silent_allele": "silent" if silent else None,
        "mutation": {"model": model, "rate": {"female": 0.002, "male": 0.1}, **settings},
    }
    return matrix_of(marker, "female")


def entry(matrix: Matrix, parent: str, child: str) -> float:
    return matrix[list(LADDER).index(parent)][list(LADDER).index(child)]


@pytest.mark.parametrize(
    ("parent", "child", "expected"),
    [
        ("9", "8", 9.52381e-4),
        ("8", "9", 1.801802e-3),
        ("9.3", "10.3", 0.002),
        ("8", "9.3", 5e-5),
        ("8", "8", 1 - 0.002 - 1e-4),
    ],
)
def test_a_step_is_likelier_than_two_and_a_change_of_microgroup_is_apart(
    parent: str, child: str, expected: float
) -> None:
    matrix = of("stepwise", range=0.1, rate2=1e-4)
    assert entry(matrix, parent, child) == pytest.approx(expected, rel=1e-6)


def test_one_step_reaches_only_the_neighbours_and_9_3_has_one() -> None:
    matrix = of("onestep")
    assert entry(matrix, "9", "8") == entry(matrix, "9", "10") == 0.001
    assert entry(matrix, "9.3", "10.3") == 0.002
    assert entry(matrix, "9", "9.3") == entry(matrix, "9", "11") == 0.0


def test_an_allele_without_neighbours_stays_what_it_is() -> None:
    mutation = {"model": "onestep", "rate": {"female": 0.1, "male": 0.1}}
    marker = {"frequencies": {"8": 0.5, "12": 0.5}, "silent_allele": None, "mutation": mutation}
    assert matrix_of(marker, "male") == [[1.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize("model", ["proportional", "dawid"])
def test_a_stationary_model_keeps_the_frequencies_and_mutates_at_the_stated_rate(
    model: str,
) -> None:
    matrix, p = of(model, range=0.1), list(LADDER.values())
    for child, expected in enumerate(p):
        assert sum(q * row[child] for q, row in zip(p, matrix, strict=True)) == pytest.approx(
            expected, rel=1e-12
        )
    rate = sum(q * (1 - matrix[i][i]) for i, q in enumerate(p))
    assert rate == pytest.approx(0.002, rel=1e-12)


@pytest.mark.parametrize("model", ["none", "equal", "proportional", "onestep", "stepwise", "dawid"])
@pytest.mark.parametrize("silent", [0.0, 0.05])
def test_every_row_is_a_law_and_the_silent_allele_takes_no_part(model: str, silent: float) -> None:
    matrix = of(model, silent=silent, range=0.1, rate2=1e-4)
    for row in matrix:
        assert sum(row) == pytest.approx(1, rel=1e-12)
        assert min(row) >= 0
    if silent:
        assert matrix[-1] == [0.0] * len(LADDER) + [1.0]
        assert [row[-1] for row in matrix[:-1]] == [0.0] * len(LADDER)


def test_a_custom_matrix_is_taken_as_it_is_and_the_silent_allele_added() -> None:
    marker = {
        "frequencies": {"silent": 0.1, "8": 0.4, "9": 0.5},
        "silent_allele": "silent",
        "mutation": {"model": "custom", "matrix": {"female": [[0.9, 0.1], [0.2, 0.8]]}},
    }
    assert matrix_of(marker, "female") == [[1.0, 0.0, 0.0], [0.0, 0.9, 0.1], [0.0, 0.2, 0.8]]
