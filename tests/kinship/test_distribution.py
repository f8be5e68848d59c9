"""The exact law of log10 LR: against enumeration of all profiles, and against itself."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pytest

from reunion.kinship.book import CodeBook
from reunion.kinship.compile import Compiler, Family, MarkerLaw
from reunion.kinship.distribution import expected_false_leads, lr_distribution
from reunion.kinship.errors import BadSetting, Contradiction
from reunion.kinship.frequencies import Frequencies, RareRule
from reunion.kinship.likelihood import MarkerModel
from reunion.kinship.markers import Genotype
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.pedigree import siblings, trio

LOCI = ("L1", "L2", "L3")
ALLELES = ("8", "9", "10")
STEPWISE = Mutation(MutationKind.STEPWISE, female=0.001, male=0.003, rate2=1e-6, range=0.1)


def _compiler(mutation: Mutation = STEPWISE, theta: float = 0.0) -> Compiler:
    models = [
        MarkerModel(
            Frequencies(locus, ALLELES, p).prepared(rule=RareRule.AS_GIVEN), mutation, theta
        )
        for locus, p in zip(LOCI, [(0.2, 0.3, 0.5), (0.1, 0.1, 0.8), (0.3, 0.3, 0.4)], strict=True)
    ]
    return Compiler(CodeBook(LOCI, (ALLELES,) * 3), models)


DUO = Family("F", trio(), "child", {"father": dict.fromkeys(LOCI, ("8", "9"))})
SIBLING: dict[str, Genotype] = {"L1": ("8", "9"), "L2": ("10", "10"), "L3": ("8", "8")}
SIBLINGS = Family("S", siblings("child", "s"), "child", {"s": SIBLING})


def _profiles(laws: Sequence[MarkerLaw]) -> list[tuple[float, float, float]]:
    """Every profile: its log10 LR, and its probability under both hypotheses."""
    cells = [list(zip(law.log10_lr, law.related, law.unrelated, strict=True)) for law in laws]
    return [
        (
            sum(cell[0] for cell in profile),
            math.prod(cell[1] for cell in profile),
            math.prod(cell[2] for cell in profile),
        )
        for profile in itertools.product(*cells)
    ]


@pytest.mark.parametrize("family", [DUO, SIBLINGS], ids=["duo", "siblings"])
@pytest.mark.parametrize(
    "compiler",
    [_compiler(), _compiler(Mutation()), _compiler(theta=0.02)],
    ids=["mutation", "none", "theta"],
)
def test_tails_agree_with_enumeration_of_all_profiles(family: Family, compiler: Compiler) -> None:
    laws = compiler.laws(family)
    law = lr_distribution(laws, step=0.0005)
    profiles = _profiles(laws)
    for log10_lr in (-3.0, -1.0, 0.0, 0.31, 0.9):
        # Totals this near to the limit may fall on either side of it on the grid.
        if any(abs(total - log10_lr) < 0.003 for total, _, _ in profiles):
            continue
        related = math.fsum(p for total, p, _ in profiles if total >= log10_lr)
        unrelated = math.fsum(q for total, _, q in profiles if total >= log10_lr)
        assert law.sensitivity(log10_lr) == pytest.approx(related, rel=1e-9, abs=1e-15)
        assert law.false_rate(log10_lr) == pytest.approx(unrelated, rel=1e-2, abs=1e-15)
    assert law.not_excluded() == pytest.approx(
        math.fsum(q for total, _, q in profiles if total > -math.inf), rel=1e-12
    )
    assert law.excluded_unrelated == pytest.approx(1 - law.not_excluded(), abs=1e-12)


def test_both_laws_of_a_marker_sum_to_one() -> None:
    for law in _compiler(theta=0.01).laws(SIBLINGS):
        assert law.related.sum() == pytest.approx(1, abs=1e-14)
        assert law.unrelated.sum() == pytest.approx(1, abs=1e-14)


def test_small_rates_keep_their_relative_accuracy() -> None:
    laws = _compiler(Mutation()).laws(DUO) * 14
    law = lr_distribution(laws, step=0.002)
    one = lr_distribution(laws[:3]).not_excluded()
    assert law.not_excluded() == pytest.approx(one**14, rel=1e-9)
    top = sum(float(marker.log10_lr.max()) for marker in laws)
    assert 0 < law.false_rate(top - 1) < 1e-8
    assert law.false_rate(top + 1) == 0


def test_the_threshold_gives_the_wanted_number_of_false_leads() -> None:
    law = lr_distribution(_compiler().laws(SIBLINGS))
    limit = law.threshold(5, 1000)
    assert law.expected_false_leads(limit, 1000) <= 5
    assert law.expected_false_leads(limit - 2 * law.step, 1000) >= 5 * 0.999
    assert law.threshold(1001, 1000) == -math.inf


def test_what_is_certainly_excluded_is_counted_apart() -> None:
    law = lr_distribution(_compiler(Mutation()).laws(DUO))
    assert law.excluded_related == pytest.approx(0, abs=1e-14)
    assert 0.1 < law.excluded_unrelated < 1
    assert law.quantile(0.5) > 0


def test_leaving_out_what_lies_below_a_floor_changes_no_tail_above_it() -> None:
    laws = _compiler().laws(SIBLINGS) * 4
    full, short = lr_distribution(laws), lr_distribution(laws, floor=1.0)
    assert len(short.related) < len(full.related)
    for log10_lr in (1.0, 1.7, 3.0):
        assert short.false_rate(log10_lr) == pytest.approx(full.false_rate(log10_lr), rel=1e-12)


def test_a_floor_above_all_totals_leaves_nothing() -> None:
    assert lr_distribution(_compiler().laws(DUO), floor=100.0).false_rate(100.0) == 0


def test_expected_false_leads_fall_as_the_score_rises() -> None:
    low, high = expected_false_leads([0.0, 1.0], _compiler().laws(SIBLINGS), 1_000)
    assert low > high > 0
    assert expected_false_leads([], [], 10) == []


def test_contradicting_relatives_and_meaningless_limits_are_refused() -> None:
    parents = {"father": {"L1": ("8", "8")}, "s": {"L1": ("9", "9")}}
    family = Family("F", siblings("child", "s"), "child", parents)
    with pytest.raises(Contradiction, match="marker L1"):
        _compiler(Mutation()).laws(family)
    with pytest.raises(BadSetting, match="not a number"):
        lr_distribution(_compiler().laws(DUO)).sensitivity(math.nan)
    nothing = MarkerLaw("X", np.array([-np.inf]), np.zeros(1), np.ones(1))
    with pytest.raises(BadSetting, match="marker X"):
        lr_distribution([nothing])
