"""Joint identification against brute force, and the rules that make it affordable."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reunion.kinship.frequencies import Frequencies, RareRule
from reunion.kinship.identification.identify import (
    Candidate,
    Identification,
    IdentifySettings,
    Reading,
    SoughtGroup,
    identify,
)
from reunion.kinship.likelihood import MarkerModel
from reunion.kinship.markers import Genotype
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.pedigree import Pedigree, Sex, siblings, trio
from tests.reference.joint import Problem

MUTATION = Mutation(MutationKind.EQUAL, female=0.02, male=0.05)

FAMILIES: dict[str, tuple[Pedigree, tuple[str, ...], tuple[str, ...]]] = {
    "two children of a couple": (siblings("a", "b"), ("a", "b"), ("father", "mother")),
    "three siblings of one": (siblings("a", "b", "c", "d"), ("a", "b", "c"), ("d",)),
    "father and son": (
        trio("f", "m", "c", sex="male").with_child("k", father="c", mother="w"),
        ("c", "k"),
        ("f", "m", "w"),
    ),
    "brother and his child": (
        siblings("a", "b", sex="male").with_child("k", father="b", mother="w", sex="female"),
        ("b", "k"),
        ("a", "w"),
    ),
    "both parents": (siblings("a", "b"), ("father", "mother"), ("a", "b")),
}


def _models(rng: random.Random, theta: float) -> list[MarkerModel]:
    models = []
    for name in ("M1", "M2"):
        weights = [rng.randint(1, 9) for _ in range(3)]
        values = tuple(weight / sum(weights) for weight in weights)
        table = Frequencies(name, ("8", "9", "10"), values).prepared(rule=RareRule.AS_GIVEN)
        models.append(MarkerModel(table, MUTATION, theta))
    return models


def _profile(rng: random.Random) -> dict[str, Genotype]:
    return {
        name: (rng.choice(("8", "9", "10")), rng.choice(("8", "9", "10")))
        for name in ("M1", "M2")
        if rng.random() < 0.85
    }


def _problem(
    group: SoughtGroup, candidates: Sequence[Candidate], models: Sequence[MarkerModel]
) -> Problem:
    """The same question for the brute force."""
    return Problem(
        rows=[
            {"id": p.id, "father": p.father, "mother": p.mother, "sex": p.sex.value}
            for p in group.pedigree
        ],
        sought=group.sought,
        markers=[
            {
                "name": model.name,
                "frequencies": dict(
                    zip(model.frequencies.alleles, model.laws.p.tolist(), strict=True)
                ),
                "silent_allele": None,
                "mutation": {"model": "equal", "rate": {"female": 0.02, "male": 0.05}},
                "genotypes": {
                    person: list(profile[model.name]) if model.name in profile else None
                    for person, profile in group.profiles.items()
                },
            }
            for model in models
        ],
        shown=[
            {name: list(genotype) for name, genotype in one.profiles[one.person].items()}
            for one in candidates
        ],
        sexes=[one.sex.value for one in candidates],
        theta=models[0].theta,
    )


def _same(
    found: Identification,
    problem: Problem,
    candidates: Sequence[Candidate],
    odds: dict[tuple[int, int], float],
) -> None:
    """Marginals of all pairs, and the posterior of every assignment, agree with brute force."""
    exact = problem.posteriors(odds)
    place = {one.id: at for at, one in enumerate(candidates)}
    for pair in found.pairs:
        slot, at = problem.sought.index(pair.sought), place[pair.candidate]
        marginal = math.fsum(p for chosen, p in exact.items() if chosen[slot] == at)
        assert pair.posteriors[Reading.GLOBAL] == pytest.approx(marginal, abs=1e-9)
    assert math.fsum(one.ways for one in found.assignments) == len(exact)
    for one in found.assignments:
        chosen: list[int | None] = [None] * len(problem.sought)
        for candidate, sought in one.pairs:
            chosen[problem.sought.index(sought)] = place[candidate]
        assert one.posterior / one.ways == pytest.approx(exact[tuple(chosen)], abs=1e-9)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(sorted(FAMILIES)),
    st.integers(0, 3),
    st.sampled_from((0.0, 0.0, 0.03)),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_joint_identification_equals_exhaustive_enumeration(
    family: str, n: int, theta: float, stated_prior: bool, rng: random.Random
) -> None:
    pedigree, sought, others = FAMILIES[family]
    models = _models(rng, theta)
    typed = {person: _profile(rng) for person in others if rng.random() < 0.8}
    group = SoughtGroup("F", pedigree, sought, typed)
    candidates = [
        Candidate.alone(f"c{at}", _profile(rng), sex=rng.choice(list(Sex))) for at in range(n)
    ]
    odds = {}
    if stated_prior:
        odds = {(at, s): rng.choice((0.1, 1.0, 3.0)) for at in range(n) for s in range(len(sought))}
    chosen = IdentifySettings(
        least_log10_lr=-math.inf,
        undisputed_log10_lr=math.inf,
        top=100_000,
        pair_odds={(f"c{at}", sought[s]): value for (at, s), value in odds.items()},
    )
    found = identify(group, candidates, models, chosen)
    _same(found, _problem(group, candidates, models), candidates, odds)
