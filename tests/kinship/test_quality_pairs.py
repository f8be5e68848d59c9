"""Two profiles side by side: against full likelihoods, a grid of shares, and gene dropping."""

from __future__ import annotations

import math
from itertools import combinations_with_replacement, product

import numpy as np
import pytest

from reunion.kinship.book import CodeBook
from reunion.kinship.compile import Compiler
from reunion.kinship.frequencies import Frequencies, RareRule
from reunion.kinship.likelihood import MarkerModel, marker_likelihood
from reunion.kinship.markers import Genotype
from reunion.kinship.pedigree import (
    Pedigree,
    avuncular,
    first_cousins,
    half_siblings,
    siblings,
    single,
)
from reunion.kinship.quality.ibd import estimate_ibd, expected_ibd
from reunion.kinship.quality.pairwise import SHARES, PairMarkers, Relation, same_person

ALLELES = ("8", "9", "9.3", "11")
P = (0.1, 0.2, 0.3, 0.4)
MODEL = MarkerModel(Frequencies("M", ALLELES, P).prepared(rule=RareRule.AS_GIVEN))
BOOK = CodeBook(("M",), (ALLELES,))
MARKERS = PairMarkers.of(Compiler(BOOK, [MODEL]))
GENOTYPES: list[Genotype] = list(combinations_with_replacement(ALLELES, 2))


def lr(pedigree: Pedigree, one: str, other: str, first: Genotype, second: Genotype) -> float:
    """The LR against "unrelated" from full likelihoods."""
    apart = single("x").joined(single("y"))
    related = marker_likelihood(pedigree, MODEL, {one: first, other: second})
    return related / marker_likelihood(apart, MODEL, {"x": first, "y": second})


@pytest.mark.parametrize(
    ("pedigree", "one", "other", "shares"),
    [
        (siblings("a", "b"), "a", "father", (0.0, 1.0, 0.0)),
        (siblings("a", "b"), "a", "b", SHARES[Relation.FULL_SIBLINGS]),
        (half_siblings("a", "b"), "a", "b", SHARES[Relation.SECOND_DEGREE]),
        (first_cousins("a", "b"), "a", "b", (0.75, 0.25, 0.0)),
        (siblings("a", "b").with_twins("a", "b"), "a", "b", same_person(0.0)),
    ],
)
def test_shares_of_common_descent_give_the_likelihood_ratio_of_the_pedigree(
    pedigree: Pedigree, one: str, other: str, shares: tuple[float, float, float]
) -> None:
    for first, second in product(GENOTYPES, repeat=2):
        codes = [np.array([[BOOK.code("M", *genotype)]]) for genotype in (first, second)]
        ours = float(MARKERS.sharing(*codes).log10_lr(shares)[0, 0])
        theirs = lr(pedigree, one, other, first, second)
        assert 10**ours == pytest.approx(theirs, rel=1e-12)


def test_misreading_one_allele_at_random_is_what_the_shares_of_one_person_say() -> None:
    error = 0.03
    read = (1 - error) * np.eye(4) + error * np.array(P)

    def seen(genotype: Genotype, alleles: tuple[int, int]) -> float:
        """P(genotype is read | true alleles in order)."""
        a, b = (ALLELES.index(str(name)) for name in genotype)
        straight = float(read[alleles[0], a] * read[alleles[1], b])
        crossed = float(read[alleles[0], b] * read[alleles[1], a])
        return straight if a == b else straight + crossed

    for first, second in product(GENOTYPES, repeat=2):
        true = list(product(range(4), repeat=2))
        both = sum(P[t] * P[u] * seen(first, (t, u)) * seen(second, (t, u)) for t, u in true)
        apart = math.prod(
            sum(P[t] * P[u] * seen(g, (t, u)) for t, u in true) for g in (first, second)
        )
        codes = [np.array([[BOOK.code("M", *genotype)]]) for genotype in (first, second)]
        ours = 10 ** MARKERS.sharing(*codes).log10_lr(same_person(error))[0, 0]
        assert ours == pytest.approx(both / apart, rel=1e-12)


def test_a_genotype_half_known_counts_as_not_typed() -> None:
    half, whole = BOOK.code("M", "8", None), BOOK.code("M", "8", "9")
    sharing = MARKERS.sharing(np.array([[half]]), np.array([[whole]]))
    assert not sharing.typed.any()
    assert sharing.log10_lr(same_person(0.0))[0, 0] == 0


def test_the_table_of_a_person_is_the_comparison_with_every_genotype() -> None:
    row = np.array([BOOK.code("M", "8", "9.3")], dtype=np.uint16)
    table = MARKERS.table(row, SHARES[Relation.FULL_SIBLINGS])
    for genotype in GENOTYPES:
        code = BOOK.code("M", *genotype)
        one = MARKERS.sharing(row[None], np.array([[code]]))
        assert table[code] == one.log10_lr(SHARES[Relation.FULL_SIBLINGS])[0, 0]


