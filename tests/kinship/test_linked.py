"""Linked markers against full enumeration of haplotypes, closed formulas and known cases."""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reunion.kinship.compile import Family
from reunion.kinship.errors import BadSetting, TooExpensive
from reunion.kinship.frequencies import Frequencies, RareRule
from reunion.kinship.likelihood import Budget, MarkerModel, marker_likelihood
from reunion.kinship.linked import (
    LinkedLoci,
    MapFunction,
    linked_likelihood,
    linked_loci,
    linked_lr,
    recombination,
)
from reunion.kinship.markers import Catalogue, Genotype, Locus
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.pedigree import (
    Pedigree,
    avuncular,
    grandparents,
    half_siblings,
    siblings,
    trio,
)
from tests.reference.linked import likelihood

# dna.md 3.6: pair, distance in cM, r by Haldane and by Kosambi.
PAIRS = (
    ("D12S391", "vWA", 11.9, 0.106, 0.117),
    ("D19S253", "D19S433", 12.5, 0.110, 0.122),
    ("D8S1132", "D8S1179", 16.5, 0.140, 0.159),
    ("CSF1PO", "D5S818", 27.8, 0.213, 0.252),
    ("D11S2368", "TH01", 28.4, 0.217, 0.257),
    ("D7S1517", "D7S820", 31.9, 0.236, 0.282),
    ("D13S317", "D13S325", 34.9, 0.251, 0.302),
    ("D22GATA198B05", "D22S1045", 38.8, 0.270, 0.325),
    ("D3S1744", "D3S3045", 40.3, 0.277, 0.334),
    ("D21S11", "Penta D", 44.7, 0.296, 0.357),
    ("D3S1358", "D3S3045", 49.7, 0.315, 0.380),
)

MUTATION = Mutation(MutationKind.EQUAL, female=0.03, male=0.08)
STRANGE = {
    "grandchild": grandparents("y", grandfather="x", through="mother"),
    "half sibling": half_siblings("x", "y", through="mother"),
    "nephew": avuncular("y", "x", through="mother"),
}
"""Three relationships that independent markers cannot tell apart."""


def _model(name: str, *weights: float, mutation: Mutation = MUTATION) -> MarkerModel:
    alleles = tuple(str(8 + at) for at in range(len(weights)))
    values = tuple(weight / sum(weights) for weight in weights)
    table = Frequencies(name, alleles, values).prepared(rule=RareRule.AS_GIVEN)
    return MarkerModel(table, mutation)


PLAIN = [_model(name, 1, 2, 3, mutation=Mutation()) for name in ("M1", "M2")]


def _enumerated(
    pedigree: Pedigree,
    models: list[MarkerModel],
    fractions: list[float],
    genotypes: list[dict[str, Genotype]],
) -> float:
    markers = [
        {
            "frequencies": dict(zip(m.frequencies.alleles, m.laws.p.tolist(), strict=True)),
            "mutation": {
                "model": m.mutation.kind.value,
                "rate": {"female": m.mutation.female, "male": m.mutation.male},
            },
            "genotypes": seen,
        }
        for m, seen in zip(models, genotypes, strict=True)
    ]
    rows = [{"id": p.id, "father": p.father, "mother": p.mother} for p in pedigree.ordered()]
    return likelihood(rows, markers, fractions)


FAMILIES = {
    "grandparents": grandparents("c", through="mother"),
    "siblings": siblings("a", "b"),
    "half siblings": half_siblings("a", "b"),
    "own child": trio(child="c").with_child("k", father="c", mother="w"),
}


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(sorted(FAMILIES)),
    st.sampled_from((0.0, 0.1, 0.35, 0.5)),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_two_linked_loci_agree_with_enumeration_of_haplotypes(
    family: str, r: float, mutates: bool, rng: random.Random
) -> None:
    pedigree = FAMILIES[family]
    mutation = MUTATION if mutates else Mutation()
    models = [
        _model(name, *(rng.randint(1, 5) for _ in range(2)), mutation=mutation)
        for name in ("M1", "M2")
    ]
    genotypes: list[dict[str, Genotype]] = [
        {
            p.id: (rng.choice(("8", "9")), rng.choice(("8", "9")))
            for p in pedigree
            if rng.random() < 0.7
        }
        for _ in models
    ]
    found = linked_likelihood(pedigree, models, [r], genotypes)
    expected = _enumerated(pedigree, models, [r], genotypes)
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-300)


def test_three_loci_in_a_row_agree_with_enumeration() -> None:
    models = [_model(name, 1, 2) for name in ("M1", "M2", "M3")]
    genotypes: list[dict[str, Genotype]] = [
        {"a": ("8", "9"), "b": ("8", "9")},
        {"a": ("9", "9"), "father": ("8", "9")},
        {"a": ("8", "9"), "b": ("9", "9")},
    ]
    found = linked_likelihood(siblings("a", "b"), models, [0.1, 0.3], genotypes)
    expected = _enumerated(siblings("a", "b"), models, [0.1, 0.3], genotypes)
    assert found == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_half_a_recombination_is_independence(family: str) -> None:
    pedigree, rng = FAMILIES[family], random.Random(3)  # noqa: S311 # no secret
    models = [_model("M1", 1, 2, 3, 4), _model("M2", 3, 1, 1)]
    genotypes: list[dict[str, Genotype]] = [
        {p.id: (rng.choice(m.frequencies.alleles), "9") for p in pedigree if rng.random() < 0.6}
        for m in models
    ]
    product = math.prod(
        marker_likelihood(pedigree, model, seen)
        for model, seen in zip(models, genotypes, strict=True)
    )
    found = linked_likelihood(pedigree, models, [0.5], genotypes)
    assert found == pytest.approx(product, rel=1e-12)


