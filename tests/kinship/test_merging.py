"""Families on both sides: a candidate with typed relatives, and pedigrees that become one."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reunion.kinship.errors import DuplicatePerson, ImpossibleMerge
from reunion.kinship.frequencies import Frequencies, RareRule
from reunion.kinship.identification.identify import (
    Candidate,
    IdentifySettings,
    SoughtGroup,
    identify,
)
from reunion.kinship.identification.merging import merged
from reunion.kinship.likelihood import MarkerModel, marker_likelihood
from reunion.kinship.markers import Genotype
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.pedigree import Pedigree, siblings, single, trio
from tests.reference.enumeration import likelihood

F = Frequencies("M", ("8", "9", "10"), (0.2, 0.3, 0.5)).prepared(rule=RareRule.AS_GIVEN)
MUTATION = Mutation(MutationKind.EQUAL, female=0.02, male=0.05)
EVERYTHING = IdentifySettings(least_log10_lr=-math.inf, undisputed_log10_lr=math.inf)

SEARCHING = siblings("s", "b", father="F", mother="M", sex="male")

SIDES: dict[str, tuple[Pedigree, Pedigree]] = {
    "a child of the candidate": (
        trio("y", "w", "k"),
        SEARCHING.with_child("k", father="s", mother="w"),
    ),
    "a sibling of the candidate": (
        siblings("y", "z", father="P", mother="Q", sex="male"),
        SEARCHING.with_child("z", father="F", mother="M", sex="male"),
    ),
    "a half sibling of the candidate": (
        siblings("y", father="P", mother="Q", sex="male").with_child("z", father="P", mother="R"),
        SEARCHING.with_child("z", father="F", mother="R"),
    ),
}
"""The candidate's side, and both sides as one pedigree written by hand."""


def _enumerated(pedigree: Pedigree, genotypes: dict[str, Genotype], theta: float) -> float:
    return likelihood(
        [
            {"id": p.id, "father": p.father, "mother": p.mother, "sex": p.sex.value}
            for p in pedigree
        ],
        {
            "name": "M",
            "frequencies": dict(zip(F.alleles, F.p.tolist(), strict=True)),
            "silent_allele": None,
            "mutation": {"model": "equal", "rate": {"female": 0.02, "male": 0.05}},
            "genotypes": genotypes,
        },
        theta=theta,
    )


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(sorted(SIDES)),
    st.sampled_from((0.0, 0.03)),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_families_on_both_sides_agree_with_one_pedigree_written_by_hand(
    side: str, theta: float, candidate_is_typed: bool, rng: object
) -> None:
    draw = rng.choice  # type: ignore[attr-defined] # a random.Random, which hypothesis wraps
    theirs, together = SIDES[side]
    seen: dict[str, Genotype] = {
        person: (draw(F.alleles), draw(F.alleles)) for person in ("F", "b", "z", "k")
    }
    mine = {person: seen[person] for person in ("F", "b")}
    known = {person: seen[person] for person in ("z", "k") if person in theirs}
    all_of = {**mine, **known}
    if candidate_is_typed:
        known["y"] = all_of["s"] = (draw(F.alleles), draw(F.alleles))
    group = SoughtGroup("A", SEARCHING, ("s",), {name: {"M": g} for name, g in mine.items()})
    candidate = Candidate("B", theirs, "y", {name: {"M": g} for name, g in known.items()})
    found = identify(group, [candidate], [MarkerModel(F, MUTATION, theta)], EVERYTHING)
    names = {person.id: f"B: {person.id}" for person in theirs}
    apart = SEARCHING.joined(theirs.renamed(names))
    strangers = _enumerated(
        apart, {**mine, **{names[person]: g for person, g in known.items()}}, theta
    )
    expected = math.log10(_enumerated(together, all_of, theta) / strangers)
    assert found.pairs[0].log10_lr == pytest.approx(expected, abs=1e-10)


def test_one_person_under_two_names_keeps_both_samples() -> None:
    one = merged(trio(), "child", single("other"), "other")
    model = MarkerModel(F)
    parents: dict[str, Genotype] = {"father": ("8", "9")}
    once = marker_likelihood(one, model, {**parents, "child": ("8", "10")})
    twice = marker_likelihood(one, model, {**parents, "child": ("8", "10"), "other": ("8", "10")})
    assert twice == pytest.approx(once, rel=1e-12)
    assert marker_likelihood(one, model, {"child": ("8", "10"), "other": ("8", "9")}) == 0


def test_a_founder_gets_the_parents_whom_the_other_side_knows() -> None:
    lost_mother = trio("h", "lost", "c")
    found = siblings("found", "sister", father="P", mother="Q", sex="female")
    one = merged(lost_mother, "lost", found, "found")
    assert one["lost"].father == "P"
    assert one.twins == (("lost", "found"),)
    seen: dict[str, Genotype] = {"c": ("8", "9"), "sister": ("8", "10")}
    by_hand = found.with_child("c", father="h", mother="found")
    model = MarkerModel(F, MUTATION)
    assert marker_likelihood(one, model, seen) == pytest.approx(
        marker_likelihood(by_hand, model, seen), rel=1e-12
    )


def test_twins_of_either_side_stay_twins() -> None:
    twins = siblings("s", "t", father="F", mother="M").with_twins("s", "t")
    one = merged(twins, "s", single("found"), "found")
    assert one.twins == (("s", "t", "found"),)
    assert one["found"].father == "F"


def test_persons_who_cannot_be_one_are_refused() -> None:
    with pytest.raises(ImpossibleMerge, match="sex differs"):
        merged(SEARCHING, "s", single("y", sex="female"), "y")
    with pytest.raises(DuplicatePerson):
        merged(SEARCHING, "s", single("b"), "b")
    # The father of the one pedigree would be two persons of the other.
    inbred = siblings("F", "aunt", father="G", mother="H").with_child(
        "s", father="F", mother="aunt"
    )
    outbred = (
        trio("P", "Q", "y")
        .with_parents("P", father="P1", mother="P2")
        .with_parents("Q", father="Q1", mother="Q2")
    )
    with pytest.raises(ImpossibleMerge, match="two different persons"):
        merged(inbred, "s", outbred, "y")