def test_one_mismatch_excludes_no_parent() -> None:
    codes = [np.array([[BOOK.code("M", *g)]]) for g in (("8", "8"), ("9", "9"))]
    found = MARKERS.sharing(*codes).log10_lr(MARKERS.shares(Relation.PARENT_CHILD))
    assert np.isfinite(found).all()


@pytest.mark.kernels
@pytest.mark.parametrize("seed", range(4))
def test_the_estimated_shares_are_the_best_of_a_fine_grid(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, two = rng.gamma(1, 1, 25), rng.gamma(0.5, 2, 25)
    estimate = estimate_ibd(one, two)

    def log_likelihood(k1: float, k2: float) -> float:
        return float(np.log(1 - k1 - k2 + k1 * one + k2 * two).sum())

    grid = np.linspace(0, 1, 201)
    best = max(log_likelihood(k1, k2) for k1 in grid for k2 in grid if k1 + k2 <= 0.9999)
    assert log_likelihood(estimate.k1, estimate.k2) >= best - 1e-6


@pytest.mark.parametrize("relation", [Relation.FULL_SIBLINGS, Relation.SECOND_DEGREE])
def test_standard_errors_are_those_of_repeated_samples(relation: Relation) -> None:
    rng = np.random.default_rng(5)
    # Three things that can be seen at a marker, and their chances between unrelated persons.
    one, two = np.array([0.2, 5.0, 4.0]), np.array([0.0, 0.0, 60.0])
    unrelated = np.linalg.solve(np.stack([np.ones(3), one, two]), np.ones(3))
    law = unrelated * (np.stack([np.ones(3), one, two], axis=1) @ np.array(SHARES[relation]))
    estimates, errors = [], []
    for _ in range(300):
        seen = rng.choice(3, 400, p=law)
        estimate = estimate_ibd(one[seen], two[seen])
        estimates.append(estimate.k1)
        errors.append(estimate.errors[1])
    assert np.mean(errors) == pytest.approx(np.std(estimates), rel=0.25)


def test_markers_that_tell_nothing_leave_the_error_infinite() -> None:
    estimate = estimate_ibd(np.empty(0), np.empty(0))
    assert estimate.markers == 0
    assert estimate.errors == (math.inf, math.inf, math.inf)


def dropped(pedigree: Pedigree, one: str, other: str) -> tuple[float, float, float]:
    """k0, k1, k2 by running through every way in which founder alleles may be handed down."""
    order = pedigree.ordered()
    born = [person for person in order if not person.is_founder]
    shares = [0, 0, 0]
    for ways in product((0, 1), repeat=2 * len(born)):
        choice = iter(ways)
        genes = {}
        for person in order:
            if person.father is None or person.mother is None:
                genes[person.id] = [(person.id, 0), (person.id, 1)]
            else:
                parents = (person.father, person.mother)
                genes[person.id] = [genes[parent][next(choice)] for parent in parents]
        a, b = genes[one], genes[other]
        shares[max(sum(x == y for x, y in zip(a, c, strict=True)) for c in (b, b[::-1]))] += 1
    k0, k1, k2 = (share / 2 ** (2 * len(born)) for share in shares)
    return k0, k1, k2


DOUBLE_COUSINS = (
    siblings("f1", "f2", father="g1", mother="g2", sex="male")
    .joined(siblings("m1", "m2", father="g3", mother="g4", sex="female"))
    .with_child("a", father="f1", mother="m1")
    .with_child("b", father="f2", mother="m2")
)


@pytest.mark.parametrize(
    ("pedigree", "one", "other"),
    [
        (siblings("a", "b"), "a", "b"),
        (siblings("a", "b"), "father", "mother"),
        (siblings("a", "b"), "mother", "b"),
        (half_siblings("a", "b"), "a", "b"),
        (avuncular(), "uncle", "child"),
        (first_cousins("a", "b"), "a", "b"),
        (DOUBLE_COUSINS, "a", "b"),
        (DOUBLE_COUSINS, "a", "f2"),
    ],
)
def test_expected_shares_are_those_of_gene_dropping(
    pedigree: Pedigree, one: str, other: str
) -> None:
    assert expected_ibd(pedigree, one, other) == pytest.approx(dropped(pedigree, one, other))


def test_an_inbred_person_has_no_expected_shares() -> None:
    inbred = siblings("s", "t", sex="male").with_sex("t", "female")
    inbred = inbred.with_child("child", father="s", mother="t")
    assert expected_ibd(inbred, "child", "father") is None