@pytest.mark.parametrize("typed", [("father",), ("mother",), ("father", "mother")])
def test_linkage_changes_nothing_for_duos_and_typed_trios(typed: tuple[str, ...]) -> None:
    rng = random.Random(5)  # noqa: S311 # no secret
    models = [_model("M1", 1, 2, 3), _model("M2", 2, 2, 5)]
    family = Family(
        "F",
        trio(),
        "child",
        {p: {m.name: (rng.choice("89"), "10") for m in models} for p in typed},
    )
    candidate: dict[str, Genotype] = {"M1": ("8", "10"), "M2": ("9", "10")}
    found = linked_lr(family, candidate, models, [LinkedLoci(("M1", "M2"), (0.02,))])
    assert found.groups
    assert found.log10_lr_linked == pytest.approx(found.log10_lr_independent, abs=1e-12)


def _two_shared(r: float) -> Mapping[str, float]:
    """P(an allele is shared by descent at both of two loci), by relationship.

    Source: the probabilities of joint identity in Thompson 1986 (Pedigree Analysis in Human
    Genetics); R = r^2 + (1-r)^2.
    """
    both = r**2 + (1 - r) ** 2
    return {
        "grandchild": (1 - r) / 2,
        "half sibling": both / 2,
        "nephew": ((1 - r) * both + r / 2) / 2,
    }


@pytest.mark.parametrize("relationship", sorted(STRANGE))
def test_only_linkage_tells_grandparent_half_sibling_and_uncle_apart(relationship: str) -> None:
    p, r = 1 / 6, 0.1
    seen: list[dict[str, Genotype]] = [{"x": ("8", "8"), "y": ("8", "8")}] * 2
    pedigree = STRANGE[relationship]
    found = linked_likelihood(pedigree, PLAIN, [r], seen) / p**8
    both = _two_shared(r)[relationship]
    # One shared: P(shared at the first, not at the second) = 1/2 - both; none: both.
    expected = both / p**2 + 2 * (0.5 - both) / p + both
    assert found == pytest.approx(expected, rel=1e-12)
    apart = linked_likelihood(pedigree, PLAIN, [0.5], seen) / p**8
    assert apart == pytest.approx(((1 / p + 1) / 2) ** 2, rel=1e-12)


def test_the_known_pairs_have_the_fractions_of_the_reference(shared_data: Path) -> None:
    with (shared_data / "loci.csv").open(encoding="utf-8") as stream:
        loci = tuple(
            Locus(
                row["locus"],
                row["chromosome"],
                position_cm=float(row["genetic_position_cM"])
                if row["genetic_position_cM"]
                else None,
            )
            for row in csv.DictReader(stream)
        )
    catalogue = Catalogue(loci)
    for one, other, distance, haldane, kosambi in PAIRS:
        for function, expected in ((MapFunction.HALDANE, haldane), (MapFunction.KOSAMBI, kosambi)):
            (group,) = linked_loci(catalogue, [one, other], function=function)
            assert set(group.loci) == {one, other}
            assert group.recombination[0] == pytest.approx(expected, abs=0.001)
            assert recombination(distance, function) == pytest.approx(expected, abs=0.001)
    (chain,) = linked_loci(catalogue, ["D3S1744", "D3S1358", "D3S3045"])
    assert chain.loci == ("D3S1358", "D3S3045", "D3S1744")
    assert not linked_loci(catalogue, ["D6S1043", "FGA", "TH01", "no such marker"])


def test_a_locus_that_is_not_typed_is_passed_over() -> None:
    models = [_model(name, 1, 2, 3) for name in ("M1", "M2", "M3")]
    relatives: dict[str, dict[str, Genotype]] = {"s": {m.name: ("8", "9") for m in models}}
    family = Family("F", siblings("s", "c"), "c", relatives)
    group = LinkedLoci(("M1", "M2", "M3"), (recombination(10), recombination(20)))
    candidate: dict[str, Genotype] = {"M1": ("8", "9"), "M3": ("8", "10")}
    found = linked_lr(family, candidate, models, [group])
    assert found.groups[0].loci.loci == ("M1", "M3")
    assert found.groups[0].loci.recombination[0] == pytest.approx(recombination(30), rel=1e-12)
    assert found.log10_lr_linked != pytest.approx(found.log10_lr_independent, abs=1e-3)


def test_settings_without_meaning_are_refused() -> None:
    seen: list[dict[str, Genotype]] = [{"child": ("8", "9")}] * 2
    for changed, words in (
        (MarkerModel(PLAIN[0].frequencies, theta=0.01), "theta 0"),
        (MarkerModel(PLAIN[0].frequencies, x_linked=True), "haplotype"),
    ):
        with pytest.raises(BadSetting, match=words):
            linked_likelihood(trio(), [changed, PLAIN[1]], [0.1], seen)
    with pytest.raises(BadSetting, match="inbreeding"):
        linked_likelihood(trio().with_inbreeding("father", 0.1), PLAIN, [0.1], seen)
    with pytest.raises(BadSetting, match="0 <= r"):
        LinkedLoci(("M1", "M2"), (0.6,))
    with pytest.raises(BadSetting, match="one fraction"):
        LinkedLoci(("M1", "M2"), ())
    with pytest.raises(TooExpensive, match="leave out a locus"):
        linked_likelihood(siblings("child", "s"), PLAIN, [0.1], seen, budget=Budget(10, 10))
