"""The power of a family's evidence, from the exact law."""

from __future__ import annotations

import math

import pytest

from reunion.kinship.compile import Family
from reunion.kinship.distribution import lr_distribution
from reunion.kinship.errors import Contradiction
from reunion.kinship.mutation import Mutation
from reunion.kinship.pedigree import siblings, trio
from reunion.kinship.power import power
from tests.kinship.leads import LOCI, STEPWISE, compiler

DUO = Family("D", trio(), "child", {"father": dict.fromkeys(LOCI, ("8", "9"))})
TRIO = Family("T", trio(), "child", dict.fromkeys(("father", "mother"), DUO.profiles["father"]))


def test_the_figures_are_those_of_the_exact_law() -> None:
    found = power(DUO, compiler(), people=1000, wanted=2.0)
    law = lr_distribution(compiler().laws(DUO))
    assert found.median == law.quantile(0.5)
    assert found.low == law.quantile(0.05)
    assert [limit.log10_lr for limit in found.limits] == [0.0, 4.0]
    assert found.limits[0].sensitivity == law.sensitivity(0.0)
    assert found.limits[0].expected_false_leads == law.expected_false_leads(0.0, 1000)
    assert (found.markers, found.typed) == (len(LOCI), ("father",))


def test_the_threshold_gives_no_more_false_leads_than_wanted() -> None:
    found = power(DUO, compiler(), people=1000, wanted=2.0)
    assert 0 < found.threshold.expected_false_leads <= 2.0
    assert found.threshold.log10_lr >= 0


def test_a_threshold_is_never_below_an_lr_of_1() -> None:
    assert power(DUO, compiler(), people=1, wanted=1000.0).threshold.log10_lr == 0.0


def test_with_both_parents_typed_one_false_lead_is_wanted_else_five() -> None:
    assert power(TRIO, compiler(), people=10).wanted == 1.0
    assert power(DUO, compiler(), people=10).wanted == 5.0


def test_a_wrong_candidate_is_excluded_as_often_as_no_allele_is_shared() -> None:
    shared = math.prod(1 - (1 - p) ** 2 for p in (0.5, 0.2, 0.6))
    found = power(DUO, compiler(), people=10)
    assert found.excluded_without_mutation == pytest.approx(1 - shared)
    assert found.excluded == pytest.approx(0, abs=1e-12)
    assert power(DUO, compiler(Mutation()), people=10).excluded == pytest.approx(1 - shared)


def test_relatives_who_need_a_mutation_have_no_exclusion_without_one() -> None:
    parents = {"father": {"L1": ("8", "8")}, "s": {"L1": ("9", "9")}}
    family = Family("F", siblings("child", "s"), "child", parents)
    assert power(family, compiler(STEPWISE), people=10).excluded_without_mutation is None
    with pytest.raises(Contradiction, match="marker L1"):
        power(family, compiler(Mutation()), people=10)
