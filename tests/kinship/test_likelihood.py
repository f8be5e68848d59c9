"""Likelihoods against full enumeration, on random small cases with every feature mixed."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings

from reunion.kinship.cases import evaluate, parse_case
from reunion.kinship.errors import BadGenotype, BadSetting, TooExpensive, UnknownAllele
from reunion.kinship.frequencies import Frequencies, RareRule
from reunion.kinship.likelihood import Budget, MarkerModel, marker_likelihood
from reunion.kinship.markers import Genotype
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.pedigree import Pedigree, Sex, first_cousins, siblings, single, trio
from tests.reference.cases import RandomCase, random_case, random_cases
from tests.reference.enumeration import branches, likelihood, likelihoods

F = Frequencies("M", ("8", "9", "10"), (0.2, 0.3, 0.5)).prepared(rule=RareRule.AS_GIVEN)
PLAIN = MarkerModel(F)
STEPWISE = Mutation(MutationKind.STEPWISE, female=0.001, male=0.003, rate2=1e-5, range=0.1)


def check(drawn: RandomCase) -> None:
    """Every likelihood of both hypotheses agrees with the enumeration."""
    case = parse_case(drawn.case)
    with_twins = {
        name: replace(pedigree, twins=tuple(map(tuple, drawn.twins[name])))
        for name, pedigree in case.hypotheses.items()
    }
    result = evaluate(replace(case, hypotheses=with_twins))["likelihood"]
    for name in ("H1", "H2"):
        expected = likelihoods(drawn.case, name, drawn.twins[name])
        for found, value in zip(result[name], expected, strict=True):
            assert math.isclose(found, value, rel_tol=1e-10), (name, drawn)


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(random_cases())
def test_random_cases_agree_with_enumeration(drawn: RandomCase) -> None:
    markers = range(len(drawn.case["markers"]))
    twins = drawn.twins.items()
    assume(all(branches(drawn.case, h, m, of) <= 20_000 for h, of in twins for m in markers))
    check(drawn)


@pytest.mark.kernels
@pytest.mark.parametrize("seed", range(8))
def test_a_few_cases_agree_compiled_and_not(seed: int) -> None:
    features = {"silent", "partial", "dropout", "missing"} if seed % 2 else {"x", "inbreeding"}
    shape = ("trio", "siblings", "uncle", "twin_siblings")[seed % 4]
    check(random_case(random.Random(seed), shape=shape, features=features, limit=500))  # noqa: S311 # a seeded draw


def _enumerated(pedigree: Pedigree, model: MarkerModel, genotypes: dict[str, Genotype]) -> float:
    """The reference value for a pedigree of ours, twins included."""
    mutation = model.mutation
    return likelihood(
        [
            {"id": p.id, "father": p.father, "mother": p.mother, "sex": p.sex.value}
            for p in pedigree
        ],
        {
            "name": "M",
            "frequencies": dict(zip(F.alleles, F.p.tolist(), strict=True)),
            "silent_allele": None,
            "mutation": {
                "model": mutation.kind.value,
                "rate": {"female": mutation.female, "male": mutation.male},
                "rate2": mutation.rate2,
                "range": mutation.range,
            },
            "genotypes": genotypes,
        },
        theta=model.theta,
        chrom="X" if model.x_linked else "auto",
        twins=pedigree.twins,
    )


@pytest.mark.parametrize("theta", [0.0, 0.02])
@pytest.mark.parametrize("x_linked", [False, True])
def test_identical_twins_have_one_genotype(theta: float, x_linked: bool) -> None:
    family = siblings("t1", "t2", "s", sex="female").with_twins("t1", "t2")
    family = family.with_child("c", father="h", mother="t2", sex="male")
    model = MarkerModel(F, STEPWISE, theta, x_linked)
    genotypes: dict[str, Genotype] = {
        "t1": ("8", "9"),
        "s": ("9", "10"),
        "c": ("8", "8"),
        "father": ("9", "9"),
    }
    found = marker_likelihood(family, model, genotypes)
    assert found == pytest.approx(_enumerated(family, model, genotypes), rel=1e-11)
    twin = marker_likelihood(family, model, {**genotypes, "t2": ("8", "9")})
    assert twin == pytest.approx(found, rel=1e-12)
    assert marker_likelihood(family, model, {**genotypes, "t2": ("8", "8")}) == 0


def test_a_child_of_twin_and_twin_spouses_is_a_loop_like_any_other() -> None:
    family = (
        siblings("a1", "a2", father="f1", mother="m1", sex="male")
        .joined(siblings("b1", "b2", father="f2", mother="m2", sex="female"))
        .with_twins("a1", "a2")
        .with_twins("b1", "b2")
        .with_child("x", father="a1", mother="b1")
        .with_child("y", father="a2", mother="b2")
    )
    model = MarkerModel(F, STEPWISE)
    genotypes: dict[str, Genotype] = {
        "x": ("8", "9"),
        "y": ("9", "10"),
        "f1": ("8", "9"),
        "m2": ("9", "10"),
    }
    assert marker_likelihood(family, model, genotypes) == pytest.approx(
        _enumerated(family, model, genotypes), rel=1e-11
    )


def test_theta_near_zero_meets_theta_zero() -> None:
    genotypes: dict[str, Genotype] = {"cousin_1": ("8", "8"), "cousin_2": ("8", "9")}
    at_zero = marker_likelihood(first_cousins(), PLAIN, genotypes)
    near = marker_likelihood(first_cousins(), MarkerModel(F, theta=1e-13), genotypes)
    assert near == pytest.approx(at_zero, rel=1e-10)


def test_components_share_one_subpopulation_at_theta_above_zero() -> None:
    two = single("a").joined(single("b"))
    genotypes: dict[str, Genotype] = {"a": ("8", "8"), "b": ("8", "8")}
    alone = marker_likelihood(single("a"), PLAIN, {"a": ("8", "8")})
    assert marker_likelihood(two, PLAIN, genotypes) == pytest.approx(alone**2, rel=1e-12)
    assert marker_likelihood(two, MarkerModel(F, theta=0.05), genotypes) > alone**2


def test_nobody_typed_has_likelihood_one() -> None:
    assert marker_likelihood(trio(), MarkerModel(F, theta=0.01), {}) == 1.0


def test_an_untyped_person_who_matters_is_not_pruned() -> None:
    model = MarkerModel(F, STEPWISE)
    genotypes: dict[str, Genotype] = {"child": ("8", "9"), "father": ("8", "8")}
    full = marker_likelihood(trio(), model, genotypes)
    pruned = marker_likelihood(trio(), model, genotypes, familias_compatible=True)
    assert 1e-9 < abs(full / pruned - 1) < 1e-2


def test_a_likelihood_below_what_a_float_can_hold_still_gives_the_ratio() -> None:
    others = [f"other_{i}" for i in range(60)]
    rare = {"8": 1e-4, "9": 1 - 1e-4}
    hypotheses = {"H1": trio("F", "M", "C"), "H2": trio("F", "M", "N").joined(single("C"))}
    for other in others:
        hypotheses = {name: of.joined(single(other)) for name, of in hypotheses.items()}
    case = {
        "id": "crowd",
        "hypotheses": {
            name: [
                {"id": p.id, "father": p.father, "mother": p.mother, "sex": p.sex.value}
                for p in pedigree
            ]
            for name, pedigree in hypotheses.items()
        },
        "markers": [
            {
                "name": "M",
                "frequencies": rare,
                "mutation": {"model": "none"},
                "genotypes": {
                    **{other: ["8", "8"] for other in others},
                    "F": ["8", "9"],
                    "C": ["8", "9"],
                },
            }
        ],
    }
    result = evaluate(parse_case(case))
    assert result["likelihood"]["H1"] == [0.0]
    assert result["lr"] == [pytest.approx((0.5 * (1 - 1e-4) + 0.5e-4) / (2e-4 * (1 - 1e-4)))]
    assert result["log10_lr_total"] == pytest.approx(math.log10(result["lr"][0]), abs=1e-12)


@pytest.mark.parametrize("genotype", [("8", "11"), ("silent", "8")])
def test_an_allele_that_cannot_be_seen_is_refused_by_name(genotype: Genotype) -> None:
    with pytest.raises(UnknownAllele, match=r"marker M: allele"):
        marker_likelihood(trio(), PLAIN, {"child": genotype})


def test_faults_of_genotypes_name_person_and_marker() -> None:
    x_linked = MarkerModel(F, x_linked=True)
    with pytest.raises(BadGenotype, match="person stranger, marker M"):
        marker_likelihood(trio(), PLAIN, {"stranger": ("8", "9")})
    with pytest.raises(BadGenotype, match="person father, marker M: a male has one X"):
        marker_likelihood(trio(), x_linked, {"father": ("8", "9")})
    with pytest.raises(BadGenotype, match="person child, marker M: an X marker needs"):
        marker_likelihood(trio(), x_linked, {"child": ("8", "9")})
    with pytest.raises(BadGenotype, match=r"drop-out 1\.5"):
        marker_likelihood(trio(), PLAIN, {"child": ("8", "9")}, dropout={"child": 1.5})


def test_settings_without_agreed_meaning_are_refused() -> None:
    inbred = trio().with_inbreeding("father", 0.1)
    with pytest.raises(BadSetting, match="cannot be combined with founder inbreeding"):
        marker_likelihood(inbred, MarkerModel(F, theta=0.01), {"child": ("8", "9")})
    with pytest.raises(BadSetting, match="one X"):
        marker_likelihood(
            inbred.with_sex("child", Sex.FEMALE),
            MarkerModel(F, x_linked=True),
            {"child": ("8", "9")},
        )
    with pytest.raises(BadSetting, match="theta"):
        MarkerModel(F, theta=1.0)


def test_a_contraction_beyond_its_budget_is_refused_before_it_starts() -> None:
    family = siblings("father", "uncle", father="gf", mother="gm", sex="male")
    for child in ("a", "b"):
        family = family.with_child(child, father="father", mother="mother")
    genotypes: dict[str, Genotype] = {"a": ("8", "9"), "b": ("9", "10"), "uncle": ("8", "8")}
    model = MarkerModel(F, STEPWISE, theta=0.01)
    with pytest.raises(TooExpensive, match=r"Cheaper: type one of the 4 untyped .* theta 0"):
        marker_likelihood(family, model, genotypes, budget=Budget(multiplications=10))
    with pytest.raises(TooExpensive, match="numbers in memory"):
        marker_likelihood(family, model, genotypes, budget=Budget(cells=10))
